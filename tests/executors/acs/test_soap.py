"""Envelopes: what real and hostile devices send, and that nothing is lost on the way."""

from contextlib import suppress
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executors.acs import messages as m
from executors.acs import modules, notices, transfers
from executors.acs.envelope import CWMP_1_0, Envelope, Header
from executors.acs.errors import SoapError
from executors.acs.soap import build, parse

# XML 1.0 section 2.2, without surrogates and non-characters.
TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_characters="".join(chr(n) for n in range(32) if n not in (9, 10, 13))
        + "\ufffe\uffff",
    ),
    max_size=30,
)
NAME = st.text(st.sampled_from("ABCabc019._{}-"), min_size=1, max_size=30)
INT = st.integers(0, 2**31)
PLAIN = {str: st.just("") | NAME, int: INT, bool: st.booleans()}
AS_IT_CAME = {"value", "text", "fault_string", "password", "username", "user_message"}


def values(kind: Any, name: str) -> st.SearchStrategy[Any]:
    """Whatever a field of this type and name can hold."""
    if kind is str and (name in AS_IT_CAME):
        return TEXT
    if name in {"name", "oui", "serial"}:
        return NAME
    if name == "type":
        return st.sampled_from(["string", "boolean", "unsignedInt"])
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        few = {"names", "values", "parameters"}
        return st.lists(values(item, ""), min_size=name in few, max_size=3).map(tuple)
    if isinstance(kind, UnionType):
        return st.one_of([of(each) for each in get_args(kind)])
    return PLAIN[kind] if kind in PLAIN else of(kind)


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Any message or struct of this class."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: values(hint, name) for name, hint in hints.items()})


MESSAGES = st.one_of([of(kind) for kind in (*m.RPCS.values(), m.Fault)])
HEADERS = st.builds(
    Header,
    hold_requests=st.booleans(),
    session_timeout=st.integers(0, 10**9 - 1),
    supported_versions=st.lists(st.sampled_from(["1.0", "1.4", "2.10"]), max_size=3).map(tuple),
    use_version=st.just("") | NAME,
)
NAMESPACES = st.integers(0, 4).map(lambda minor: f"urn:dslforum-org:cwmp-1-{minor}")
REBOOT = b"<Envelope><Body><Reboot><CommandKey>%s</CommandKey></Reboot></Body></Envelope>"


@given(
    MESSAGES,
    st.none() | TEXT,
    NAMESPACES,
    HEADERS,
)
@settings(max_examples=300, deadline=None)
def test_what_is_built_parses_to_itself(
    message: m.Message, said: str | None, namespace: str, header: Header
) -> None:
    envelope = Envelope(message, id=said, namespace=namespace, header=header)

    assert parse(build(envelope)) == envelope


@given(st.binary(max_size=300) | TEXT.map(str.encode), st.sampled_from(["", "utf-16", "idna"]))
@settings(max_examples=150, deadline=None)
def test_hostile_bytes_raise_our_own_error(body: bytes, charset: str) -> None:
    with pytest.raises(SoapError):
        parse(body, charset=charset)


@given(MESSAGES, st.data())
@settings(max_examples=100, deadline=None)
def test_a_damaged_envelope_is_read_or_refused_but_never_breaks(
    message: m.Message, data: st.DataObject
) -> None:
    body = bytearray(build(Envelope(message, id="1")))
    start = data.draw(st.integers(0, len(body) - 1))
    body[start : start + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))

    with suppress(SoapError):
        assert isinstance(parse(bytes(body)), Envelope)


