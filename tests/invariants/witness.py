"""Stands between the product and its engine, minter and devices, and writes down what passes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.change import Command, Plan
from brain.domain.device import Device
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import ChangeId, DeviceId
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.permit import Permit
from executors.simulated import MemoryWorld
from policies.engine import RawAnswer
from tests.invariants.journal import Asked, Journal, Sent

STRANGER = "a stranger"
MOODS: dict[str, Any] = {
    "well": {},
    "silent": PolicyUnavailable("down"),
    "of another bundle": {"revision": "another"},
    "empty": {"result": None},
    "a word": {"result": "allow"},
    "a bare outcome": {"result": {"outcome": "allow"}},
    "an unknown outcome": {"outcome": "maybe"},
    "allow in spite of what it found": {"outcome": "allow"},
    "review by nobody": {"outcome": "review", "obligations": {"approvals": [], "rollback": "none"}},
}
"""What an engine may come to say in place of its answer: whole, or parts of the document."""


@dataclass
class WitnessedEngine:
    """The real engine, which may fail or lie."""

    real: Any
    journal: Journal
    mood: str = "well"
    lasts: int = 0
    """For how many questions."""
    about: ChangeId | None = None
    """The change that is carried out just now: two may be of the very same plan."""

    @property
    def name(self) -> str:
        return "witnessed"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        told = self._told(cast(RawAnswer, await self.real.ask(entrypoint, question)))
        self._keep(question, told if isinstance(told, RawAnswer) else None)
        if not isinstance(told, RawAnswer):
            raise told
        return told

    def _told(self, truth: RawAnswer) -> RawAnswer | PolicyUnavailable:
        mood = MOODS[self.mood] if self.lasts > 0 else {}
        self.lasts -= 1
        if isinstance(mood, PolicyUnavailable):
            return mood
        if set(mood) <= {"revision", "result"}:
            return replace(truth, **mood)
        assert isinstance(truth.result, dict)
        return replace(truth, result=truth.result | mood)

    def _keep(self, question: Any, told: RawAnswer | None) -> None:
        point, digest = question["point"], question["plan"]["digest"]
        tick, about = self.journal.tick(), self.about
        asked = Asked(tick=tick, point=point, digest=digest, about=about, told=told)
        self.journal.asked.append(asked)
        self.journal.said.append(canonical_bytes(question).decode())


@dataclass
class WitnessedMinter:
    """The real gate, whose permits are kept: an intruder may show them again."""

    real: Any
    journal: Journal

    def mint(self, *claim: Any) -> Permit:
        permit = cast(Permit, self.real.mint(*claim))
        self.journal.minted.append(permit)
        return permit


@dataclass(slots=True)
class LooseWorld(MemoryWorld):
    """Devices that may do something else than they say, and that know who wrote what last."""

    lies: dict[str, str] = field(default_factory=dict)
    """What is really set: ``{wanted: set instead}``."""
    hand: str = STRANGER
    writers: dict[tuple[DeviceId, str], str] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    """What devices were told to set, or to do, until the witness looks."""

    def set(self, device: DeviceId, wanted: Mapping[ParameterPath, Value], key: str) -> None:
        really = {path: self.lies.get(value, value) for path, value in wanted.items()}
        MemoryWorld.set(self, device, really, key)
        self.writers |= {(device, path): self.hand for path in wanted}
        self.told.append({str(path): value for path, value in wanted.items()})

    def run(self, device: DeviceId, command: Command) -> None:
        MemoryWorld.run(self, device, command)
        self.told.append({str(command.path): ""})


Facts = Callable[[Device, Permit], Awaitable[dict[str, Any]]]
"""What the database itself says just before a permit is spent."""


@dataclass
class WitnessedExecutor:
    """The simulated executor, with a record of what devices did and on whose word."""

    real: Any
    world: LooseWorld
    journal: Journal
    facts: Facts
    clock: Any
    known: Callable[[Permit], Plan | None]

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        return cast(Snapshot, await self.real.read(device, paths))

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        facts = await self.facts(device, permit)
        before = dict(self.world.devices[device.id])
        writers = {p: self.world.writers.get((device.id, p), "") for p in plan.paths}
        undo = plan != self.known(permit)
        self.world.hand = f"{permit.change} {'back' if undo else 'there'}"
        self.world.told.clear()
        try:
            return cast(Outcome, await self.real.apply(device, plan, permit))
        finally:
            self.world.hand = STRANGER
            if self.world.told:
                self.journal.sent.append(
                    Sent(
                        tick=self.journal.tick(),
                        at=self.clock(),
                        permit=permit,
                        plan=plan,
                        undo=undo,
                        told=self.world.told[0],
                        before={str(path): value for path, value in before.items()},
                        writers={str(path): who for path, who in writers.items()},
                        **facts,
                    )
                )


def refuse(world: MemoryWorld, path: ParameterPath, *, on: bool) -> None:
    """Have every device refuse a path, or take it again."""
    world.refusing.pop(path, None)
    if on:
        world.refusing[path] = "9007"
