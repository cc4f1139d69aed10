"""Changes are counted where they were begun, and the one that is judged is left out."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from brain.domain.device import Device
from brain.domain.identity import ChangeId, DeviceId, NodeId, SiteId, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.usage import Count, Scopes, Usage
from brain.store.store import Store

NOW = datetime.fromisoformat("2026-01-01T12:00:00+00:00")
HOUR_AGO = NOW - timedelta(hours=1)
NORTH = TenantId("north")
HERE = Scopes(
    tenant=NORTH,
    device=DeviceId("00D09E-G1"),
    model="Hub 3",
    site=SiteId("home"),
    port=NodeId("port-1"),
    olt=NodeId("olt-1"),
)
Begin = Callable[..., object]


@pytest.fixture
def begin(
    any_store: Store, device: Device, a_change: Callable[..., ChangeRecord]
) -> Callable[..., object]:
    """Keeps a change that was begun: when, where, and in which state it is."""

    async def begin(
        name: str, scopes: Scopes = HERE, at: datetime = NOW, state: State = State.EXECUTING
    ) -> None:
        record = a_change(id=ChangeId(name), state=state)
        async with any_store.begin() as tx:
            await tx.changes.add(record)
            await tx.usages.begin(scopes, record.id, at)

    return begin


async def count(store: Store, scopes: Scopes = HERE, but: str | None = None) -> Usage:
    async with store.read() as tx:
        named = None if but is None else ChangeId(but)
        return await tx.usages.count(scopes, since=HOUR_AGO, but=named)


async def test_where_nothing_was_begun_nothing_is_counted(any_store: Store) -> None:
    quiet = Count(under_way=0, last_hour=0)

    assert await count(any_store) == Usage(
        device=quiet, model=quiet, tenant=quiet, site=quiet, port=quiet, olt=quiet
    )


@pytest.mark.parametrize(
    ("scope", "elsewhere"),
    [
        ("device", {"device": DeviceId("other")}),
        ("model", {"model": "Hub 4"}),
        ("site", {"site": SiteId("other")}),
        ("port", {"port": NodeId("port-2")}),
        ("olt", {"olt": NodeId("olt-2")}),
        ("site", {"site": None}),
    ],
)
async def test_each_scope_is_counted_by_itself(
    any_store: Store, begin: Begin, scope: str, elsewhere: dict[str, str]
) -> None:
    await begin("chg_1")
    await begin("chg_2", replace(HERE, **elsewhere))

    usage = await count(any_store)

    two = {name: Count(under_way=2, last_hour=2) for name in ("device", "model", "tenant")}
    two |= {name: Count(under_way=2, last_hour=2) for name in ("site", "port", "olt")}
    assert usage == Usage(**{**two, scope: Count(under_way=1, last_hour=1)})


async def test_another_tenant_is_not_counted(any_store: Store, begin: Begin) -> None:
    await begin("chg_1")

    usage = await count(any_store, replace(HERE, tenant=TenantId("south")))

    assert usage.tenant == usage.device == Count(under_way=0, last_hour=0)


async def test_a_scope_that_the_device_does_not_lie_in_is_none(
    any_store: Store, begin: Begin
) -> None:
    nowhere = replace(HERE, site=None, port=None, olt=None)
    await begin("chg_1", nowhere)

    usage = await count(any_store, nowhere)

    assert (usage.site, usage.port, usage.olt) == (None, None, None)
    assert usage.device == Count(under_way=1, last_hour=1)


async def test_devices_of_which_nobody_entered_where_they_lie_are_counted_together(
    any_store: Store, begin: Begin
) -> None:
    nowhere = replace(HERE, site=None, port=None, olt=None)
    other = replace(nowhere, device=DeviceId("00D09E-G2"), model="Hub 4")
    await begin("chg_1", nowhere)
    await begin("chg_2", other)
    await begin("chg_3", replace(HERE, port=None, olt=None))

    assert (await count(any_store, nowhere)).unplaced == Count(under_way=2, last_hour=2)
    assert (await count(any_store, replace(nowhere, site=SiteId("home")))).unplaced is None
    assert (await count(any_store)).unplaced is None


async def test_the_one_that_is_judged_is_left_out(any_store: Store, begin: Begin) -> None:
    await begin("chg_1")
    await begin("chg_2")

    assert (await count(any_store, but="chg_1")).device == Count(under_way=1, last_hour=1)


async def test_what_was_begun_an_hour_ago_is_over_unless_it_is_under_way(
    any_store: Store, begin: Begin
) -> None:
    await begin("chg_1", at=HOUR_AGO)
    await begin("chg_2", at=HOUR_AGO, state=State.SUCCEEDED)
    await begin("chg_3", at=HOUR_AGO + timedelta(seconds=1), state=State.SUCCEEDED)

    assert (await count(any_store)).device == Count(under_way=1, last_hour=1)


@pytest.mark.parametrize("state", list(State))
async def test_only_what_is_being_carried_out_is_under_way(
    any_store: Store, begin: Begin, state: State
) -> None:
    await begin("chg_1", state=state)

    expected = state in (State.EXECUTING, State.VERIFYING, State.UNKNOWN)
    assert (await count(any_store)).port == Count(under_way=int(expected), last_hour=1)


async def test_a_change_of_which_nobody_knows_what_came_keeps_its_place_for_days(
    any_store: Store, begin: Begin
) -> None:
    await begin("chg_1", at=NOW - timedelta(days=30), state=State.UNKNOWN)

    usage = await count(any_store)

    held = Count(under_way=1, last_hour=0)
    assert (usage.port, usage.olt, usage.site) == (held, held, held)
    assert (usage.model, usage.tenant) == (held, held)


async def test_its_own_device_is_open_for_whoever_puts_it_right_and_then_it_is_settled(
    any_store: Store, begin: Begin
) -> None:
    await begin("chg_1", at=HOUR_AGO, state=State.UNKNOWN)
    assert (await count(any_store)).device == Count(under_way=0, last_hour=0)

    await begin("chg_2", at=NOW, state=State.SUCCEEDED)

    assert (await count(any_store)).port == Count(under_way=0, last_hour=1)
    elsewhere = replace(HERE, device=DeviceId("00D09E-G2"))
    await begin("chg_3", elsewhere, at=HOUR_AGO, state=State.UNKNOWN)
    assert (await count(any_store)).port == Count(under_way=1, last_hour=1)


async def test_only_the_first_time_counts(any_store: Store, begin: Begin) -> None:
    await begin("chg_1", at=HOUR_AGO, state=State.SUCCEEDED)
    async with any_store.begin() as tx:
        await tx.usages.begin(HERE, ChangeId("chg_1"), NOW)

    assert (await count(any_store)).device == Count(under_way=0, last_hour=0)


async def test_those_who_count_and_begin_in_one_tenant_take_turns(
    any_store: Store, device: Device, a_change: Callable[..., ChangeRecord]
) -> None:
    records = [a_change(id=ChangeId(f"chg_{n}"), state=State.EXECUTING) for n in range(12)]
    async with any_store.begin() as tx:
        for record in records:
            await tx.changes.add(record)

    async def begin_if_first(record: ChangeRecord) -> bool:
        async with any_store.begin() as tx:
            await tx.usages.queue(NORTH)
            found = await tx.usages.count(HERE, since=HOUR_AGO, but=record.id)
            if found.device.under_way:
                return False
            await asyncio.sleep(0.01)
            await tx.usages.begin(HERE, record.id, NOW)
            return True

    began = await asyncio.gather(*(begin_if_first(record) for record in records))

    assert began.count(True) == 1
