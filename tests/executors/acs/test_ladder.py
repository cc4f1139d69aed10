"""A device is woken by whichever way works, and what came of each is remembered."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.domain.reachability import Reachability, Tried, Way
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.digest import Key
from executors.acs.ladder import Ladder, Means, by_http
from executors.acs.wake import Woken

TENANT, DEVICE = TenantId("t"), DeviceId("001122-S1")
UDP = ParameterPath("Device.ManagementServer.UDPConnectionRequestAddress")
JID = ParameterPath("Device.ManagementServer.ConnReqJabberID")
SHARED = Key("acs", "shared")
CAME = m.Inform(
    device=m.Identity("", "001122", "", "S1"), events=(m.InformEvent("6 CONNECTION REQUEST"),)
)


@dataclass
class Ways:
    """What each way answers, and which were asked, in order; waking ends after so many asks."""

    answers: dict[Way, Woken]
    most: int
    asked: list[Way] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def of(self, way: Way) -> Callable[[Means], object]:
        async def ask(means: Means) -> Woken:
            self.asked.append(way)
            if len(self.asked) >= self.most:
                self.done.set()
            return self.answers[way]

        return ask


@pytest.fixture
async def device(store: Store, clock: Clock) -> Device:
    """It can be asked by HTTP, by UDP and by XMPP."""
    known = Device(id=DEVICE, tenant=TENANT, oui="001122", product_class="", serial="S1")
    said = {UDP: "192.0.2.1:9", JID: "box@example.net/x"}
    async with store.begin() as tx:
        await tx.devices.put(known)
        await tx.controllers.put(DEVICE, "http://192.0.2.1/", "", "")
        await tx.snapshots.merge(TENANT, Snapshot(device=DEVICE, taken_at=clock(), values=said))
    return known


async def wake(
    store: Store, clock: Clock, answers: dict[Way, Woken], *, asks: int
) -> tuple[Ladder, list[Way]]:
    """Wake the device until so many were asked."""
    ways = Ways(answers, asks)
    ladder = Ladder(
        store=store,
        clock=clock,
        ways={way: ways.of(way) for way in answers},  # type: ignore[misc]  # an Ask
        shared=SHARED,
        grace=0,
        pause=0,
    )
    waking = asyncio.create_task(ladder.rouse(DEVICE))
    await asyncio.wait_for(ways.done.wait(), 5)
    waking.cancel()
    await asyncio.wait({waking})
    await ladder.close()
    return ladder, ways.asked[:asks]


async def reached(store: Store) -> Reachability:
    async with store.read() as tx:
        known = await tx.reachabilities.get(TENANT, DEVICE)
    assert known is not None
    return known


async def test_a_way_that_is_shut_is_seen_and_the_next_is_tried(
    store: Store, clock: Clock, device: Device
) -> None:
    answers = {Way.HTTP: Woken.SILENT, Way.UDP: Woken.COMING, Way.XMPP: Woken.COMING}

    _, asked = await wake(store, clock, answers, asks=2)

    assert asked == [Way.HTTP, Way.UDP]
    failed = (await reached(store)).tried(Way.HTTP)
    assert (failed.failures, failed.reason) == (1, "nothing answers there")


async def test_the_way_by_which_it_came_is_tried_first_the_next_time(
    store: Store, clock: Clock, device: Device
) -> None:
    answers = {Way.HTTP: Woken.SILENT, Way.UDP: Woken.COMING}
    ladder, _ = await wake(store, clock, answers, asks=2)
    async with store.begin() as tx:
        await ladder.came(tx, device, CAME)

    _, asked = await wake(store, clock, answers, asks=1)

    assert asked == [Way.UDP]
    assert (await reached(store)).tried(Way.UDP).worked_at == clock()


async def test_that_a_way_worked_is_not_lost_with_the_transaction_that_failed(
    store: Store, clock: Clock, device: Device
) -> None:
    ladder, _ = await wake(store, clock, {Way.HTTP: Woken.COMING}, asks=1)
    with suppress(RuntimeError):
        async with store.begin() as tx:
            await ladder.came(tx, device, CAME)
            raise RuntimeError
    async with store.begin() as tx:
        await ladder.came(tx, device, CAME)

    assert (await reached(store)).tried(Way.HTTP).worked_at == clock()


async def test_it_was_asked_for_nothing_more_once_it_is_here(
    store: Store, clock: Clock, device: Device
) -> None:
    ladder, _ = await wake(store, clock, {Way.HTTP: Woken.COMING}, asks=1)
    ladder.here(DEVICE)
    async with store.begin() as tx:
        await ladder.came(tx, device, CAME)

    assert (await reached(store)).tried(Way.HTTP).worked_at is None


async def test_a_device_that_came_by_itself_says_nothing_of_the_way(
    store: Store, clock: Clock, device: Device
) -> None:
    ladder, _ = await wake(store, clock, {Way.HTTP: Woken.COMING}, asks=1)

    periodic = m.Inform(device=CAME.device, events=(m.InformEvent("2 PERIODIC"),))
    async with store.begin() as tx:
        await ladder.came(tx, device, periodic)

    async with store.read() as tx:
        known = await tx.reachabilities.get(TENANT, DEVICE)
    assert known is None or known.tried(Way.HTTP).worked_at is None


async def test_a_silent_device_is_asked_again_and_again(
    store: Store, clock: Clock, device: Device
) -> None:
    _, asked = await wake(store, clock, {Way.HTTP: Woken.SILENT, Way.UDP: Woken.SILENT}, asks=4)

    assert asked == [Way.HTTP, Way.UDP] * 2


async def test_a_busy_device_is_left_alone_for_a_round(
    store: Store, clock: Clock, device: Device
) -> None:
    _, asked = await wake(store, clock, {Way.HTTP: Woken.BUSY, Way.UDP: Woken.COMING}, asks=2)

    assert asked == [Way.HTTP, Way.HTTP]


@pytest.mark.parametrize("answers", [{Way.HTTP: Woken.FORBIDDEN}, {}])
async def test_where_there_is_no_way_nothing_is_tried_twice(
    store: Store, clock: Clock, device: Device, answers: dict[Way, Woken]
) -> None:
    ways = Ways(answers, 9)
    asks = {way: ways.of(way) for way in answers}
    ladder = Ladder(store=store, clock=clock, ways=asks, shared=SHARED, grace=0, pause=0)  # type: ignore[arg-type]

    await asyncio.wait_for(ladder.rouse(DEVICE), 5)

    assert ways.asked == list(answers)


async def test_nobody_is_woken_who_is_not_known(store: Store, clock: Clock) -> None:
    ways = Ways({Way.HTTP: Woken.COMING}, 9)
    ladder = Ladder(store=store, clock=clock, ways={Way.HTTP: ways.of(Way.HTTP)}, shared=SHARED)  # type: ignore[dict-item]

    await asyncio.wait_for(ladder.rouse(DeviceId("nobody")), 5)

    assert ways.asked == []


async def test_a_cancellation_that_was_taken_for_silence_ends_the_waking(
    store: Store, clock: Clock, device: Device
) -> None:
    begun, asked = asyncio.Event(), []

    async def ask(means: Means) -> Woken:
        asked.append(means.url)
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return Woken.SILENT
        return Woken.COMING

    ladder = Ladder(store=store, clock=clock, ways={Way.HTTP: ask}, shared=SHARED)
    waking = asyncio.create_task(ladder.rouse(DEVICE))
    await begun.wait()
    waking.cancel()
    await asyncio.wait([waking], timeout=5)

    assert waking.done()
    assert asked == ["http://192.0.2.1/"]


async def test_what_is_offered_is_tried_before_what_is_known_and_shared(
    store: Store, clock: Clock, device: Device
) -> None:
    offered = DeviceCredentials(
        device=DEVICE, tenant=TENANT, username="box", offered=Passwords(own="o", wake="new")
    )
    async with store.begin() as tx:
        await tx.controllers.put(DEVICE, "http://192.0.2.1/", "box", "old")
        await tx.credentials.put(offered)
    ladder = Ladder(store=store, clock=clock, ways={}, shared=SHARED)
    tried: list[str] = []

    async def request(url: str, *, username: str, password: str) -> Woken:
        tried.append(f"{username}:{password}")
        return Woken.COMING if password == "shared" else Woken.REFUSED

    means = await ladder.means(DEVICE)

    assert means is not None
    assert await by_http(request)(means) is Woken.COMING
    assert tried == ["box:new", "box:old", "acs:shared"]
    assert "new" not in repr(means.keys)


async def test_what_failed_stays_known_beside_what_works(
    store: Store, clock: Clock, device: Device
) -> None:
    async with store.begin() as tx:
        before = Reachability(tenant=TENANT, device=DEVICE)
        await tx.reachabilities.put(before.noted(Way.XMPP, Tried().worked(clock())))

    await wake(store, clock, {Way.HTTP: Woken.REFUSED}, asks=1)

    known = await reached(store)
    assert known.tried(Way.XMPP).worked_at == clock()
