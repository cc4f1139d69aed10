"""Writes messages as the inside of a SOAP body: by their layout, and a few by hand."""

from collections.abc import Callable, Iterable

from executors.acs import messages as m
from executors.acs.elements import array, escaped, tag
from executors.acs.errors import SoapError
from executors.acs.layout import written
from executors.acs.notices import GetParameterAttributes, SetParameterAttributes


def body_of(message: m.Message) -> str:
    """The element of one message, in the prefixes that ``executors.acs.soap`` declares."""
    if isinstance(message, m.Fault):
        return _fault(message)
    if isinstance(message, m.Unknown):
        raise SoapError("a message that is not understood cannot be written")
    if type(message) in _NEVER_EMPTY and not getattr(message, _NEVER_EMPTY[type(message)]):
        raise SoapError("some devices lose their way over an empty list", field="ParameterList")
    name = type(message).__name__
    return f"<cwmp:{name}>{_WRITERS.get(type(message), written)(message)}</cwmp:{name}>"


def _values(name: str, values: Iterable[m.ParameterValue]) -> str:
    return array(name, "cwmp:ParameterValueStruct", map(_value, values))


def _value(value: m.ParameterValue) -> str:
    return (
        f"<ParameterValueStruct><Name>{escaped(value.name)}</Name>"
        f'<Value xsi:type="xsd:{escaped(value.type)}">{escaped(value.value)}</Value>'
        "</ParameterValueStruct>"
    )


def _inform(message: m.Inform) -> str:
    device = message.device
    events = (
        f"<EventStruct>{tag('EventCode', event.code)}"
        f"{tag('CommandKey', event.command_key)}</EventStruct>"
        for event in message.events
    )
    return (
        f"<DeviceId>{tag('Manufacturer', device.manufacturer)}{tag('OUI', device.oui)}"
        f"{tag('ProductClass', device.product_class)}"
        f"{tag('SerialNumber', device.serial)}</DeviceId>"
        f"{array('Event', 'cwmp:EventStruct', events)}"
        f"{tag('MaxEnvelopes', message.max_envelopes)}"
        f"{tag('CurrentTime', message.current_time)}"
        f"{tag('RetryCount', message.retry_count)}"
        f"{_values('ParameterList', message.parameters)}"
    )


def _names(message: m.GetParameterNamesResponse) -> str:
    infos = (
        f"<ParameterInfoStruct>{tag('Name', info.name)}"
        f"{tag('Writable', int(info.writable))}</ParameterInfoStruct>"
        for info in message.parameters
    )
    return array("ParameterList", "cwmp:ParameterInfoStruct", infos)


def _transfer(message: m.TransferComplete) -> str:
    return (
        f"{tag('CommandKey', message.command_key)}"
        f"<FaultStruct>{tag('FaultCode', message.fault_code)}"
        f"{tag('FaultString', message.fault_string)}</FaultStruct>"
        f"{tag('StartTime', message.start_time)}"
        f"{tag('CompleteTime', message.complete_time)}"
    )


def _fault(fault: m.Fault) -> str:
    # TR-069 3.5: Client when the sender of the request is to blame, which codes below 9000 of an
    # ACS and 9003, 9005-9009 of a device say of it.
    side = "Client" if fault.code in (8000, 8003, 9000, 9003, *range(9005, 9010)) else "Server"
    parameters = "".join(
        f"<SetParameterValuesFault>{tag('ParameterName', each.name)}"
        f"{tag('FaultCode', each.code)}{tag('FaultString', each.text)}"
        "</SetParameterValuesFault>"
        for each in fault.parameters
    )
    return (
        f"<soap-env:Fault><faultcode>{side}</faultcode><faultstring>CWMP fault</faultstring>"
        f"<detail><cwmp:Fault>{tag('FaultCode', fault.code)}"
        f"{tag('FaultString', fault.text)}{parameters}</cwmp:Fault></detail></soap-env:Fault>"
    )


# Looked up by the exact type of the message, so each writer meets only its own.
_WRITERS: dict[type, Callable[..., str]] = {
    m.Inform: _inform,
    m.GetParameterNamesResponse: _names,
    m.GetParameterValuesResponse: lambda it: _values("ParameterList", it.values),
    m.SetParameterValues: lambda it: (
        _values("ParameterList", it.values) + tag("ParameterKey", it.parameter_key)
    ),
    m.TransferComplete: _transfer,
}
_NEVER_EMPTY: dict[type, str] = {
    m.GetParameterValues: "names",
    m.SetParameterValues: "values",
    GetParameterAttributes: "names",
    SetParameterAttributes: "parameters",
}
