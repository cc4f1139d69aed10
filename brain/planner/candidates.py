"""What could be proposed: computed from the device, so every choice is a legal one."""

from dataclasses import dataclass, field, replace

from brain.domain.canonical import digest_of
from brain.domain.change import Change, SetParameter
from brain.domain.device import Device
from brain.domain.errors import PlannerFailed
from brain.domain.history import Event
from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from brain.domain.proposal import Effect, Evidence, Finding
from brain.planner.deps import Neighbourhood, PlannerDeps
from brain.planner.facts import IntakeFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All that a cause may look at. Names of networks and hosts are in it, and decide nothing."""

    deps: PlannerDeps
    device: Device
    facts: IntakeFacts
    snapshot: Snapshot
    neighbourhood: Neighbourhood = field(default_factory=Neighbourhood)
    timeline: tuple[Event, ...] = ()
    """What happened to the device, newest first."""
    plan: str = ""
    """What the books say the subscriber pays for; empty when they do not say."""

    @property
    def symptom(self) -> Symptom:
        """What hurts."""
        return self.facts.symptom


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One thing that could be proposed: changes, or a hand-over that changes nothing."""

    id: str
    """Short, stable within a run: what a language model chooses by."""
    finding: Finding
    summary: str
    """What it would do, in one sentence for a person."""
    changes: tuple[Change, ...] = ()
    effect: Effect | None = None
    hand_over: str = ""
    """What somebody else needs to know, when nothing should change here."""
    question: str = ""
    """What the agent has to be asked first: the evidence leaves two readings."""
    advice: str = ""
    """What the agent is told, when nothing should change and nobody else has to act."""

    @property
    def mark(self) -> str:
        """Tells this very change from any other, so that a yes to it is a yes to nothing else."""
        return digest_of([self.id, self.finding.cause, [_open(each) for each in self.changes]])


def _open(change: Change) -> Change:
    """Without what is secret: a digest of few words tells them."""
    if isinstance(change, SetParameter) and change.secret:
        return replace(change, before="", after="")
    return change


def wanted(snapshot: Snapshot, path: str, value: str, *, secret: bool = False) -> SetParameter:
    """A change to one parameter, for grounding to check and to give its type."""
    seen = "" if secret else snapshot.get(path) or ""
    return SetParameter(
        path=ParameterPath(path),
        type=ParameterType.STRING,
        before=seen,
        after=value,
        secret=secret,
    )


def seen(snapshot: Snapshot, path: str, text: str, *, guard: bool = False) -> Evidence:
    """Evidence with the value that the device gave for this path.

    Only configuration may guard: a counter has always moved by the time of the write.
    """
    value = snapshot.get(path)
    known = value is not None
    return Evidence(text=text, path=ParameterPath(path), value=value, guard=guard and known)


def guards(snapshot: Snapshot, *paths: str) -> tuple[Evidence, ...]:
    """Guarding evidence for those of these settings that the device tells."""
    return tuple(
        seen(snapshot, path, f"{path.rpartition('.')[2]} is {snapshot.get(path)}", guard=True)
        for path in paths
        if snapshot.get(path) is not None
    )


class MoreNeeded(PlannerFailed):
    """The message does not say enough to act on; the sentence is a question for the agent."""
