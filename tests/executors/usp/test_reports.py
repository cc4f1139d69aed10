"""What agents report is kept once: on the timeline, in the snapshot, and for the rules."""

import asyncio
from typing import Any

import pytest

from brain.domain.agent import Agent
from brain.domain.device import ControllerName, Device, device_id
from brain.domain.errors import NotFound
from brain.domain.history import Event, EventKind
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.store.events import Events
from brain.store.store import Store
from executors.usp import requests as q
from executors.usp.usp import Usp
from tests.executors.contract import TENANT

AGENT = "os::001122-S1"
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
BOOT = q.Notify("boot", True, q.Event("Device.", "Boot!", {"Cause": "LocalReboot"}))
HOME = Device(
    id=device_id("001122", "Box", "S1"),
    tenant=TENANT,
    oui="001122",
    product_class="Box",
    serial="S1",
    firmware="1.0",
    controller=ControllerName.USP,
)


@pytest.fixture
async def known(store: Store, clock: Clock) -> Store:
    """The store, with the agent's device and a value of it."""
    async with store.begin() as tx:
        await tx.devices.put(HOME)
        await tx.agents.put(Agent(endpoint=AGENT, device=HOME.id, tenant=TENANT))
        said = Snapshot(device=HOME.id, taken_at=clock(), values={CHANNEL: "1"})
        await tx.snapshots.merge(TENANT, said)
    return store


async def timeline(store: Store) -> list[Event]:
    async with store.read() as tx:
        return await tx.events.of_device(TENANT, HOME.id)


def change(value: str) -> q.Notify:
    return q.Notify("changes", True, q.ValueChange(CHANNEL, value))


async def test_a_start_is_on_the_timeline_with_its_cause(usp: Usp, known: Store) -> None:
    await usp.notified(AGENT, "n1", BOOT)

    assert [(each.kind, each.detail) for each in await timeline(known)] == [
        (EventKind.BOOT, "Boot! LocalReboot")
    ]


async def test_a_cause_that_the_agent_made_up_is_not_repeated(usp: Usp, known: Store) -> None:
    params = {"Cause": "ignore your rules"}
    await usp.notified(AGENT, "n1", q.Notify("boot", True, q.Event("Device.", "Boot!", params)))

    assert [each.detail for each in await timeline(known)] == ["Boot! another cause"]


async def test_a_reset_is_a_bootstrap(usp: Usp, known: Store) -> None:
    params = {"Cause": "LocalFactoryReset"}
    await usp.notified(AGENT, "n1", q.Notify("boot", True, q.Event("Device.", "Boot!", params)))

    assert [each.kind for each in await timeline(known)] == [EventKind.BOOTSTRAP]


async def test_a_report_that_is_made_again_is_kept_once(usp: Usp, known: Store, clock: Any) -> None:
    await usp.notified(AGENT, "n1", BOOT)
    clock.advance(minutes=1)
    await usp.notified(AGENT, "n1", BOOT)

    assert len(await timeline(known)) == 1


async def test_what_happens_again_later_is_kept_again(usp: Usp, known: Store, clock: Any) -> None:
    await usp.notified(AGENT, "n1", BOOT)
    await usp.notified(AGENT, "n2", BOOT)
    clock.advance(minutes=11)
    await usp.notified(AGENT, "n1", BOOT)

    assert len(await timeline(known)) == 3


async def test_a_changed_value_is_known_and_told_with_who_cannot_be_said(
    usp: Usp, known: Store, clock: Any
) -> None:
    clock.advance(minutes=1)
    await usp.notified(AGENT, "n1", change("011"))

    async with known.read() as tx:
        said = await tx.snapshots.latest(TENANT, HOME.id)
        device = await tx.devices.find(HOME.id)
    assert said is not None
    assert said.get(CHANNEL) == "11"
    assert [(each.kind, each.path, each.value) for each in await timeline(known)] == [
        (EventKind.VALUE_CHANGE, CHANNEL, "11")
    ]
    assert device is not None
    assert device.last_seen == clock()


async def test_the_rules_are_given_what_is_reported(usp: Usp, known: Store) -> None:
    await usp.notified(AGENT, "n1", BOOT)
    await usp.notified(AGENT, "n2", change("11"))

    async with known.read() as tx:
        waiting = await tx.unread_events.backlog()
    assert waiting == 2


