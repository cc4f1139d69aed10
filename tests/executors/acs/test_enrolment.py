"""Who comes in: registered devices get credentials of their own, and strangers get nothing."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import DataModelRoot, Device
from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.identity import DeviceId, PrincipalId, TenantId
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock, NewId
from brain.domain.reachability import Reachability, Tried, Way
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.enrolment import Enrolment
from executors.acs.options import AcsOptions

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
TENANT, DEVICE = TenantId("default"), DeviceId("001122-Box-S1")
BASE = "Device.ManagementServer."
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
SHARED = httpx.DigestAuth("homes", "let-me-in")
NAMES = (
    "Username",
    "Password",
    "ConnectionRequestUsername",
    "ConnectionRequestPassword",
    "PeriodicInformEnable",
    "PeriodicInformInterval",
    "PeriodicInformTime",
)
MANAGED = {BASE + name: "" for name in NAMES}


@pytest.fixture
def gate(store: Store, clock: Clock, new_id: NewId, permits: Any) -> Callable[..., Acs]:
    """Makes an ACS that enrols who is registered, and nobody else."""
    count = 0

    def passwords() -> Passwords:
        nonlocal count
        count += 1
        return Passwords(own=f"own-{count}", wake=f"wake-{count}")

    def make(*, enrol: bool = False) -> Acs:
        options = AcsOptions(
            tenant=TENANT,
            enrol=enrol,
            username="homes",
            password="let-me-in",
            connection_request_username="acs",
            connection_request_password="wake-up",
            wake_timeout=timedelta(seconds=1.5),
            linger=timedelta(seconds=0.05),
            discover=False,
        )
        enrolment = Enrolment(
            audit=AuditTrail(lambda content: content[:8], clock),
            inform_every=timedelta(hours=6),
            new_passwords=passwords,
        )
        return Acs(
            store=store,
            permits=permits,
            clock=clock,
            new_id=new_id,
            options=options,
            enrolment=enrolment,
        )

    return make


@pytest.fixture
async def acs(gate: Callable[..., Acs]) -> AsyncIterator[Acs]:
    made = gate()
    yield made
    await made.settled()
    await made.close()


@pytest.fixture
async def registered(store: Store) -> Device:
    device = Device(id=DEVICE, tenant=TENANT, oui="001122", product_class="Box", serial="S1")
    async with store.begin() as tx:
        await tx.devices.put(device)
    return device


@pytest.fixture
def box(acs: Acs, connect: Connect, tree: dict[str, str]) -> Any:
    """It comes with what all devices have from the factory."""
    return connect(acs.app, tree=tree | MANAGED, auth=SHARED)


def own(device: Any) -> httpx.DigestAuth:
    """What the device was given."""
    return httpx.DigestAuth(device.tree[BASE + "Username"], device.tree[BASE + "Password"])


async def kept(store: Store) -> DeviceCredentials:
    async with store.read() as tx:
        return (await tx.credentials.of([DEVICE]))[DEVICE]


async def strangers(store: Store) -> list[Stranger]:
    async with store.read() as tx:
        return list(await tx.strangers.list(TENANT, limit=9))


async def kinds(store: Store) -> list[str]:
    async with store.read() as tx:
        return [each.kind for each in await tx.audit.range(TENANT)]


async def turned_away(device: Any, *events: str) -> int:
    with pytest.raises(AssertionError):
        await device.session(*events)
    status: int = device.statuses[-1]
    return status


async def test_a_registered_device_gets_its_own_credentials_in_its_first_session(
    box: Any, registered: Device, store: Store
) -> None:
    await box.session("0 BOOTSTRAP", "1 BOOT")

    assert box.statuses == [200, 200, 204]
    (given,) = box.asked
    assert [each.name for each in given.values] == [BASE + name for name in NAMES]
    assert box.tree[BASE + "Username"] == DEVICE
    assert box.tree[BASE + "Password"] == "own-1"
    assert box.tree[BASE + "ConnectionRequestPassword"] == "wake-1"
    assert box.tree[BASE + "PeriodicInformInterval"] == "21600"
    assert (await kept(store)).offered == Passwords(own="own-1", wake="wake-1")
    assert await kinds(store) == ["enrolment.offered"]


async def test_it_comes_back_with_its_own_and_the_shared_ones_are_good_no_longer(
    box: Any, registered: Device, store: Store
) -> None:
    await box.session("0 BOOTSTRAP")
    box.client.auth = own(box)
    box.asked.clear()

    await box.session("2 PERIODIC")

    assert box.asked == []
    now = await kept(store)
    assert (now.current, now.offered) == (Passwords(own="own-1", wake="wake-1"), None)
    async with store.read() as tx:
        way = await tx.controllers.get(DEVICE)
    assert way is not None
    assert (way.username, way.password) == (DEVICE, "wake-1")
    assert await kinds(store) == ["enrolment.offered", "enrolment.completed"]
    box.client.auth = SHARED
    assert await turned_away(box, "2 PERIODIC") == 403
    assert [each.why for each in await strangers(store)] == [Why.UNPROVEN]


async def test_when_the_answer_was_lost_both_are_good_until_one_was_seen(
    box: Any, registered: Device, store: Store
) -> None:
    box.drop_on = m.SetParameterValues
    with pytest.raises(ConnectionResetError):
        await box.session("0 BOOTSTRAP")
    box.drop_on = None

    await box.session("1 BOOT")  # it never took them, and says no BOOTSTRAP a second time

    assert box.tree[BASE + "Password"] == "own-1"  # the same, since it might have had them
    box.client.auth = own(box)
    await box.session("2 PERIODIC")
    assert (await kept(store)).offered is None


async def test_a_new_process_takes_both_too(
    box: Any, registered: Device, store: Store, gate: Callable[..., Acs], connect: Connect
) -> None:
    await box.session("0 BOOTSTRAP")
    after = gate()

    again = connect(after.app, tree=box.tree, auth=own(box))
    await again.session("2 PERIODIC")

    assert (await kept(store)).current == Passwords(own="own-1", wake="wake-1")
    await after.close()


async def test_a_factory_reset_voids_what_was_known_and_enrols_anew(
    box: Any, registered: Device, store: Store, clock: Clock
) -> None:
    box.tree["Device.WiFi.Radio.1.Channel"] = "6"
    await box.session("0 BOOTSTRAP")
    box.client.auth = own(box)
    await box.session("2 PERIODIC")
    async with store.begin() as tx:
        blocked = Tried().failed(clock(), "silent")
        known = Reachability(tenant=TENANT, device=DEVICE).noted(Way.HTTP, blocked)
        await tx.reachabilities.put(known)
    box.client.auth = SHARED

    await box.session("0 BOOTSTRAP", "1 BOOT")

    assert box.tree[BASE + "Password"] == "own-2"
    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)
        assert await tx.reachabilities.get(TENANT, DEVICE) is None
    assert snapshot is not None
    assert snapshot.get(CHANNEL) is None
    box.client.auth = own(box)
    await box.session("2 PERIODIC")
    assert (await kept(store)).current == Passwords(own="own-2", wake="wake-2")


async def test_a_box_with_credentials_that_were_replaced_is_shown_to_a_person(
    box: Any, registered: Device, store: Store
) -> None:
    await box.session("0 BOOTSTRAP")
    first = own(box)
    box.client.auth = first
    await box.session("2 PERIODIC")
    await box.session("0 BOOTSTRAP")
    box.client.auth = own(box)
    await box.session("2 PERIODIC")
    box.client.auth = httpx.DigestAuth(DEVICE, "own-1")

    assert await turned_away(box, "2 PERIODIC") == 403

    assert [each.why for each in await strangers(store)] == [Why.UNPROVEN]
    assert (await kept(store)).current == Passwords(own="own-2", wake="wake-2")


async def test_the_credentials_of_one_device_prove_no_other_serial(
    box: Any, registered: Device, store: Store
) -> None:
    await box.session("0 BOOTSTRAP")
    box.client.auth = own(box)
    box.serial = "S2"

    assert await turned_away(box, "0 BOOTSTRAP") == 403

    async with store.read() as tx:
        assert await tx.devices.find(DeviceId("001122-Box-S2")) is None
    (shown,) = await strangers(store)
    assert (shown.serial, shown.why) == ("S2", Why.UNPROVEN)


async def test_an_unknown_device_is_answered_and_given_nothing(box: Any, store: Store) -> None:
    await box.session("0 BOOTSTRAP", "1 BOOT")
    await box.session("2 PERIODIC", says=(m.TransferComplete("k"),))

    assert box.asked == []
    assert box.statuses == [200, 204, 200, 200, 204]
    (shown,) = await strangers(store)
    assert (shown.device, shown.why, shown.times) == (DEVICE, Why.UNKNOWN, 2)
    assert shown.firmware == "1.0"
    async with store.read() as tx:
        assert await tx.devices.find(DEVICE) is None
        assert await tx.events.of_device(TENANT, DEVICE) == []
        assert await tx.credentials.of([DEVICE]) == {}


async def test_what_a_person_rejected_is_refused(box: Any, store: Store) -> None:
    await box.session("0 BOOTSTRAP")
    (shown,) = await strangers(store)
    async with store.begin() as tx:
        await tx.strangers.put(replace(shown, answer=Answer.REJECTED))

    assert await turned_away(box, "0 BOOTSTRAP") == 403


async def test_a_device_registered_with_its_own_password_does_not_come_with_the_shared_one(
    box: Any, registered: Device, store: Store
) -> None:
    factory = DeviceCredentials(
        device=DEVICE, tenant=TENANT, username="box-s1", factory="from-the-works"
    )
    async with store.begin() as tx:
        await tx.credentials.put(factory)

    assert await turned_away(box, "0 BOOTSTRAP") == 403
    box.client.auth = httpx.DigestAuth("box-s1", "from-the-works")
    await box.session("0 BOOTSTRAP")

    assert box.tree[BASE + "Username"] == "box-s1"
    assert box.tree[BASE + "Password"] == "own-1"


async def test_what_a_device_does_not_have_is_left_out(
    box: Any, registered: Device, store: Store
) -> None:
    del box.tree[BASE + "PeriodicInformTime"]

    await box.session("0 BOOTSTRAP")

    assert len(box.asked) == 2
    assert box.tree[BASE + "Password"] == "own-1"
    assert box.tree[BASE + "PeriodicInformInterval"] == "21600"
    assert "enrolment.refused" not in await kinds(store)


async def test_a_device_that_refuses_its_password_keeps_what_it_has(
    box: Any, registered: Device, store: Store
) -> None:
    del box.tree[BASE + "Password"]

    await box.session("0 BOOTSTRAP")

    assert len(box.asked) == 1
    assert box.tree[BASE + "Username"] == ""
    assert (await kept(store)).current is None
    assert await kinds(store) == ["enrolment.offered", "enrolment.refused"]


async def test_a_fault_that_names_nothing_leaves_only_what_is_needed(
    box: Any, registered: Device
) -> None:
    faults = iter([m.Fault(9005)])

    def answer(message: m.Message) -> m.Message:
        return next(faults, None) or box._set(message)

    box.answers[m.SetParameterValues] = answer

    await box.session("0 BOOTSTRAP")

    assert [each.name for each in box.asked[1].values] == [BASE + "Username", BASE + "Password"]
    assert box.tree[BASE + "Password"] == "own-1"


async def test_what_never_takes_its_offer_is_left_alone_until_it_is_reset(
    box: Any, registered: Device, store: Store
) -> None:
    del box.tree[BASE + "Password"]
    await box.session("0 BOOTSTRAP")
    for _ in range(6):
        await box.session("2 PERIODIC")

    assert len(box.asked) == 5
    assert (await kinds(store)).count("enrolment.given_up") == 1
    await box.session("0 BOOTSTRAP")
    assert len(box.asked) == 6


async def test_while_changes_are_halted_nothing_is_given_and_afterwards_it_is(
    box: Any, registered: Device, store: Store, clock: Clock
) -> None:
    async with store.begin() as tx:
        await tx.halts.set(TENANT, True, PrincipalId("olga"), clock())

    await box.session("0 BOOTSTRAP")

    assert box.asked == []
    async with store.begin() as tx:
        await tx.halts.set(TENANT, False, PrincipalId("olga"), clock())
    await box.session("2 PERIODIC")
    assert box.tree[BASE + "Password"] == "own-1"


async def test_a_device_that_was_here_before_is_not_enrolled_by_a_routine_call(
    box: Any, registered: Device, store: Store
) -> None:
    await box.session("2 PERIODIC")

    assert box.asked == []
    async with store.read() as tx:
        assert await tx.credentials.of([DEVICE]) == {}


async def test_an_old_device_is_given_them_by_its_own_names(
    acs: Acs, connect: Connect, registered: Device
) -> None:
    old = DataModelRoot.INTERNET_GATEWAY_DEVICE
    tree = {f"{old}ManagementServer.{name}": "" for name in (*NAMES, "ParameterKey")}
    box = connect(acs.app, tree=tree, auth=SHARED)

    await box.session("0 BOOTSTRAP")

    assert box.tree[f"{old}ManagementServer.Password"] == "own-1"
