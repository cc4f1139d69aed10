"""What the rules planner sees of a virtual home, and what becomes of the home when it is heeded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.change import AddObject, Command, SetParameter
from brain.domain.history import Event
from brain.domain.identity import TenantId
from brain.domain.incident import Symptom
from brain.domain.known_bug import KnownBug
from brain.domain.parameter import Snapshot
from brain.planner.candidates import Candidate, Observed
from brain.planner.deps import Neighbourhood, PlannerDeps
from brain.planner.diagnosis import find_candidates
from brain.planner.facts import IntakeFacts
from brain.planner.grounding import ground
from brain.planner.groups import Group, paths_of
from evals.homes.build import World, build

_WORDS = {"address", "port", "transport"}
NOW = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)
TENANT = TenantId("north")


class Nobody:
    """Whoever is asked here was not meant to be: playbooks look at what was read already."""

    def __getattr__(self, name: str) -> Any:  # Any: it stands for every port
        raise AssertionError(f"a playbook asked for {name}")


@dataclass(frozen=True)
class Clinic:
    """One home, its complaint, and the planner's view of it."""

    world: World
    facts: IntakeFacts
    around: Neighbourhood = field(default_factory=Neighbourhood)
    timeline: tuple[Event, ...] = ()
    plan: str = ""
    known_bugs: tuple[KnownBug, ...] = ()
    said: Snapshot | None = None
    """What the device says instead of the truth."""

    @property
    def snapshot(self) -> Snapshot:
        """All that any group of evidence reads, as the device tells it."""
        if self.said is not None:
            return self.said
        device = self.world.devices[0]
        wanted = paths_of(Group, oui=device.oui)
        told = self.world.open().values(device.id)
        values = {path: value for path, value in told.items() if path.startswith(wanted)}
        return Snapshot(device=device.id, taken_at=self.world.clock(), values=values)

    def candidates(self) -> tuple[Candidate, ...]:
        """What the rules offer, surest first."""
        nobody: Any = Nobody()
        deps = PlannerDeps(
            reader=nobody,
            knowledge=nobody,
            submit=nobody,
            hand_over=nobody,
            clock=self.world.clock,
            new_id=lambda kind: kind,
            new_passphrase=lambda: "fresh-4711-apples",
            pseudonym_key=b"key",
            resolvers=("198.51.100.53", "203.0.113.53", "9.9.9.9"),
            time_servers=("ntp1.operator.example",),
            known_bugs=self.known_bugs,
        )
        observed = Observed(
            deps=deps,
            device=self.world.devices[0],
            facts=self.facts,
            snapshot=self.snapshot,
            neighbourhood=self.around,
            timeline=self.timeline,
            plan=self.plan,
        )
        return find_candidates(observed)

    def heed(self, candidate: Candidate) -> None:
        """Carry the changes out as they would be: grounded first; then wait a few minutes."""
        home, homes = self.world.home, self.world.open()
        changes = ground(self.snapshot, candidate.changes, model=catalogue().name)
        sets = {each.path: each.after for each in changes if isinstance(each, SetParameter)}
        if sets:
            homes.set(home.id, sets, "chg_1")
        for change in changes:
            if isinstance(change, Command):
                homes.run(home.id, change)
            elif isinstance(change, AddObject):
                homes.add(home.id, change.path, dict(change.values), "chg_2")
        self.world.advance(minutes=5)


Visit = Callable[..., Clinic]


@pytest.fixture
def visit() -> Visit:
    """``visit("wifi.low_power", Symptom.SLOW_WIFI)``: a home with this fault, and none without."""

    def make(
        kind: str,
        symptom: Symptom,
        fault: Mapping[str, Any] | None = None,
        world: Mapping[str, Any] | None = None,
        **known: Any,
    ) -> Clinic:
        alone = {"around": {"splitter": 0, "port": 0, "olt": 0}}
        faults = [{"kind": kind, **(fault or {})}] if kind else []
        built = build({"world": {**alone, **(world or {})}, "faults": faults}, 7)
        words = {name: known.pop(name) for name in _WORDS & known.keys()}
        return Clinic(built, IntakeFacts(symptom=symptom, **words), **known)

    return make
