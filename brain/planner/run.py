"""Runs the planner for one message, and tells what it does as it does it."""

from collections.abc import AsyncGenerator, AsyncIterator

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command

from brain.domain.canonical import Json, jsonable
from brain.domain.errors import GatewrightError
from brain.domain.identity import CaseId, Principal, ProposalId
from brain.domain.incident import Case
from brain.domain.record import ChangeRecord
from brain.planner.calls import call_shown
from brain.planner.candidates import MoreNeeded
from brain.planner.considered import with_considered
from brain.planner.deps import PlannerDeps
from brain.planner.events import PlannerEvent
from brain.planner.facts import IntakeFacts
from brain.planner.graph import build_graph
from brain.planner.notebook import Notebook, Run
from brain.planner.opening import open_notes
from brain.planner.state import STATE_VERSION, PlannerState

__all__ = ["Planner", "PlannerEvent", "outcome_of"]

_STEPS = 40
"""More than the longest run takes: three readings and three choices make twenty."""


class Planner:
    """Proposes, and never acts. One planner serves any number of runs at once."""

    def __init__(self, deps: PlannerDeps, checkpointer: BaseCheckpointSaver[str]) -> None:
        self._deps = deps
        self._checkpointer = checkpointer
        self._graph = build_graph(checkpointer)
        self._resuming: set[str] = set()

    def run(self, case: Case, text: str, asker: Principal) -> AsyncGenerator[PlannerEvent, None]:
        """Plan for one message. Every failure is an event in a sentence; ``done`` comes last.

        An empty text plans for the symptom that the case already has. At most one proposal comes
        of a run, and only for the device of the case.
        """
        return self._run(case, asker, self._deps.new_id("prp"), text=text)

    def look_into(
        self, case: Case, facts: IntakeFacts, asker: Principal, *, proposal_id: ProposalId
    ) -> AsyncGenerator[PlannerEvent, None]:
        """Plan for facts that nobody said: the same as ``run``, without a message to read.

        What is proposed has this id, so that whoever runs it again proposes nothing twice.
        """
        return self._run(case, asker, proposal_id, given=facts)

    async def _run(
        self,
        case: Case,
        asker: Principal,
        proposal_id: str,
        *,
        text: str = "",
        given: IntakeFacts | None = None,
    ) -> AsyncGenerator[PlannerEvent, None]:
        state: PlannerState = {"proposal_id": proposal_id}
        notes: Notebook | None = None
        try:
            notes = await open_notes(self._deps, case, text, asker, proposal_id=proposal_id)
            notes.given = given
            if given is not None:  # what a run before this one left in the middle
                await self._checkpointer.adelete_thread(_thread(case.id, proposal_id))
            run = Run(deps=self._deps, notes=notes)
            async for event in self._steps(run, _beginning(case.id, proposal_id)):
                yield event
            state = await self._state(case.id, proposal_id)
        except MoreNeeded as question:
            asked = PlannerEvent(kind="question", text=question.message)
            yield with_considered(asked, notes) if notes else asked
        except GatewrightError as error:
            yield PlannerEvent(kind="failed", text=_sentence(error), payload={"code": error.code})
        if not state.get("waits"):
            await self._checkpointer.adelete_thread(_thread(case.id, proposal_id))
        yield PlannerEvent(kind="done", text="", payload=_summary(state, notes))

    async def resume(
        self, case_id: CaseId, outcome: dict[str, Json]
    ) -> AsyncIterator[PlannerEvent]:
        """Tell what became of a change: once, for the thread that waits for exactly this change.

        ``outcome`` is that of ``outcome_of``. A thread that does not wait, or waits for another
        change, says nothing.
        """
        proposal_id = str(outcome.get("proposal_id", ""))
        state = await self._state(case_id, proposal_id)
        expected = state.get("change_id") == outcome.get("change_id")
        if state.get("version") != STATE_VERSION or not state.get("waits") or not expected:
            return
        thread = _thread(case_id, proposal_id)
        if thread in self._resuming:
            return
        self._resuming.add(thread)
        try:
            async for event in self._graph.astream(
                Command(resume=outcome),
                _config(case_id, proposal_id),
                stream_mode="custom",
                durability="sync",
            ):
                yield _as_event(event)
            await self._checkpointer.adelete_thread(thread)
        finally:
            self._resuming.discard(thread)

    async def _steps(self, run: Run, beginning: PlannerState) -> AsyncIterator[PlannerEvent]:
        async for event in self._graph.astream(
            beginning,
            _config(run.notes.case.id, beginning["proposal_id"]),
            context=run,
            stream_mode="custom",
            durability="sync",
        ):
            yield with_considered(_as_event(event), run.notes)

    async def _state(self, case_id: CaseId, proposal_id: str) -> PlannerState:
        kept = await self._graph.aget_state(_config(case_id, proposal_id))
        state: PlannerState = {**kept.values}  # type: ignore[typeddict-item]  # of our own making
        return state


def outcome_of(record: ChangeRecord) -> dict[str, Json]:
    """What ``Planner.resume`` has to be told of a change that came to an end."""
    return {
        "change_id": record.id,
        "proposal_id": record.proposal,
        "state": record.state.value,
        "reason": record.reason,
        "at": jsonable(record.updated_at),
    }


def _as_event(part: object) -> PlannerEvent:
    if not isinstance(part, PlannerEvent):
        raise TypeError(f"a step told {type(part).__name__}, which is no event")
    return part


def _beginning(case_id: CaseId, proposal_id: str) -> PlannerState:
    return {
        "version": STATE_VERSION,
        "case_id": case_id,
        "proposal_id": proposal_id,
        "rounds": 0,
        "repairs": 0,
    }


def _thread(case_id: CaseId, proposal_id: str) -> str:
    """One thread a proposal: a case may have several, each waiting for its own outcome."""
    return f"{case_id}/{proposal_id}"


def _config(case_id: CaseId, proposal_id: str) -> RunnableConfig:
    return {
        "configurable": {"thread_id": _thread(case_id, proposal_id)},
        "recursion_limit": _STEPS,
    }


def _sentence(error: GatewrightError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _summary(state: PlannerState, notes: Notebook | None) -> dict[str, Json]:
    spent = notes.spending if notes else None
    return {
        "proposal_id": state.get("proposal_id"),
        "change_id": state.get("change_id"),
        "state": state.get("change_state"),
        "cause": state.get("cause"),
        "causes": notes.causes if notes else [],
        "rounds": state.get("rounds", 0),
        "model_calls": spent.calls if spent else 0,
        "tokens_in": spent.tokens_in if spent else 0,
        "tokens_out": spent.tokens_out if spent else 0,
        "calls": [call_shown(each) for each in spent.made] if spent else [],
    }
