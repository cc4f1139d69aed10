"""What an Inform is about, seen in its bytes: enough to send a device away, and for nothing else.

To parse what comes from somebody who has not authenticated would be work for whoever asks for it,
and in a storm it would be most of the work.
"""

import re
from html import unescape

from brain.domain.device import device_id
from brain.domain.identity import DeviceId
from executors.acs.admission import Urgency

GLIMPSED = 8192
"""Bytes of a body that are looked at: DeviceId and Event stand first in an Inform."""
# As nearly all devices write it: what begins with plain letters is found many times faster.
_PLAIN = re.compile(
    rb"<OUI>([^<]{0,200})</OUI>\s{0,20}<ProductClass>([^<]{0,200})</ProductClass>"
    rb"\s{0,20}<SerialNumber>([^<]{0,200})<"
)
_EVENTS = re.compile(rb"<(?:[\w-]{1,20}:)?EventCode\b[^>]{0,200}>\s{0,20}([\w]{1,2})")
_IDENTITY = {
    name: re.compile(rb"<(?:[\w-]{1,20}:)?" + name + rb"\b[^>]{0,200}>([^<]{0,200})<")
    for name in (b"OUI", b"ProductClass", b"SerialNumber")
}


def glimpse(body: bytes) -> tuple[DeviceId, Urgency] | None:
    """Whom an Inform claims to come from and how urgent it looks; None when that cannot be seen."""
    head = body[:GLIMPSED]
    if b"Inform" not in head:
        return None
    plain = _PLAIN.search(head)
    if plain is not None:
        oui, product, serial = (_unescaped(each) for each in plain.groups())
    else:
        oui, product, serial = (_text(each, head) for each in _IDENTITY.values())
    if not oui or not serial:
        return None
    # The parameters that follow have no events in them, and are most of it.
    codes = _EVENTS.findall(head.partition(b"<ParameterList")[0]) or _EVENTS.findall(head)
    return device_id(oui, product, serial), urgency_of(set(codes))


def urgency_of(codes: "set[bytes]") -> Urgency:
    """By the numbers that the event codes begin with (TR-069 table 7)."""
    if b"0" in codes:
        return Urgency.AWAITED
    return Urgency.PERIODIC if codes == {b"2"} else Urgency.EVENT


def _text(pattern: re.Pattern[bytes], head: bytes) -> str:
    found = pattern.search(head)
    return _unescaped(found.group(1)) if found else ""


def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace")).strip()
