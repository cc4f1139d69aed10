"""What a case remembers of itself: what was said, what was considered, what became of changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from brain.domain.canonical import Json
from brain.domain.device import Device
from brain.domain.identity import Principal
from brain.domain.incident import Case, Message, Symptom
from brain.domain.life import State
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.planner.facts import Band, IntakeFacts, Request, RequestKind

CONSIDERED = "considered"
"""The key under which an event carries what its run considered, for later turns of the case."""
_PLANNER = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One change of the case, why it was proposed, and what was backed up before it."""

    record: ChangeRecord
    proposal: Proposal | None
    backup: Snapshot | None = None

    @property
    def applied(self) -> bool:
        """Whether the device may hold what it sets: it was begun, and was not taken back."""
        began = self.record.state in (State.FAILED, State.UNKNOWN) and self.backup is not None
        return self.record.state is State.SUCCEEDED or began


@dataclass(frozen=True, slots=True, kw_only=True)
class Housemate:
    """Another device in the same home, and what it tells of its kind."""

    device: Device
    kinds: frozenset[str] = frozenset()
    """``extender``, ``ont``, ``set-top`` or ``gateway``, by the objects that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """What was said in a case in order, and its changes, the newest first."""

    messages: tuple[Message, ...] = ()
    tried: tuple[Tried, ...] = ()

    @property
    def last_asked(self) -> Mapping[str, Json]:
        """The payload of the planner's last message, when that was a question; else empty."""
        said = [each for each in self.messages if each.role == _PLANNER]
        kept = _mapping(said[-1].payload) if said else {}
        return _mapping(kept.get("payload")) if kept.get("kind") == "question" else {}

    @property
    def considered(self) -> Mapping[str, Json]:
        """What the last run that looked for a cause considered; empty when none did."""
        return _mapping(self.last_told.get(CONSIDERED))

    @property
    def last_told(self) -> Mapping[str, Json]:
        """The payload of the message in which that run said what it came to."""
        for message in reversed(self.messages):
            told = _mapping(_mapping(message.payload).get("payload"))
            if CONSIDERED in told:
                return told
        return {}

    @property
    def facts(self) -> IntakeFacts | None:
        """What that run had understood; None when nothing was understood yet."""
        kept = self.considered
        try:
            symptom = Symptom(str(kept["symptom"]))
            band = Band(str(kept["band"])) if kept.get("band") else None
            return IntakeFacts(
                symptom=symptom,
                band=band,
                request=_request(kept),
                complains=kept.get("complains") is True,
                # Messages of earlier releases do not say: then a model may have read it.
                by_model=kept.get("by_model") is not False,
            )
        except (KeyError, ValueError):
            return None


class CaseMemory(Protocol):
    """Remembers a case, and turns it to another device of the same home."""

    async def recall(self, case: Case) -> Recollection:
        """What was said and done in this case."""

    async def housemates(self, device: Device) -> Sequence[Housemate]:
        """The other devices at the device's site, of the same tenant; none when it has no site."""

    async def turn_to(self, case: Case, device: Device, asker: Principal) -> Case:
        """The case about this device from now on; NotFound unless it is in the same home."""


def _request(kept: Mapping[str, Json]) -> Request | None:
    request = _mapping(kept.get("request"))
    if not request:
        return None
    return Request(kind=RequestKind(str(request["kind"])), value=str(request.get("value", "")))


def _mapping(value: object) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
