"""Devices are registered from a file, row by row, and a person says what a stranger is."""

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.registration_file import COLUMNS, check, rows_of
from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device, Subscriber
from brain.domain.enrolment import Stranger, Why
from brain.domain.errors import InvalidInput
from brain.domain.identity import DeviceId, PrincipalKind, Role, SubscriberId, TenantId

if TYPE_CHECKING:
    from tests.api.conftest import Front

NORTH, DEVICE = TenantId("north"), DeviceId("00D09E-Box-SN1")
HEADER = "oui,serial,product_class,mac,firmware,subscriber,username,password"


async def send(front: "Front", *rows: str, header: str = HEADER) -> Any:
    content = "\n".join((header, *rows)).encode()
    name = f"op-{front.wiring.new_id('x')[-4:]}"
    async with await front.caller(name, Role.OPERATOR) as client:
        return await client.post("/v1/registrations", content=content)


async def stranger(front: "Front", why: Why = Why.UNKNOWN) -> Stranger:
    now = front.wiring.clock()
    came = Stranger(
        tenant=NORTH,
        device=DEVICE,
        oui="00D09E",
        product_class="Box",
        serial="SN1",
        manufacturer="Acme",
        firmware="1.0",
        root="InternetGatewayDevice.",
        why=why,
        first_at=now,
        last_at=now,
    )
    async with front.wiring.store.begin() as tx:
        await tx.strangers.put(came)
    return came


async def test_a_row_becomes_a_device_that_may_come_in(front: "Front") -> None:
    async with front.wiring.store.begin() as tx:
        await tx.subscribers.put(Subscriber(id=SubscriberId("sub-1"), tenant=NORTH, name="A."))
    await stranger(front)

    answer = await send(front, "00d09e,SN1,Box,00-11-22-aa-bb-cc,1.0,sub-1,box-1,works")

    assert answer.json() == {"taken": 1, "refused": 0, "faults": []}
    async with front.wiring.store.read() as tx:
        device = await tx.devices.get(NORTH, DEVICE)
        said = await tx.registrations.get(NORTH, DEVICE)
        kept = (await tx.credentials.of([DEVICE]))[DEVICE]
        assert await tx.strangers.list(NORTH, limit=9) == []
    assert device is not None
    assert (device.subscriber, device.last_seen) == ("sub-1", None)
    assert said is not None
    assert (said.mac, said.firmware) == ("00:11:22:AA:BB:CC", "1.0")
    assert said.by.startswith("op-")
    assert (kept.username, kept.factory, kept.offered) == ("box-1", "works", None)


async def test_every_bad_row_is_named_and_the_others_are_taken(front: "Front") -> None:
    answer = await send(
        front,
        "00D09E,SN1,Box,,,,,",
        "XX,,Box,,,,,",
        "00D09E,SN1,Box,,,,,",
        "00D09E,SN3,Box,nonsense,,,,",
        "00D09E,SN4,Box,,,nobody,,",
        "00D09E,SN5,Box,,,,name-only,",
        "00D09E,SN6",
        "00D09E,SN7,Box,,,,,",
    )

    said = answer.json()
    assert (said["taken"], said["refused"]) == (2, 6)
    assert [(each["row"], each["field"]) for each in said["faults"]] == [
        (3, "oui"),
        (3, "serial"),
        (4, "serial"),
        (5, "mac"),
        (6, "subscriber"),
        (7, "password"),
        (8, "row"),
    ]
    assert all(each["remedy"] for each in said["faults"])


async def test_the_same_file_twice_changes_nothing(front: "Front") -> None:
    row = "00D09E,SN1,Box,00:11:22:AA:BB:CC,1.0,,box-1,works"
    await send(front, row)
    enrolled = DeviceCredentials(
        device=DEVICE, tenant=NORTH, username="box-1", current=Passwords(own="o", wake="w")
    )
    async with front.wiring.store.begin() as tx:
        await tx.credentials.put(enrolled)

    answer = await send(front, row)

    assert answer.json()["taken"] == 1
    async with front.wiring.store.read() as tx:
        assert await tx.credentials.of([DEVICE]) == {DEVICE: enrolled}


async def test_what_another_device_has_is_not_given_twice(front: "Front") -> None:
    await send(front, "00D09E,SN1,Box,00:11:22:AA:BB:CC,,,box-1,works")

    answer = await send(front, "00D09E,SN2,Box,00:11:22:AA:BB:CC,,,box-1,other")

    assert [each["field"] for each in answer.json()["faults"]] == ["mac", "username"]
    async with front.wiring.store.read() as tx:
        assert await tx.devices.get(NORTH, DeviceId("00D09E-Box-SN2")) is None


