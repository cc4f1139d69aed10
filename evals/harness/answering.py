"""Answers what a planner asks back, as an agent who knows what the subscriber suffers from.

The only question answered is whether what was found is what the subscriber complains of. It is,
when what was found explains something that the true causes explain, too, whether a change here is
right or not; where nothing is known to hurt, it is not. Asked openly what somebody notices, nobody
answers: that would be to put it into better words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from brain.domain.canonical import Json
from brain.domain.device import Device
from brain.domain.errors import NotFound
from brain.domain.identity import Principal
from brain.domain.incident import Case, Message, Symptom
from brain.planner.confirming import CONFIRM
from brain.planner.events import PlannerEvent
from brain.planner.playbooks import PLAYBOOKS
from brain.planner.recollection import Housemate, Recollection
from evals.scenarios.template import Expect

YES, NO = "Yes", "No"


def answer_to(events: Sequence[PlannerEvent], expect: Expect) -> str:
    """What the agent answers to the last thing that was said; empty where it asks for no yes."""
    asked = [each for each in events if each.kind == "question"]
    about = asked[-1].payload.get(CONFIRM) if asked and asked[-1] is _last(events) else None
    if not isinstance(about, dict):
        return ""
    suffers = _explained(expect.causes or ())
    return YES if suffers & _explained([str(about.get("cause"))]) else NO


def _last(events: Sequence[PlannerEvent]) -> PlannerEvent | None:
    return next((each for each in reversed(events) if each.kind not in ("step", "done")), None)


def _explained(causes: Sequence[str]) -> set[Symptom]:
    return {
        symptom for book in PLAYBOOKS if book.cause.value in causes for symptom in book.explains
    }


@dataclass(frozen=True, slots=True)
class DeskMemory:
    """The planner's ``CaseMemory`` for a case of one home: what was said at a desk so far."""

    said: Sequence[PlannerEvent]

    async def recall(self, case: Case) -> Recollection:
        """The planner's own messages, as the product keeps them."""
        kept = [each for each in self.said if each.kind not in ("step", "done")]
        return Recollection(messages=tuple(_message(each, case) for each in kept))

    async def housemates(self, device: Device) -> Sequence[Housemate]:
        """None: a home of a scenario has one device."""
        return ()

    async def turn_to(self, case: Case, device: Device, asker: Principal) -> Case:
        """There is no other."""
        raise NotFound("there is no such device in this home", field="device")


def _message(event: PlannerEvent, case: Case) -> Message:
    payload: dict[str, Json] = {"kind": event.kind, "payload": event.payload}
    return Message(
        case=case.id, role="assistant", text=event.text, at=case.opened_at, payload=payload
    )
