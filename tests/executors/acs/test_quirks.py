"""What real devices send that the standard does not, byte by byte, and what we make of it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from brain.domain.change import SetParameter
from brain.domain.history import EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.envelope import Envelope
from executors.acs.mailbox import Reply
from executors.acs.reader import Reading
from executors.acs.soap import build, parse

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
URL = "http://acs/"
DEVICE = DeviceId("001122-Box-S1")
DEVICE_ID = (
    b"<DeviceId><Manufacturer>Acme</Manufacturer><OUI>001122</OUI><ProductClass>Box</ProductClass>"
    b"<SerialNumber>S1</SerialNumber></DeviceId>"
)
INFORM = (
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    b'xmlns:cwmp="urn:dslforum-org:cwmp-1-0"><soap:Header>%s</soap:Header><soap:Body>'
    b"<cwmp:Inform>" + DEVICE_ID + b"%s</cwmp:Inform></soap:Body></soap:Envelope>"
)


async def heard(home: Any, acs: Acs, known: Any, store: Store, path: str) -> Snapshot:
    """What is made of what the device answers when it is read."""
    reading = asyncio.create_task(acs.read(await known(store), [ParameterPath(path)]))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    return await reading


def build_of(message: m.Message) -> bytes:
    return build(Envelope(message, id="1"))


def body_in(inner: bytes) -> bytes:
    return b"<Envelope><Body>" + inner + b"</Body></Envelope>"


def values_in(inner: bytes) -> tuple[m.ParameterValue, ...]:
    body = b"<GetParameterValuesResponse><ParameterList>%s</ParameterList>" % inner
    message = parse(body_in(body + b"</GetParameterValuesResponse>")).message
    assert isinstance(message, m.GetParameterValuesResponse)
    return message.values


@pytest.mark.parametrize(("soap", "cwmp"), [("SOAP-ENV:", "cwmp:"), ("s:", "c:"), ("", "")])
def test_prefixes_do_not_matter(soap: str, cwmp: str) -> None:
    names = f'xmlns:{soap[:-1] or "a"}="x" xmlns:{cwmp[:-1] or "b"}="urn:dslforum-org:cwmp-1-1"'
    body = f"<{soap}Envelope {names}><{soap}Body><{cwmp}RebootResponse/></{soap}Body>"

    envelope = parse(f"{body}</{soap}Envelope>".encode())

    assert envelope.message == m.RebootResponse()
    assert envelope.namespace == "urn:dslforum-org:cwmp-1-1"


@pytest.mark.parametrize("count", [b"0", b"99", b"", b"x"])
def test_the_count_of_an_array_is_not_believed(count: bytes) -> None:
    body = (
        b'<GetParameterValuesResponse><ParameterList arrayType="ParameterValueStruct[%s]">'
        b"<ParameterValueStruct><Name>A</Name><Value>1</Value></ParameterValueStruct>"
        b"</ParameterList></GetParameterValuesResponse>"
    )

    message = parse(body_in(body % count)).message

    assert message == m.GetParameterValuesResponse((m.ParameterValue("A", "1"),))


def test_a_value_without_a_type_is_a_string() -> None:
    struct = b"<ParameterValueStruct><Name>A</Name><Value>1</Value></ParameterValueStruct>"

    assert values_in(struct) == (m.ParameterValue("A", "1", "string"),)


@pytest.mark.parametrize(
    ("kind", "text"),
    [(b"boolean", b"Yes"), (b"unsignedInt", b"-"), (b"dateTime", b"31.12.2025"), (b"int", b"")],
)
async def test_a_value_that_is_not_of_its_type_is_kept_as_it_came(
    home: Any, acs: Acs, known: Any, store: Store, kind: bytes, text: bytes
) -> None:
    name = ParameterPath("Device.X_ACME_Thing")
    struct = (
        b"<ParameterValueStruct><Name>Device.X_ACME_Thing</Name>"
        b'<Value xmlns:i="i" i:type="xsd:%s">%s</Value></ParameterValueStruct>'
    )
    said = m.GetParameterValuesResponse(values_in(struct % (kind, text)))
    home.answers[m.GetParameterValues] = lambda _: said

    snapshot = await heard(home, acs, known, store, name)

    assert snapshot.values == {name: text.decode()}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            b"<GetParameterNamesResponse><ParameterList><ParameterInfoStruct><Name>A.</Name>"
            b"</ParameterInfoStruct></ParameterList></GetParameterNamesResponse>",
            m.GetParameterNamesResponse((m.ParameterInfo("A.", writable=False),)),
        ),
        (b"<GetParameterNamesResponse/>", m.GetParameterNamesResponse(())),
        (b"<TransferComplete><FaultStruct/></TransferComplete>", m.TransferComplete()),
        (b"<TransferComplete/>", m.TransferComplete("", 0, "", "", "")),
        (
            b"<Inform>" + DEVICE_ID + b"</Inform>",
            m.Inform(
                device=m.Identity("Acme", "001122", "Box", "S1"), max_envelopes=0, retry_count=0
            ),
        ),
        (
            b"<Inform>%s<Event><EventStruct><EventCode>2 PERIODIC</EventCode></EventStruct></Event>"
            b"<MaxEnvelopes>1</MaxEnvelopes></Inform>" % DEVICE_ID,
            m.Inform(
                device=m.Identity("Acme", "001122", "Box", "S1"),
                events=(m.InformEvent("2 PERIODIC", ""),),
            ),
        ),
    ],
)
def test_what_is_left_out_has_its_default(body: bytes, message: m.Message) -> None:
    assert parse(body_in(body)).message == message


@pytest.mark.parametrize(
    ("code", "event"),
    [(b"1 Boot", "1 BOOT"), (b"1BOOT", "1 BOOT"), (b" 0 bootstrap ", "0 BOOTSTRAP")],
)
def test_an_event_is_known_by_its_number(code: bytes, event: str) -> None:
    events = b"<Event><EventStruct><EventCode>%s</EventCode></EventStruct></Event>" % code

    inform = parse(INFORM % (b"", events)).message

    assert isinstance(inform, m.Inform)
    assert inform.has(event)
    assert not inform.has("10 AUTONOMOUS TRANSFER COMPLETE")


async def names_of(*answers: bytes) -> dict[str, bool]:
    """What is made of a device that answers GetParameterNames with these bodies, in turn."""
    left = [*answers]

    async def ask(_: m.Request) -> Reply:
        reply = parse(body_in(left.pop(0))).message
        assert isinstance(reply, m.GetParameterNamesResponse | m.Fault)
        return reply

    return await Reading(ask, batch=8).names("Device.")


async def test_objects_that_are_not_listed_are_there_when_something_in_them_is() -> None:
    names = await names_of(
        b"<GetParameterNamesResponse><ParameterList><ParameterInfoStruct>"
        b"<Name>Device.WiFi.Radio.1.Channel</Name><Writable>1</Writable></ParameterInfoStruct>"
        b"</ParameterList></GetParameterNamesResponse>"
    )

    assert names == {
        "Device.": False,
        "Device.WiFi.": False,
        "Device.WiFi.Radio.": False,
        "Device.WiFi.Radio.1.": False,
        "Device.WiFi.Radio.1.Channel": True,
    }


@pytest.mark.parametrize(
    "nothing",
    [
        b"<GetParameterNamesResponse/>",
        b"<GetParameterNamesResponse><ParameterList/></GetParameterNamesResponse>",
        b"<Fault><detail><Fault><FaultCode>9002</FaultCode></Fault></detail></Fault>",
    ],
)
async def test_a_device_that_lists_nothing_at_once_is_asked_level_by_level(nothing: bytes) -> None:
    level = (
        b"<GetParameterNamesResponse><ParameterList><ParameterInfoStruct><Name>Device.A.</Name>"
        b"</ParameterInfoStruct></ParameterList></GetParameterNamesResponse>"
    )

    assert set(await names_of(nothing, level, nothing)) == {"Device.", "Device.A."}


async def test_a_device_that_never_lists_anything_is_known_by_its_values(
    acs: Acs, connect: Connect, store: Store, tree: dict[str, str]
) -> None:
    device = connect(acs.app, tree=tree)
    device.answers[m.GetParameterNames] = lambda _: m.GetParameterNamesResponse(())

    await device.session("0 BOOTSTRAP")
    await acs.settled()

    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TenantId("default"), DEVICE)
        names = await tx.models.get(TenantId("default"), DEVICE)
    assert snapshot is not None
    assert snapshot.values.keys() == tree.keys()
    assert snapshot.writable == {}  # it did not say, so nobody says that it may not be written
    assert names == dict.fromkeys(tree, False)


def test_booleans_are_written_as_numbers_since_some_devices_read_nothing_else() -> None:
    asked = build_of(m.GetParameterNames("Device.", next_level=True))

    assert b"<NextLevel>1</NextLevel>" in asked
    assert b"true" not in asked


def test_elements_are_never_closed_in_themselves() -> None:
    assert b"<ParameterPath></ParameterPath>" in build_of(m.GetParameterNames(""))


def test_a_document_says_what_it_is() -> None:
    assert build_of(m.Reboot()).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')


@pytest.mark.parametrize(("theirs", "ours"), [(b"1", "1"), (b"true", "true"), (b"0", "1")])
async def test_a_boolean_is_set_the_way_the_device_writes_its_own(
    home: Any, acs: Acs, known: Any, store: Store, theirs: bytes, ours: str
) -> None:
    name = ParameterPath("Device.WiFi.Radio.1.Enable")
    struct = (
        b"<ParameterValueStruct><Name>Device.WiFi.Radio.1.Enable</Name>"
        b'<Value xmlns:i="i" i:type="xsd:boolean">%s</Value></ParameterValueStruct>' % theirs
    )
    said = m.GetParameterValuesResponse(values_in(struct))
    home.answers[m.GetParameterValues] = lambda _: said

    snapshot = await heard(home, acs, known, store, name)

    assert snapshot.values[name] in ("true", "false")
    dialect = await acs._dialects.of(await known(store))

    wanted = SetParameter(path=name, type=ParameterType.BOOLEAN, before="false", after="true")
    assert dialect.sets([wanted]) == (m.ParameterValue(name, ours, "boolean"),)


@pytest.mark.parametrize("ssid", [b"Caf\xe9 \x01", b"\xf0\x28\x8c\x28", b"a&#x1F;b", b"\xff\xfe"])
def test_a_network_name_that_xml_cannot_hold_does_not_cost_the_rest(ssid: bytes) -> None:
    structs = (
        b"<ParameterValueStruct><Name>Device.WiFi.SSID.1.SSID</Name><Value>%s</Value>"
        b"</ParameterValueStruct>"
        b"<ParameterValueStruct><Name>B</Name><Value>kept</Value></ParameterValueStruct>"
    )

    first, second = values_in(structs % ssid)

    assert "\ufffd" in first.value
    assert second == m.ParameterValue("B", "kept")


def test_cdata_is_text() -> None:
    struct = (
        b"<ParameterValueStruct><Name>A</Name><Value><![CDATA[<a>&amp;]]></Value>"
        b"</ParameterValueStruct>"
    )

    assert values_in(struct) == (m.ParameterValue("A", "<a>&amp;"),)


@pytest.mark.parametrize(
    ("event", "report"),
    [
        (b"<EventStruct><EventCode>1 BOOT</EventCode></EventStruct>", b""),
        (
            b"<EventStruct><EventCode>7 TRANSFER COMPLETE</EventCode></EventStruct>",
            b"<TransferComplete><CommandKey>another</CommandKey></TransferComplete>",
        ),
        (
            b"<EventStruct><EventCode>10 AUTONOMOUS TRANSFER COMPLETE</EventCode></EventStruct>",
            b"<AutonomousTransferComplete><FileType>1 Firmware Upgrade Image</FileType>"
            b"<IsDownload>1</IsDownload></AutonomousTransferComplete>",
        ),
        (
            b"<EventStruct><EventCode>M Download</EventCode><CommandKey>k</CommandKey>"
            b"</EventStruct><EventStruct><EventCode>7 TRANSFER COMPLETE</EventCode></EventStruct>",
            b"<TransferComplete><FaultStruct><FaultCode>9010</FaultCode></FaultStruct>"
            b"</TransferComplete>",
        ),
    ],
    ids=["no report", "another key", "autonomous", "report of a failure"],
)
async def test_new_firmware_is_told_by_the_version_and_not_by_the_report_of_the_transfer(
    home: Any, acs: Acs, store: Store, event: bytes, report: bytes
) -> None:
    version = (
        b"<Event>%s</Event><ParameterList><ParameterValueStruct>"
        b"<Name>Device.DeviceInfo.SoftwareVersion</Name><Value>2.0</Value>"
        b"</ParameterValueStruct></ParameterList>" % event
    )
    await home.client.post(URL, content=INFORM % (b"", version))
    if report:
        answer = await home.client.post(URL, content=body_in(report))
        assert type(parse(answer.content).message).__name__.endswith("CompleteResponse")
    await home.client.post(URL)
    await home.client.post(URL)

    async with store.read() as tx:
        found = await tx.events.of_device(TenantId("default"), DEVICE, kinds=[EventKind.FIRMWARE])
    assert [(each.value, each.detail) for each in found] == [("2.0", "1.0 before")]


FAULT = (
    b"<SOAP-ENV:Fault xmlns:SOAP-ENV='s'><faultcode>Client</faultcode>"
    b"<faultstring>CWMP fault</faultstring><detail><cwmp:Fault xmlns:cwmp='c'>"
    b"<FaultCode>9003</FaultCode><FaultString>Invalid arguments</FaultString>"
    b"<SetParameterValuesFault><ParameterName>Device.WiFi.Radio.1.Channel</ParameterName>"
    b"<FaultCode>9008</FaultCode><FaultString>no</FaultString></SetParameterValuesFault>"
    b"</cwmp:Fault></detail></SOAP-ENV:Fault>"
)


@pytest.mark.parametrize(
    ("answer", "progress", "needs_reboot", "detail"),
    [
        (FAULT, Progress.REFUSED, False, "9008 parameter is not writable"),
        (
            b"<SetParameterValuesResponse><Status>1</Status></SetParameterValuesResponse>",
            Progress.APPLIED,
            True,
            "",
        ),
        (b"<SetParameterValuesResponse/>", Progress.APPLIED, False, ""),
        (
            b"<SetParameterValuesResponse><Status>7</Status></SetParameterValuesResponse>",
            Progress.UNKNOWN,
            False,
            "no meaning",
        ),
    ],
    ids=["it said writable and is not", "in force after a reboot", "no status", "odd status"],
)
async def test_what_a_device_makes_of_a_write(
    home: Any,
    acs: Acs,
    store: Store,
    clock: Clock,
    known: Any,
    permit: Any,
    plan: Any,
    answer: bytes,
    progress: Progress,
    needs_reboot: bool,
    detail: str,
) -> None:
    home.answers[m.SetParameterValues] = lambda _: parse(body_in(answer)).message
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert (outcome.progress, outcome.needs_reboot) == (progress, needs_reboot)
    assert detail in outcome.detail
    assert [type(each) for each in home.asked] == [m.SetParameterValues]


async def test_a_list_that_is_too_long_is_halved_and_stays_halved() -> None:
    fault = b"<Fault><detail><Fault><FaultCode>9004</FaultCode></Fault></detail></Fault>"
    sizes: list[int] = []

    async def ask(message: m.Request) -> Reply:
        assert isinstance(message, m.GetParameterValues)
        sizes.append(len(message.names))
        if len(message.names) > 2:
            reply = parse(body_in(fault)).message
            assert isinstance(reply, m.Fault)
            return reply
        return m.GetParameterValuesResponse(tuple(m.ParameterValue(n, "1") for n in message.names))

    found = await Reading(ask, batch=8).values([f"Device.A{n}" for n in range(12)])

    assert len(found) == 12
    assert sizes == [8, 4, 2, 2, 2, 2, 2, 2]
