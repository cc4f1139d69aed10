"""Envelopes: what real and hostile devices send, and that nothing is lost on the way."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executors.acs import messages as m
from executors.acs.errors import SoapError
from executors.acs.soap import CWMP_1_0, Envelope, build, parse

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
VALUES = st.lists(
    st.builds(m.ParameterValue, NAME, TEXT, st.sampled_from(["string", "boolean", "unsignedInt"])),
    max_size=4,
).map(tuple)
NAMES = st.lists(NAME, max_size=4).map(tuple)
MESSAGES = st.one_of(
    st.builds(
        m.Inform,
        device=st.builds(m.Identity, NAME, NAME, NAME, NAME),
        events=st.lists(st.builds(m.InformEvent, NAME, NAME), max_size=3).map(tuple),
        parameters=VALUES,
        max_envelopes=INT,
        current_time=NAME,
        retry_count=INT,
    ),
    st.builds(m.InformResponse, INT),
    st.builds(m.GetRPCMethods),
    st.builds(m.GetRPCMethodsResponse, NAMES),
    st.builds(m.GetParameterNames, NAME, st.booleans()),
    st.builds(
        m.GetParameterNamesResponse,
        st.lists(st.builds(m.ParameterInfo, NAME, st.booleans()), max_size=4).map(tuple),
    ),
    st.builds(m.GetParameterValues, NAMES),
    st.builds(m.GetParameterValuesResponse, VALUES),
    st.builds(m.SetParameterValues, VALUES, NAME),
    st.builds(m.SetParameterValuesResponse, INT),
    st.builds(m.AddObject, NAME, NAME),
    st.builds(m.AddObjectResponse, INT, INT),
    st.builds(m.DeleteObject, NAME, NAME),
    st.builds(m.DeleteObjectResponse, INT),
    st.builds(m.Reboot, NAME),
    st.builds(m.RebootResponse),
    st.builds(m.FactoryReset),
    st.builds(m.FactoryResetResponse),
    st.builds(m.TransferComplete, NAME, INT, TEXT, NAME, NAME),
    st.builds(m.TransferCompleteResponse),
    st.builds(
        m.Fault,
        INT,
        TEXT,
        st.lists(st.builds(m.ParameterFault, NAME, INT, TEXT), max_size=3).map(tuple),
    ),
)
NAMESPACES = st.integers(0, 4).map(lambda minor: f"urn:dslforum-org:cwmp-1-{minor}")
REBOOT = b"<Envelope><Body><Reboot><CommandKey>%s</CommandKey></Reboot></Body></Envelope>"


@given(
    MESSAGES,
    st.none() | TEXT,
    NAMESPACES,
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_what_is_built_parses_to_itself(
    message: m.Message, said: str | None, namespace: str, hold: bool
) -> None:
    envelope = Envelope(message, id=said, namespace=namespace, hold_requests=hold)

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
        b'<e:Envelope xmlns:e="x"><e:Body><k:Kicked xmlns:k="urn:evil"/></e:Body></e:Envelope>'
    )

    assert envelope.message == m.Unknown("Kicked")
    assert envelope.namespace == CWMP_1_0


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
