"""A neighbour suffers, is well, or nobody knows: and nobody knowing is neither."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.device import Device
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import Snapshot
from brain.store.store import Store
from brain.topology.health import Condition, Said, condition, neighbours_health
from brain.topology.neighbourhood import neighbourhood

NORTH = TenantId("north")
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
LEVEL = "Device.Optical.Interface.1.OpticalSignalLevel"
XPON = "Device.XPON.ONU.1.ANI.1.Transceiver.1.RxPower"
WELL = Condition(suffering=False)


@pytest.fixture
def how(
    a_device: Callable[..., Device], a_snapshot: Callable[..., Snapshot]
) -> Callable[..., Condition | None]:
    def ask(
        values: dict[str, str] | None = None,
        *,
        seen: timedelta | None = timedelta(minutes=5),
        said: timedelta = timedelta(),
        events: Sequence[Event] = (),
        every: int | None = None,
    ) -> Condition | None:
        heard = None if seen is None else NOW - seen
        device = a_device("d", last_seen=heard, inform_every=every)
        line = None if values is None else a_snapshot(values, taken_at=NOW - said)
        return condition(device, Said(line=line, changes=events), NOW)

    return ask


How = Callable[..., Condition | None]


def drop(hours: float, path: str = "Device.PPP.Interface.1.Status", value: str = "Down") -> Event:
    return Event(
        tenant=TenantId("north"),
        device=DeviceId("d"),
        kind=EventKind.VALUE_CHANGE,
        at=NOW - timedelta(hours=hours),
        path=path,
        value=value,
    )


@pytest.mark.parametrize(
    ("values", "suffers"),
    [
        ({LEVEL: "-27002"}, True),
        ({LEVEL: "-27000"}, False),
        ({LEVEL: "-19500"}, False),
        ({XPON: "-271"}, True),
        ({XPON: "-270"}, False),
        ({LEVEL: "-19500", "Device.Optical.Interface.2.OpticalSignalLevel": "-30000"}, True),
    ],
)
def test_too_little_light_is_suffering(how: How, values: dict[str, str], suffers: bool) -> None:
    found = how(values)

    assert found is not None
    assert found.suffering is suffers


def test_the_reason_says_how_little(how: How) -> None:
    assert how({LEVEL: "-31150"}) == Condition(
        suffering=True, reason="receives -31.1 dBm of light, below -27.0 dBm"
    )


@pytest.mark.parametrize("value", ["-65536", "65534", "", "none", "-27.5"])
def test_a_level_that_was_not_measured_says_nothing(how: How, value: str) -> None:
    assert how({LEVEL: value}) is None


def test_an_optical_port_towards_the_home_says_nothing(how: How) -> None:
    away = {"Device.Optical.Interface.1.Upstream": "false"}

    assert how({LEVEL: "-40000", **away}) is None


@pytest.mark.parametrize(
    "values",
    [
        {"Device.PPP.Interface.1.Status": "Up"},
        {"Device.DSL.Line.1.Status": "Up"},
        {
            "Device.Ethernet.Interface.1.Status": "Up",
            "Device.Ethernet.Interface.1.Upstream": "true",
        },
    ],
)
def test_a_line_that_is_up_is_well(how: How, values: dict[str, str]) -> None:
    assert how(values) == WELL


@pytest.mark.parametrize(
    "values",
    [
        None,
        {},
        {"Device.WiFi.Radio.1.Status": "Up"},
        {"Device.Ethernet.Interface.1.Status": "Up"},
        {"Device.PPP.Interface.1.Status": "Down"},
    ],
)
def test_a_device_that_says_nothing_of_its_line_is_unknown(
    how: How, values: dict[str, str] | None
) -> None:
    assert how(values) is None


def test_what_was_said_long_ago_is_no_longer_known(how: How) -> None:
    assert how({LEVEL: "-31000"}, said=timedelta(hours=25)) is None
    assert how({LEVEL: "-19000"}, said=timedelta(hours=25)) is None


@pytest.mark.parametrize(
    ("every", "silent", "suffers"),
    [
        (3600, timedelta(hours=3, minutes=1), True),
        (3600, timedelta(hours=2, minutes=59), False),
        (60, timedelta(minutes=59), False),
        (60, timedelta(minutes=61), True),
        (604800, timedelta(days=8), False),
        (0, timedelta(hours=25), False),
        (None, timedelta(hours=27), True),
    ],
)
def test_silence_is_measured_by_the_interval_of_the_device(
    how: How, every: int | None, silent: timedelta, suffers: bool
) -> None:
    found = how({LEVEL: "-19000"}, seen=silent, every=every)

    assert found is not None
    assert found.suffering is suffers


@pytest.mark.parametrize("seen", [None, timedelta(days=15)])
def test_a_device_never_heard_from_or_long_gone_is_unknown(
    how: How, seen: timedelta | None
) -> None:
    assert how({LEVEL: "-31000"}, seen=seen) is None


def test_many_drops_within_a_day_are_suffering(how: How) -> None:
    well = {LEVEL: "-19000"}

    assert how(well, events=[drop(n) for n in (1, 2, 3)]) == WELL
    assert how(well, events=[drop(n) for n in (1, 2, 3, 25)]) == WELL
    assert how(well, events=[drop(n) for n in (1, 2, 3, 4)]) == Condition(
        suffering=True, reason="lost its line 4 times in 24 h"
    )


def test_drops_are_those_of_the_line_alone(how: How) -> None:
    up = [drop(n, value="Up") for n in range(9)]
    radio = [drop(n, path="Device.WiFi.Radio.1.Status") for n in range(9)]
    inside = [drop(n, path="Device.Ethernet.Interface.2.Status") for n in range(9)]

    assert how({LEVEL: "-19000"}, events=[*up, *radio, *inside]) == WELL
    line = {"Device.Ethernet.Interface.2.Upstream": "true"}
    assert how({LEVEL: "-19000", **line}, events=inside) != WELL


async def test_neighbours_are_asked_about_from_the_store(
    network: Store, a_device: Callable[..., Device], a_snapshot: Callable[..., Snapshot]
) -> None:
    async with network.begin() as tx:
        for name, level in (("p1a-1", "-31000"), ("p1a-2", "-19000"), ("p1b-0", "nonsense")):
            await tx.snapshots.merge(NORTH, a_snapshot({LEVEL: level}, id=name))
        for name in ("p2a-0", "p2b-0"):
            few = 4 if name == "p2a-0" else 3
            await tx.events.add(
                *(replace(drop(n), device=DeviceId(name)) for n in range(1, few + 1))
            )
    async with network.read() as tx:
        graph = await neighbourhood(tx, a_device("p1a-0", "p1a"))
        health = await neighbours_health(tx, graph, now=NOW)

    found = {each.device: (each.suffering, each.node, each.above) for each in health}
    assert found == {
        "p1a-1": (True, "p1a", ("p1", "olt")),
        "p1a-2": (False, "p1a", ("p1", "olt")),
        "p2a-0": (True, "p2a", ("p2", "olt")),
    }


async def test_an_old_level_is_not_made_new_by_what_else_a_device_says(
    network: Store, a_device: Callable[..., Device], a_snapshot: Callable[..., Snapshot]
) -> None:
    old, new = {LEVEL: "-31000"}, {"Device.ManagementServer.PeriodicInformInterval": "3600"}
    async with network.begin() as tx:
        before = a_snapshot(old, id="p1a-1", taken_at=NOW - timedelta(days=2))
        await tx.snapshots.merge(NORTH, before)
        await tx.snapshots.merge(NORTH, a_snapshot(new, id="p1a-1"))
        await tx.devices.put(a_device("p1a-2", "p1a", last_seen=NOW))
        await tx.snapshots.merge(NORTH, a_snapshot({**old, **new}, id="p1a-2"))
        # Twelve hourly Informs that did not come.
        twelve = NOW - timedelta(hours=12)
        await tx.devices.put(a_device("late", "p1a", last_seen=twelve, inform_every=3600))
    async with network.read() as tx:
        graph = await neighbourhood(tx, a_device("p1a-0", "p1a"))
        health = await neighbours_health(tx, graph, now=NOW)

    assert {each.device: each.reason for each in health} == {
        "p1a-2": "receives -31.0 dBm of light, below -27.0 dBm",
        "late": "not heard from for 12 h",
    }


async def test_a_copper_line_is_looked_at_where_nothing_else_tells(
    network: Store, a_device: Callable[..., Device], a_snapshot: Callable[..., Snapshot]
) -> None:
    port = "Device.Ethernet.Interface.4."
    line = {port + "Upstream": "true", port + "Status": "Up"}
    async with network.begin() as tx:
        await tx.snapshots.merge(NORTH, a_snapshot(line, id="p1a-1"))
        await tx.snapshots.merge(NORTH, a_snapshot({LEVEL: "-19000", **line}, id="p1a-2"))
        lost = [drop(n, path=port + "Status") for n in range(1, 5)]
        await tx.events.add(*(replace(each, device=DeviceId("p1a-2")) for each in lost))
    async with network.read() as tx:
        graph = await neighbourhood(tx, a_device("p1a-0", "p1a"))
        health = await neighbours_health(tx, graph, now=NOW)

    assert {each.device: each.reason for each in health} == {
        "p1a-1": "",
        "p1a-2": "lost its line 4 times in 24 h",
    }
