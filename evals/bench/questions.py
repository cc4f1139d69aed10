"""What is asked in fleets of every size: what an answer costs must not follow the fleet."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cache

from brain.domain.device import Device
from brain.domain.history import Event, EventKind, Window
from brain.domain.parameter import ParameterPath, Snapshot
from brain.history.series import Span, measured
from brain.history.timeline import timeline
from brain.remediation.evaluating import Evaluation
from brain.remediation.index import Index
from brain.remediation.rules import Rulebook, load_rules
from brain.remediation.taking_in import EventIntake
from brain.store.store import Store
from brain.topology.blast_radius import radius
from brain.topology.common_cause import common_cause
from brain.topology.health import neighbours_health
from brain.topology.neighbourhood import ancestors, neighbourhood, surroundings
from evals.bench.fleet import NOW, device_at

_LASER = (ParameterPath("Device.Optical.Interface.1.Enable"),)
_WEEK = timedelta(days=7)
_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Question:
    """Asked about one device."""

    ask: Callable[[Store, Device], Awaitable[object]]
    aim: str
    """Milliseconds."""


async def _around(store: Store, device: Device) -> object:
    async with store.read() as tx:
        return await neighbourhood(tx, device)


async def _cause(store: Store, device: Device) -> object:
    async with store.read() as tx:
        graph = await surroundings(tx, device)
        return common_cause(ancestors(graph), await neighbours_health(tx, graph, now=NOW))


async def _radius(store: Store, device: Device) -> object:
    said = Snapshot(
        device=device.id,
        taken_at=NOW,
        values={ParameterPath("Device.Hosts.HostNumberOfEntries"): "0"},
    )
    async with store.read() as tx:
        found = await radius(tx, device, _LASER, said)
    if found.others != 255:
        raise AssertionError(f"a full port has 255 others, not {found.others}")
    return found


async def _week(store: Store, device: Device) -> object:
    span = Span(since=NOW - _WEEK, until=NOW)
    async with store.read() as tx:
        happened = await timeline(tx, device.tenant, device.id, Window(since=span.since))
        series = await measured(tx, device.tenant, device.id, span)
    if len(happened) < 7 or not series:
        raise AssertionError(f"a week without its events or points: {device.id}")
    return happened, series


async def _taken(store: Store, device: Device) -> object:
    """Taken in, on disk, and counted by the shipped rules: one drop of a hundred devices each."""
    index, rulebook = _rules()
    first = int(device.serial)
    intake = EventIntake(store, lambda: NOW, index)
    evaluation = Evaluation(store=store, rulebook=rulebook, clock=lambda: NOW, zone=UTC)
    taken = await intake.take([_drop(device_at(first + each)) for each in range(_EVENTS)])
    await intake.close()
    counted = await evaluation.batch()
    if (taken, counted) != (_EVENTS, _EVENTS):
        raise AssertionError(f"of {_EVENTS} events {taken} were taken and {counted} counted")
    return counted


@cache
def _rules() -> tuple[Index, Rulebook]:
    rulebook = load_rules()
    return Index(rulebook), rulebook


def _drop(device: Device) -> Event:
    return Event(
        tenant=device.tenant,
        device=device.id,
        kind=EventKind.VALUE_CHANGE,
        at=NOW,
        path="Device.PPP.Interface.1.Status",
        value="Down",
    )


QUESTIONS: Mapping[str, Question] = {
    "neighbourhood": Question(_around, "20"),
    "common cause": Question(_cause, "20"),
    "blast radius": Question(_radius, "20"),
    "a device's week": Question(_week, "50"),
    f"{_EVENTS} events in and counted": Question(_taken, "10"),
}
