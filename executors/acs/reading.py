"""Reads messages out of the inside of a SOAP body.

Names are matched without their namespace or prefix. Array counts are ignored, missing fields take
their defaults and unreadable numbers are 0: devices differ, and what matters is checked by those
who use it. Only the levels an RPC has are walked, so nesting deeper than that costs nothing.
"""

from collections.abc import Callable, Mapping

from executors.acs import messages as m
from executors.acs.elements import (
    Element,
    child,
    children,
    flag,
    items,
    local,
    number,
    text,
    type_of,
    whole_number,
    without_namespace,
    word,
    words,
)
from executors.acs.errors import SoapError
from executors.acs.layout import read

_LONGEST_IDENTITY = 64  # TR-069 A.3.3.1 DeviceIdStruct
_IDENTITY = ("Manufacturer", "OUI", "ProductClass", "SerialNumber")


def message_of(element: Element) -> m.Message:
    """The message that this child of a SOAP body is; ``Unknown`` for an RPC we do not speak."""
    name = local(element)
    if name in _READERS:
        return _READERS[name](element)
    return read(m.RPCS[name], element) if name in m.RPCS else m.Unknown(name)


def _values(array: Element | None) -> tuple[m.ParameterValue, ...]:
    read = []
    for struct in () if array is None else array:
        name = value = ""
        kind = "string"
        for each in struct:
            field = without_namespace(each.tag)
            if field == "Name":
                name = (each.text or "").strip()
            elif field == "Value":
                value = each.text or ""
                kind = type_of(each)
        if name:
            read.append(m.ParameterValue(name, value, kind))
    return tuple(read)


def inform_of(
    who: Mapping[str, str],
    beside: Mapping[str, str],
    events: tuple[m.InformEvent, ...],
    parameters: tuple[m.ParameterValue, ...],
) -> m.Inform:
    """Of the text of its elements by their names: those of its DeviceId, and those beside it.

    SoapError where they name no device.
    """
    manufacturer, *parts = (who.get(name, "").strip() for name in _IDENTITY)
    oui, product_class, serial = parts
    if not (oui and serial) or max(map(len, parts)) > _LONGEST_IDENTITY:
        raise SoapError("the Inform names no device", field="DeviceId")
    return m.Inform(
        device=m.Identity(manufacturer, oui, product_class, serial),
        events=events,
        parameters=parameters,
        max_envelopes=whole_number(beside.get("MaxEnvelopes", "").strip()),
        current_time=beside.get("CurrentTime", "").strip(),
        retry_count=whole_number(beside.get("RetryCount", "").strip()),
    )


def _inform(element: Element) -> m.Inform:
    inside = children(element)
    return inform_of(
        words(inside.get("DeviceId")),
        words(element),
        _events(inside.get("Event")),
        _values(inside.get("ParameterList")),
    )


def _events(array: Element | None) -> tuple[m.InformEvent, ...]:
    read = (words(each) for each in (() if array is None else array))
    return tuple(
        m.InformEvent(said.get("EventCode", ""), said.get("CommandKey", "")) for said in read
    )


def _names(element: Element) -> m.GetParameterNamesResponse:
    read = (
        m.ParameterInfo(word(struct, "Name"), flag(struct, "Writable"))
        for struct in items(element, "ParameterList")
    )
    return m.GetParameterNamesResponse(tuple(info for info in read if info.name))


def _set(element: Element) -> m.SetParameterValues:
    return m.SetParameterValues(
        _values(child(element, "ParameterList")), word(element, "ParameterKey")
    )


def _transfer(element: Element) -> m.TransferComplete:
    return m.TransferComplete(
        command_key=word(element, "CommandKey"),
        fault_code=number(element, "FaultStruct", "FaultCode"),
        fault_string=text(element, "FaultStruct", "FaultString"),
        start_time=word(element, "StartTime"),
        complete_time=word(element, "CompleteTime"),
    )


def _fault(element: Element) -> m.Fault:
    detail = child(element, "detail", "Fault")
    if detail is None:
        return m.Fault(0, text(element, "faultstring"))
    faults = (each for each in detail if local(each) == "SetParameterValuesFault")
    return m.Fault(
        number(detail, "FaultCode"),
        text(detail, "FaultString"),
        tuple(
            m.ParameterFault(
                word(each, "ParameterName"), number(each, "FaultCode"), text(each, "FaultString")
            )
            for each in faults
        ),
    )


_READERS: dict[str, Callable[[Element], m.Message]] = {
    "Inform": _inform,
    "GetParameterNamesResponse": _names,
    "GetParameterValuesResponse": lambda it: m.GetParameterValuesResponse(
        _values(child(it, "ParameterList"))
    ),
    "SetParameterValues": _set,
    "TransferComplete": _transfer,
    "Fault": _fault,
}