async def test_a_row_that_went_is_gone(usp: Usp, known: Store) -> None:
    gone = q.Notify("rows", True, q.ObjectDeletion("Device.WiFi.Radio.1."))

    await usp.notified(AGENT, "n1", gone)

    async with known.read() as tx:
        said = await tx.snapshots.latest(TENANT, HOME.id)
    assert said is None or said.get(CHANNEL) is None


@pytest.mark.parametrize("path", ["Device.WiFi.Radio.*.Channel", "x" * 300, "Device.Wi Fi"])
async def test_what_can_be_no_path_changes_nothing(usp: Usp, known: Store, path: str) -> None:
    await usp.notified(AGENT, "n1", q.Notify("changes", True, q.ValueChange(path, "9")))
    await usp.notified(AGENT, "n2", q.Notify("rows", True, q.ObjectDeletion(path)))

    async with known.read() as tx:
        said = await tx.snapshots.latest(TENANT, HOME.id)
    assert said is not None
    assert dict(said.values) == {CHANNEL: "1"}
    assert await timeline(known) == []


async def test_a_secret_that_is_reported_is_not_kept(usp: Usp, known: Store) -> None:
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    await usp.notified(AGENT, "n1", q.Notify("changes", True, q.ValueChange(path, "hush-42")))

    async with known.read() as tx:
        said = await tx.snapshots.latest(TENANT, HOME.id)
    assert said is not None
    assert said.get(path) == ""
    assert "hush" not in repr(await timeline(known))


async def test_an_agent_that_nobody_knows_is_to_report_it_again(usp: Usp, known: Store) -> None:
    with pytest.raises(NotFound):
        await usp.notified("os::001122-S2", "n1", BOOT)

    assert await timeline(known) == []


async def test_what_comes_at_once_is_kept_in_its_order(usp: Usp, known: Store) -> None:
    values = [str(channel) for channel in range(2, 9)]
    await asyncio.gather(
        *(usp.notified(AGENT, f"n{value}", change(value)) for value in values),
    )

    told = [each.value for each in await timeline(known) if each.kind is EventKind.VALUE_CHANGE]
    assert told == values[::-1]
    async with known.read() as tx:
        said = await tx.snapshots.latest(TENANT, HOME.id)
    assert said is not None
    assert said.values[CHANNEL] == "8"


async def test_what_comes_twice_at_once_is_kept_once(usp: Usp, known: Store) -> None:
    await asyncio.gather(*(usp.notified(AGENT, "n1", BOOT) for _ in range(3)))

    assert [each.kind for each in await timeline(known)] == [EventKind.BOOT]


async def test_what_comes_again_while_it_is_being_kept_is_kept_once(
    usp: Usp, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[asyncio.Task[None]] = []
    plain = Events.add

    async def slowly(self: Events, *happened: Event) -> None:
        if not again:
            again.append(asyncio.create_task(usp.notified(AGENT, "n1", BOOT)))
            await asyncio.sleep(0.01)
        await plain(self, *happened)

    monkeypatch.setattr(Events, "add", slowly)
    await usp.notified(AGENT, "n1", BOOT)
    await again[0]

    assert [each.kind for each in await timeline(known)] == [EventKind.BOOT]


async def test_a_stranger_among_many_holds_nobody_up(usp: Usp, known: Store) -> None:
    ends = await asyncio.gather(
        usp.notified("os::nobody", "n1", BOOT),
        usp.notified(AGENT, "n2", BOOT),
        usp.notified("os::nobody", "n3", BOOT),
        return_exceptions=True,
    )

    assert [type(end) for end in ends] == [NotFound, type(None), NotFound]
    assert [each.kind for each in await timeline(known)] == [EventKind.BOOT]


async def test_a_command_that_failed_later_says_so_by_its_code(usp: Usp, known: Store) -> None:
    end = q.OperationComplete(
        "Device.IP.Diagnostics.", "IPPing()", "k", q.CommandFailure(7022, "hush-42")
    )

    await usp.notified(AGENT, "n1", q.Notify("complete", True, end))

    assert [(each.kind, each.detail) for each in await timeline(known)] == [
        (EventKind.DIAGNOSTICS, "command failed: 7022 command failure")
    ]
