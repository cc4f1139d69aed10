"""Writes messages as the inside of a SOAP body.

Text is put together by hand rather than by an XML library because a session is mostly this. Every
value passes through ``escaped``. Elements are never self-closed and booleans are ``1`` and ``0``:
both are legal, and some devices understand nothing else.
"""

import re
from collections.abc import Callable, Iterable

from executors.acs import messages as m
from executors.acs.errors import SoapError

# XML 1.0 section 2.2: what no document can hold, not even as a character reference.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(r'[&<>"\r\n\t]')
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    # A parser turns a bare carriage return into a line feed, and both into blanks in attributes.
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}


def escaped(text: str) -> str:
    """Text as XML holds it; raises SoapError for a character that XML cannot hold at all."""
    if ILLEGAL.search(text):
        raise SoapError("a control character cannot travel in XML", remedy="Take it out.")
    if _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda found: _REFERENCES[found.group()], text)


def body_of(message: m.Message) -> str:
    """The element of one message, in the prefixes that ``executors.acs.soap`` declares."""
    if isinstance(message, m.Fault):
        return _fault(message)
    if isinstance(message, m.Unknown):
        raise SoapError("a message that is not understood cannot be written")
    name = type(message).__name__
    return f"<cwmp:{name}>{_WRITERS[type(message)](message)}</cwmp:{name}>"


def _element(name: str, text: str | int) -> str:
    return f"<{name}>{escaped(text) if isinstance(text, str) else text}</{name}>"


def _array(name: str, item_type: str, items: Iterable[str]) -> str:
    parts = tuple(items)
    return f'<{name} soap-enc:arrayType="{item_type}[{len(parts)}]">{"".join(parts)}</{name}>'


def _values(name: str, values: Iterable[m.ParameterValue]) -> str:
    return _array(name, "cwmp:ParameterValueStruct", map(_value, values))


def _value(value: m.ParameterValue) -> str:
    return (
        f"<ParameterValueStruct><Name>{escaped(value.name)}</Name>"
        f'<Value xsi:type="xsd:{escaped(value.type)}">{escaped(value.value)}</Value>'
        "</ParameterValueStruct>"
    )


def _inform(message: m.Inform) -> str:
    device = message.device
    events = (
        f"<EventStruct>{_element('EventCode', event.code)}"
        f"{_element('CommandKey', event.command_key)}</EventStruct>"
        for event in message.events
    )
    return (
        f"<DeviceId>{_element('Manufacturer', device.manufacturer)}{_element('OUI', device.oui)}"
        f"{_element('ProductClass', device.product_class)}"
        f"{_element('SerialNumber', device.serial)}</DeviceId>"
        f"{_array('Event', 'cwmp:EventStruct', events)}"
        f"{_element('MaxEnvelopes', message.max_envelopes)}"
        f"{_element('CurrentTime', message.current_time)}"
        f"{_element('RetryCount', message.retry_count)}"
        f"{_values('ParameterList', message.parameters)}"
    )


def _strings(name: str, texts: Iterable[str]) -> str:
    return _array(name, "xsd:string", (_element("string", text) for text in texts))


def _names(message: m.GetParameterNamesResponse) -> str:
    infos = (
        f"<ParameterInfoStruct>{_element('Name', info.name)}"
        f"{_element('Writable', int(info.writable))}</ParameterInfoStruct>"
        for info in message.parameters
    )
    return _array("ParameterList", "cwmp:ParameterInfoStruct", infos)


def _transfer(message: m.TransferComplete) -> str:
    return (
        f"{_element('CommandKey', message.command_key)}"
        f"<FaultStruct>{_element('FaultCode', message.fault_code)}"
        f"{_element('FaultString', message.fault_string)}</FaultStruct>"
        f"{_element('StartTime', message.start_time)}"
        f"{_element('CompleteTime', message.complete_time)}"
    )


def _fault(fault: m.Fault) -> str:
    # TR-069 3.5: Client when the sender of the request is to blame, which codes below 9000 of an
    # ACS and 9003, 9005-9009 of a device say of it.
    side = "Client" if fault.code in (8000, 8003, 9000, 9003, *range(9005, 9010)) else "Server"
    parameters = "".join(
        f"<SetParameterValuesFault>{_element('ParameterName', each.name)}"
        f"{_element('FaultCode', each.code)}{_element('FaultString', each.text)}"
        "</SetParameterValuesFault>"
        for each in fault.parameters
    )
    return (
        f"<soap-env:Fault><faultcode>{side}</faultcode><faultstring>CWMP fault</faultstring>"
        f"<detail><cwmp:Fault>{_element('FaultCode', fault.code)}"
        f"{_element('FaultString', fault.text)}{parameters}</cwmp:Fault></detail></soap-env:Fault>"
    )


def _object(message: m.AddObject | m.DeleteObject) -> str:
    key = _element("ParameterKey", message.parameter_key)
    return f"{_element('ObjectName', message.path)}{key}"


def _status(
    message: m.SetParameterValuesResponse | m.DeleteObjectResponse,
) -> str:
    return _element("Status", message.status)


def _nothing(_: m.Message) -> str:
    return ""


# Looked up by the exact type of the message, so each writer meets only its own.
_WRITERS: dict[type, Callable[..., str]] = {
    m.Inform: _inform,
    m.InformResponse: lambda it: _element("MaxEnvelopes", it.max_envelopes),
    m.GetRPCMethods: _nothing,
    m.GetRPCMethodsResponse: lambda it: _strings("MethodList", it.methods),
    m.GetParameterNames: lambda it: (
        _element("ParameterPath", it.path) + _element("NextLevel", int(it.next_level))
    ),
    m.GetParameterNamesResponse: _names,
    m.GetParameterValues: lambda it: _strings("ParameterNames", it.names),
    m.GetParameterValuesResponse: lambda it: _values("ParameterList", it.values),
    m.SetParameterValues: lambda it: (
        _values("ParameterList", it.values) + _element("ParameterKey", it.parameter_key)
    ),
    m.SetParameterValuesResponse: _status,
    m.AddObject: _object,
    m.AddObjectResponse: lambda it: (
        _element("InstanceNumber", it.instance) + _element("Status", it.status)
    ),
    m.DeleteObject: _object,
    m.DeleteObjectResponse: _status,
    m.Reboot: lambda it: _element("CommandKey", it.command_key),
    m.RebootResponse: _nothing,
    m.FactoryReset: _nothing,
    m.FactoryResetResponse: _nothing,
    m.TransferComplete: _transfer,
    m.TransferCompleteResponse: _nothing,
}
