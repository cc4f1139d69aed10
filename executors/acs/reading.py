"""Reads messages out of the inside of a SOAP body.

Names are matched without their namespace or prefix. Array counts are ignored, missing fields take
their defaults and unreadable numbers are 0: devices differ, and what matters is checked by those
who use it. Only the levels an RPC has are walked, so nesting deeper than that costs nothing.
"""

from collections.abc import Callable, Iterator

from lxml import etree

from executors.acs import messages as m
from executors.acs.errors import SoapError

Element = etree._Element

_LONGEST_IDENTITY = 64  # TR-069 A.3.3.1 DeviceIdStruct


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def message_of(element: Element) -> m.Message:
    """The message that this child of a SOAP body is; ``Unknown`` for an RPC we do not speak."""
    name = local(element)
    reader = _READERS.get(name)
    return reader(element) if reader else m.Unknown(name)


def child(element: Element, *names: str) -> Element | None:
    """The first descendant along these local names."""
    here: Element | None = element
    for name in names:
        if here is None:
            return None
        here = next((each for each in here if local(each) == name), None)
    return here


def text(element: Element, *names: str) -> str:
    """The text down there, as it came; empty when there is none."""
    found = child(element, *names)
    return "" if found is None else found.text or ""


def word(element: Element, *names: str) -> str:
    """The text down there without blanks around it: for names, codes and keys."""
    return text(element, *names).strip()


def number(element: Element, *names: str) -> int:
    """The whole number down there, or 0."""
    digits = word(element, *names)
    # int() would take underscores and other scripts' digits, and is slow on endless ones.
    if len(digits) <= 18 and digits.isascii() and digits.lstrip("+-").isdigit():
        try:
            return int(digits)
        except ValueError:
            return 0
    return 0


def flag(element: Element, *names: str) -> bool:
    """The boolean down there; false unless it plainly says true."""
    return word(element, *names).lower() in ("1", "true")


def _items(element: Element, *names: str) -> Iterator[Element]:
    found = child(element, *names)
    return iter(()) if found is None else iter(found)


def _value(struct: Element) -> m.ParameterValue:
    name = value = ""
    kind = "string"
    for each in struct:
        field = local(each)
        if field == "Name":
            name = (each.text or "").strip()
        elif field == "Value":
            value = each.text or ""
            kind = _type(each)
    return m.ParameterValue(name, value, kind)


def _type(value: Element) -> str:
    for key, said in value.items():
        if str(key).rpartition("}")[2] == "type":
            return str(said).rpartition(":")[2].strip() or "string"
    return "string"


def _values(element: Element, name: str) -> tuple[m.ParameterValue, ...]:
    read = (_value(struct) for struct in _items(element, name))
    return tuple(value for value in read if value.name)


def _strings(element: Element, name: str) -> tuple[str, ...]:
    return tuple((each.text or "").strip() for each in _items(element, name))


def _inform(element: Element) -> m.Inform:
    identity = m.Identity(
        manufacturer=word(element, "DeviceId", "Manufacturer"),
        oui=word(element, "DeviceId", "OUI"),
        product_class=word(element, "DeviceId", "ProductClass"),
        serial=word(element, "DeviceId", "SerialNumber"),
    )
    parts = (identity.oui, identity.product_class, identity.serial)
    if not (identity.oui and identity.serial) or max(map(len, parts)) > _LONGEST_IDENTITY:
        raise SoapError("the Inform names no device", field="DeviceId")
    return m.Inform(
        device=identity,
        events=tuple(
            m.InformEvent(word(each, "EventCode"), word(each, "CommandKey"))
            for each in _items(element, "Event")
        ),
        parameters=_values(element, "ParameterList"),
        max_envelopes=number(element, "MaxEnvelopes"),
        current_time=word(element, "CurrentTime"),
        retry_count=number(element, "RetryCount"),
    )


def _names(element: Element) -> m.GetParameterNamesResponse:
    read = (
        m.ParameterInfo(word(struct, "Name"), flag(struct, "Writable"))
        for struct in _items(element, "ParameterList")
    )
    return m.GetParameterNamesResponse(tuple(info for info in read if info.name))


def _set(element: Element) -> m.SetParameterValues:
    return m.SetParameterValues(_values(element, "ParameterList"), word(element, "ParameterKey"))


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
    "InformResponse": lambda it: m.InformResponse(number(it, "MaxEnvelopes")),
    "GetRPCMethods": lambda it: m.GetRPCMethods(),
    "GetRPCMethodsResponse": lambda it: m.GetRPCMethodsResponse(_strings(it, "MethodList")),
    "GetParameterNames": lambda it: m.GetParameterNames(
        word(it, "ParameterPath"), flag(it, "NextLevel")
    ),
    "GetParameterNamesResponse": _names,
    "GetParameterValues": lambda it: m.GetParameterValues(_strings(it, "ParameterNames")),
    "GetParameterValuesResponse": lambda it: m.GetParameterValuesResponse(
        _values(it, "ParameterList")
    ),
    "SetParameterValues": _set,
    "SetParameterValuesResponse": lambda it: m.SetParameterValuesResponse(number(it, "Status")),
    "AddObject": lambda it: m.AddObject(word(it, "ObjectName"), word(it, "ParameterKey")),
    "AddObjectResponse": lambda it: m.AddObjectResponse(
        number(it, "InstanceNumber"), number(it, "Status")
    ),
    "DeleteObject": lambda it: m.DeleteObject(word(it, "ObjectName"), word(it, "ParameterKey")),
    "DeleteObjectResponse": lambda it: m.DeleteObjectResponse(number(it, "Status")),
    "Reboot": lambda it: m.Reboot(word(it, "CommandKey")),
    "RebootResponse": lambda it: m.RebootResponse(),
    "FactoryReset": lambda it: m.FactoryReset(),
    "FactoryResetResponse": lambda it: m.FactoryResetResponse(),
    "TransferComplete": _transfer,
    "TransferCompleteResponse": lambda it: m.TransferCompleteResponse(),
    "Fault": _fault,
}