async def test_a_device_of_another_tenant_is_not_taken(front: "Front") -> None:
    theirs = Device(
        id=DEVICE, tenant=TenantId("south"), oui="00D09E", product_class="Box", serial="SN1"
    )
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(theirs)

    answer = await send(front, "00D09E,SN1,Box,,,,,")

    assert answer.json()["refused"] == 1
    async with front.wiring.store.read() as tx:
        assert await tx.devices.find(DEVICE) == theirs


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("serial,mac", "oui is missing"),
        ("oui,serial,colour", "cell 3 is no column"),
        ("oui,serial,oui", "oui stands there twice"),
        ("", "serial is missing"),
    ],
)
async def test_a_file_that_does_not_say_its_columns_is_refused_whole(
    front: "Front", header: str, why: str
) -> None:
    answer = await send(front, "00D09E,SN1", header=header)

    assert answer.status_code == 422
    assert answer.json()["field"] == "header"
    assert why in answer.json()["detail"]
    assert "password" in answer.json()["detail"] + str(answer.json())


async def test_a_file_without_a_header_has_nothing_of_its_first_row_repeated(
    front: "Front",
) -> None:
    answer = await send(front, header="00D09E,SN1,Box,,,,,hunter2")

    assert answer.status_code == 422
    assert "hunter2" not in answer.text


async def test_no_password_is_repeated_or_audited(front: "Front") -> None:
    answer = await send(front, "00D09E,SN1,Box,,,,,hunter 2", "00D09E,SN2,Box,,,,,hunter3")

    assert "hunter" not in answer.text
    async with front.wiring.store.read() as tx:
        assert not any("hunter" in each.payload for each in await tx.audit.range(NORTH))


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)


@given(st.lists(st.lists(CELL, min_size=1, max_size=10), max_size=8))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_row_is_lost_whatever_is_in_it(table: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]

    try:
        rows = [*rows_of("\n".join((",".join(COLUMNS), *quoted)).encode())]
    except InvalidInput:
        return  # a quote that does not end: said of the whole file
    check(rows)

    assert [row.number for row in rows] == [*range(2, len(table) + 2)]
    assert all(fault.reason and fault.remedy for row in rows for fault in row.faults)


async def test_who_is_let_in_is_given_its_own_at_its_next_call(front: "Front") -> None:
    await stranger(front)

    async with await front.caller("olga", Role.OPERATOR) as client:
        listed = await client.get("/v1/strangers")
        answer = await client.post(f"/v1/strangers/{DEVICE}/admit")

    assert [each["device"] for each in listed.json()["items"]] == [DEVICE]
    assert answer.status_code == 200
    async with front.wiring.store.read() as tx:
        device = await tx.devices.get(NORTH, DEVICE)
        kept = (await tx.credentials.of([DEVICE]))[DEVICE]
        assert await tx.strangers.list(NORTH, limit=9) == []
        kinds = [each.kind for each in await tx.audit.range(NORTH)]
    assert device is not None
    assert device.root == "InternetGatewayDevice."
    assert kept.offered is not None
    assert "stranger.admitted" in kinds


async def test_one_that_lost_its_password_may_come_with_the_shared_one_once_it_is_let_in(
    front: "Front",
) -> None:
    await send(front, "00D09E,SN1,Box,,,,,works")
    await stranger(front, Why.UNPROVEN)

    async with await front.caller("olga", Role.OPERATOR) as client:
        await client.post(f"/v1/strangers/{DEVICE}/admit")

    async with front.wiring.store.read() as tx:
        kept = (await tx.credentials.of([DEVICE]))[DEVICE]
    assert (kept.factory, kept.offered is not None) == ("", True)


async def test_who_is_rejected_stays_so(front: "Front") -> None:
    await stranger(front)

    async with await front.caller("olga", Role.OPERATOR) as client:
        answer = await client.post(f"/v1/strangers/{DEVICE}/reject")
        listed = await client.get("/v1/strangers")

    assert answer.json()["answer"] == "rejected"
    assert [each["answer"] for each in listed.json()["items"]] == ["rejected"]
    async with front.wiring.store.read() as tx:
        assert await tx.devices.get(NORTH, DEVICE) is None


@pytest.mark.parametrize("answer", ["admit", "reject"])
async def test_a_machine_answers_no_stranger(front: "Front", answer: str) -> None:
    await stranger(front)

    async with await front.caller("job", Role.OPERATOR, kind=PrincipalKind.MACHINE) as client:
        response = await client.post(f"/v1/strangers/{DEVICE}/{answer}")

    assert response.status_code == 403
    async with front.wiring.store.read() as tx:
        assert await tx.devices.get(NORTH, DEVICE) is None
        assert len(await tx.strangers.list(NORTH, limit=9)) == 1


async def test_a_stranger_of_another_tenant_is_none(front: "Front") -> None:
    await stranger(front)

    async with await front.caller("ola", Role.OPERATOR, tenant=TenantId("south")) as client:
        response = await client.post(f"/v1/strangers/{DEVICE}/admit")

    assert response.status_code == 404