def test_reads_an_inform_with_quirks_of_several_devices() -> None:
    body = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:x="urn:dslforum-org:cwmp-1-1"><SOAP:Header/><SOAP:Body><x:Inform><DeviceId>
  <Manufacturer>Soci\xe9t\xe9</Manufacturer><OUI> 0090D0 </OUI><ProductClass/>
  <SerialNumber><![CDATA[S<1>]]></SerialNumber></DeviceId>
  <Event arrayType="EventStruct[99]"><EventStruct><EventCode>1 Boot</EventCode></EventStruct>
  </Event><ParameterList><ParameterValueStruct><Value>on</Value><Name>A.B</Name>
  </ParameterValueStruct><ParameterValueStruct><Value>nameless</Value></ParameterValueStruct>
  </ParameterList></x:Inform></SOAP:Body></SOAP:Envelope>"""

    envelope = parse(body)

    inform = envelope.message
    assert isinstance(inform, m.Inform)
    assert inform.device == m.Identity("Soci\u00e9t\u00e9", "0090D0", "", "S<1>")
    assert inform.parameters == (m.ParameterValue("A.B", "on", "string"),)
    assert inform.has("1 BOOT")
    assert not inform.has("0 BOOTSTRAP")
    assert (envelope.id, envelope.namespace) == (None, "urn:dslforum-org:cwmp-1-1")


def test_the_charset_of_the_content_type_beats_the_document() -> None:
    body = b'<?xml version="1.0" encoding="UTF-8"?>' + REBOOT % b"\xe9"

    assert parse(body, charset="iso-8859-1").message == m.Reboot("\u00e9")


def test_characters_that_xml_forbids_are_replaced_and_the_rest_is_kept() -> None:
    envelope = parse(REBOOT % b"a\x01b&#2;c\xff&lt;")

    assert envelope.message == m.Reboot("a\ufffdb\ufffdc\ufffd<")


def test_such_characters_are_never_written() -> None:
    with pytest.raises(SoapError):
        build(Envelope(m.Reboot("a\x01b")))


def test_a_value_cannot_break_out_of_its_element() -> None:
    hostile = m.ParameterValue('A"<B>&', "</Value><Value>]]>&amp;", 'string"><x a="')

    read = parse(build(Envelope(m.SetParameterValues((hostile,), "k&<"))))

    assert read.message == m.SetParameterValues((hostile,), "k&<")


def test_nothing_is_self_closed_and_counts_are_right() -> None:
    body = build(Envelope(m.GetParameterValues(("A.", "B.C")), id=""))

    assert b"/>" not in body
    assert b'soap-enc:arrayType="xsd:string[2]"' in body


def test_an_unknown_rpc_is_named_and_an_unknown_namespace_is_not_echoed() -> None:
    envelope = parse(
        b'<e:Envelope xmlns:e="x"><e:Body><k:Poked xmlns:k="urn:evil"/></e:Body></e:Envelope>'
    )

    assert envelope.message == m.Unknown("Poked")
    assert envelope.namespace == CWMP_1_0


@pytest.mark.parametrize("kind", m.RPCS.values(), ids=list(m.RPCS))
def test_every_rpc_that_comes_empty_is_read_with_its_defaults(kind: type[m.Message]) -> None:
    name = kind.__name__
    body = f"<Envelope><Body><{name}></{name}></Body></Envelope>".encode()
    if kind is m.Inform:
        with pytest.raises(SoapError):
            parse(body)
    else:
        assert isinstance(parse(body).message, kind)


@pytest.mark.parametrize(
    "message",
    [
        m.GetParameterValues(()),
        m.SetParameterValues(()),
        notices.GetParameterAttributes(()),
        notices.SetParameterAttributes(()),
    ],
)
def test_an_empty_list_is_never_asked_for(message: m.Message) -> None:
    with pytest.raises(SoapError):
        build(Envelope(message))


def test_a_scheduled_download_is_written_as_the_schema_has_it() -> None:
    window = transfers.TimeWindow(
        window_start=0, window_end=3600, window_mode=transfers.WindowMode.WHEN_IDLE
    )
    message = transfers.ScheduleDownload(
        command_key="k", file_type=transfers.FIRMWARE, url="http://a/b", windows=(window,)
    )

    body = build(Envelope(message))

    assert (
        b"<cwmp:ScheduleDownload><CommandKey>k</CommandKey>"
        b"<FileType>1 Firmware Upgrade Image</FileType><URL>http://a/b</URL><Username></Username>"
        b"<Password></Password><FileSize>0</FileSize><TargetFileName></TargetFileName>"
        b'<TimeWindowList soap-enc:arrayType="cwmp:TimeWindowStruct[1]"><TimeWindowStruct>'
        b"<WindowStart>0</WindowStart><WindowEnd>3600</WindowEnd>"
        b"<WindowMode>3 When Idle</WindowMode><UserMessage></UserMessage>"
        b"<MaxRetries>0</MaxRetries></TimeWindowStruct></TimeWindowList></cwmp:ScheduleDownload>"
    ) in body


def test_operations_on_software_units_bear_their_types_and_leave_out_what_is_empty() -> None:
    message = modules.ChangeDUState((modules.InstallOp(url="u"), modules.UninstallOp(uuid="1")))

    body = build(Envelope(message))

    assert (
        b'<cwmp:ChangeDUState><Operations xsi:type="cwmp:InstallOpStruct"><URL>u</URL></Operations>'
        b'<Operations xsi:type="cwmp:UninstallOpStruct"><UUID>1</UUID></Operations>'
        b"</cwmp:ChangeDUState>"
    ) in body


def test_attributes_are_written_as_the_schema_has_them() -> None:
    one = notices.SetParameterAttribute(
        name="Device.A", notification_change=True, notification=notices.Notification.ACTIVE
    )

    body = build(Envelope(notices.SetParameterAttributes((one,))))

    assert (
        b'<ParameterList soap-enc:arrayType="cwmp:SetParameterAttributesStruct[1]">'
        b"<SetParameterAttributesStruct><Name>Device.A</Name>"
        b"<NotificationChange>1</NotificationChange><Notification>2</Notification>"
        b"<AccessListChange>0</AccessListChange>"
        b'<AccessList soap-enc:arrayType="xsd:string[0]"></AccessList>'
        b"</SetParameterAttributesStruct></ParameterList>"
    ) in body


def test_a_password_is_not_shown_with_its_message() -> None:
    secret = transfers.Download(url="http://a", password="correct horse")
    other = modules.InstallOp(url="http://a", password="correct horse")

    assert "correct" not in f"{secret!r}{other!r}"


@pytest.mark.parametrize(
    ("said", "header"),
    [
        ("<SessionTimeout>90</SessionTimeout>", Header(session_timeout=90)),
        ("<SessionTimeout>-1</SessionTimeout>", Header()),
        ("<SessionTimeout>99999999999</SessionTimeout>", Header()),
        (
            "<SupportedCWMPVersions> 1.0, 1.4 ,x</SupportedCWMPVersions>",
            Header(supported_versions=("1.0", "1.4")),
        ),
        ("<UseCWMPVersion>1.4</UseCWMPVersion>", Header(use_version="1.4")),
        ("<HoldRequests>true</HoldRequests>", Header(hold_requests=True)),
        ("<NoMoreRequests>1</NoMoreRequests>", Header()),
    ],
)
def test_a_header_says_what_it_says(said: str, header: Header) -> None:
    body = f"<Envelope><Header>{said}</Header><Body><Reboot></Reboot></Body></Envelope>"

    assert parse(body.encode()).header == header


def test_a_plain_soap_fault_without_a_code_is_still_a_fault() -> None:
    envelope = parse(
        b"<Envelope><Body><Fault><faultstring>no</faultstring></Fault></Body></Envelope>"
    )

    assert envelope.message == m.Fault(0, "no")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE e [<!ENTITY x "y">]>' + REBOOT % b"&x;",
        b'<!-- Envelope --><!DOCTYPE Envelope [<!ENTITY x "y">]>' + REBOOT % b"k",
        b'<!DOCTYPE e SYSTEM "http://127.0.0.1:9/x.dtd">' + REBOOT % b"k",
        REBOOT % b"&x;",
        REBOOT % (b"<a>" * 300 + b"</a>" * 300),
        REBOOT % (b"<a>" * 20 + b"</a>" * 20),
        REBOOT % (b"<a/>" * 400_001),
        REBOOT % (b" " * 4 * 1024 * 1024),
        b"<Envelope><Body/></Envelope>",
        b"<Envelope><Header/></Envelope>",
        b"<html><Body><Reboot/></Body></html>",
        b"<Envelope><Header><ID>"
        + b"9" * 1025
        + b"</ID></Header><Body><Reboot/></Body></Envelope>",
        b"<Envelope><Body><Inform/></Body></Envelope>",
        b'<?xml version="1.0" encoding="punycode"?>' + REBOOT % b"k",
        b"",
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(body: bytes) -> None:
    with pytest.raises(SoapError):
        parse(body)


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), (" 9005 ", 9005), ("1_0", 0), ("9" * 5000, 0), ("", 0), ("+-1", 0)],
)
def test_a_number_that_cannot_be_read_is_zero(text: str, number: int) -> None:
    body = f"<Envelope><Body><DeleteObjectResponse><Status>{text}</Status></DeleteObjectResponse>"

    assert parse(f"{body}</Body></Envelope>".encode()).message == m.DeleteObjectResponse(number)
