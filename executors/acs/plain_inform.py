"""An Inform read without a parser, where it is written as nearly all devices write it.

A parser makes an element of every pair of tags, each to be asked for its name and its text; this is
a few expressions. Every character has to be what XML lets stand there and every element where the
schema has it (TR-069 A.3.3.1): of whatever else there is a parser knows better what it means.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from executors.acs import messages as m
from executors.acs.envelope import NAMESPACE, Envelope, header_of
from executors.acs.reading import inform_of

_MOST, _MOST_DECLARED = 64 * 1024, 1024
_Row = tuple[str, str, str, str]

# A plus behind a repetition: it is not tried again with less, so that this takes as long as the
# text is long, whatever stands there.
_S = r"[ \t\r\n]*+"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,39}+"
# A carriage return or a reference would be read as something else, and "]]>" may not stand there.
_TEXT = r"[^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*+"
_QUOTED = r'"[A-Za-z0-9:/._\[\]\ -]*+"'
_URI = r"(?:https?://[A-Za-z0-9.-]++(?:/[A-Za-z0-9/._-]*+)?|urn:[A-Za-z0-9:._-]++)"


def _element(name: str, text: str = _TEXT) -> str:
    return rf"<{name} (?: /> | >{text}</{name}> ) {_S}"


def _told(name: str) -> str:
    return _element(name, f"(?P<{name}>{_TEXT})")


def _array(name: str, row: str) -> str:
    sized = rf"(?:\ (?P<of_{name}>{_NAME}):arrayType={_QUOTED})?"
    return rf"<{name} {sized}> {_S} (?P<{name}>(?:{row})*+) </{name}> {_S}"


_DECLARATION = rf'[\ \t\r\n]++xmlns:{_NAME}="{_URI}"'
_HEADER = rf"""
    <{_NAME}:{_NAME} (?:\ {_NAME}:mustUnderstand="[01]")?> {_TEXT} </{_NAME}:{_NAME}> {_S}
"""
_EVENT = rf"""
    <EventStruct> {_S} {_element("EventCode")} {_element("CommandKey")} </EventStruct> {_S}
"""
_VALUE = rf"""
    <ParameterValueStruct> {_S} <Name>{_TEXT}</Name> {_S}
    <Value (?:\ {_NAME}:type="[A-Za-z0-9_:.-]*+")? (?: /> | >{_TEXT}</Value> ) {_S}
    </ParameterValueStruct> {_S}
"""
_INFORM = re.compile(
    rf"""
    (?: <\?xml\ version="1\.0"(?:\ encoding="(?:UTF|utf)-8")?\ ?\?> )? {_S}
    <(?P<soap>{_NAME}):Envelope
    (?P<declared>(?:{_DECLARATION})*+) (?:\ (?P=soap):encodingStyle={_QUOTED})? {_S}> {_S}
    (?: <(?P=soap):Header> {_S} (?P<header>(?:{_HEADER})*+) </(?P=soap):Header> {_S} )?
    <(?P=soap):Body> {_S}
    <(?P<cwmp>{_NAME}):Inform> {_S}
    <DeviceId> {_S}
    {_told("Manufacturer")} {_told("OUI")} {_told("ProductClass")} {_told("SerialNumber")}
    </DeviceId> {_S}
    {_array("Event", _EVENT)}
    {_told("MaxEnvelopes")} {_told("CurrentTime")} {_told("RetryCount")}
    {_array("ParameterList", _VALUE)}
    </(?P=cwmp):Inform> {_S}
    </(?P=soap):Body> {_S}
    </(?P=soap):Envelope> {_S}
    """,
    re.VERBOSE,
)
# The parts of what was found to be written so.
_DECLARED = re.compile(r'xmlns:([^=]*)="([^"]*)"')
_SAID = re.compile(r"<([^ >]*)(?: ([^:]*):[^>]*)?>([^<]*)</([^>]*)>")
_HAPPENED = re.compile(r"<EventCode(?:/|>([^<]*)</EventCode)>[^<]*<CommandKey(?:/|>([^<]*)<)")
_VALUED = re.compile(
    r'<Name>([^<]*)</Name>[^<]*<Value(?: ([^:]*):type="(?:[^":]*:)*([^":]*)")?(?:/|>([^<]*)<)'
)
_RESERVED = re.compile(r"xml|xmlns|http://www\.w3\.org/(XML/1998/namespace|2000/xmlns/)")


def plain_inform(body: bytes) -> Envelope | None:
    """The Inform that this is, in UTF-8; None for all that a parser has to look at.

    SoapError for one that names no device, as from ``soap.parse``.
    """
    said = _said(body)
    if said is None:
        return None
    header, values = _SAID.findall(said["header"]), _VALUED.findall(said["ParameterList"])
    namespaces = _namespaces(said["declared"])
    namespace = namespaces.get(said["cwmp"], "")
    sound = all(begun == ended for begun, _, _, ended in header)
    if not (
        sound
        and NAMESPACE.fullmatch(namespace)
        and _used(said, header, values) <= namespaces.keys()
    ):
        return None
    said_id, beside = header_of({begun.partition(":")[2]: text for begun, _, text, _ in header})
    inform = inform_of(said, said, _events(said["Event"]), _parameters(values))
    return Envelope(inform, id=said_id, namespace=namespace, header=beside)


def _said(body: bytes) -> dict[str, str] | None:
    try:
        found = _INFORM.fullmatch(body.decode()) if len(body) <= _MOST else None
    except UnicodeDecodeError:
        return None
    if found is None or len(found["declared"]) > _MOST_DECLARED:
        return None
    return found.groupdict("")


def _used(said: Mapping[str, str], header: Sequence[_Row], values: Sequence[_Row]) -> set[str]:
    """The prefixes that stand somewhere, beside that of CWMP."""
    used = {said["soap"], said["of_Event"], said["of_ParameterList"]}
    used.update([prefix for _, prefix, _, _ in values])
    for name, prefix, _, _ in header:
        used.update((name.partition(":")[0], prefix))
    used.discard("")  # where there is none
    return used


@lru_cache(maxsize=256)  # as many as there are kinds of devices, and short
def _namespaces(declared: str) -> Mapping[str, str]:
    """By their prefixes; empty where a parser would have something against them."""
    pairs = _DECLARED.findall(declared)
    found = dict(pairs)
    if len(found) < len(pairs) or any(map(_RESERVED.fullmatch, (*found, *found.values()))):
        return {}
    return found


def _events(rows: str) -> tuple[m.InformEvent, ...]:
    said = _HAPPENED.findall(rows)
    return tuple([m.InformEvent(code.strip(), key.strip()) for code, key in said])


def _parameters(values: Sequence[_Row]) -> tuple[m.ParameterValue, ...]:
    # The type as ``elements.type_of`` has it: there are no blanks in what was found.
    named = [(name.strip(), value, kind) for name, _, kind, value in values]
    return tuple(
        [m.ParameterValue(name, value, kind or "string") for name, value, kind in named if name]
    )
