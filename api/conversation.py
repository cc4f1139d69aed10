"""One turn of a case: keep what was said, let the planner work, keep and pass on what it says.

A turn outlives its listener: an agent who closes the window finds the answer in the case's
messages. Console and REST both speak through here.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping

import structlog

from api.metrics import Metrics
from api.needs import Gatewright
from brain.domain.errors import Conflict, GatewrightError
from brain.domain.identity import CaseId, Principal
from brain.domain.incident import Case
from brain.planner.events import PlannerEvent

AGENT, PLANNER = "user", "assistant"
KEPT = frozenset({"text", "question", "proposal", "hand_over", "denied", "failed"})
"""The events that are messages; steps are only for those who watch."""

log = structlog.get_logger("gatewright.conversation")

_Queue = asyncio.Queue[PlannerEvent | None]


class Conversations:
    """The turns that run in this process, one at a time for each case."""

    def __init__(self, gatewright: Gatewright, metrics: Metrics) -> None:
        self._gatewright = gatewright
        self._metrics = metrics
        self._turns: dict[CaseId, asyncio.Task[None]] = {}

    async def say(self, case: Case, text: str, who: Principal) -> AsyncIterator[PlannerEvent]:
        """Begin a turn and follow it; the last event is always ``done``.

        Raises Conflict while the case has a turn under way in this process.
        """
        return self._follow(await self._begin(case, text, who))

    async def settled(self) -> None:
        """Wait until every turn that is under way has ended."""
        await asyncio.gather(*self._turns.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop every turn; what was said so far is kept."""
        for turn in self._turns.values():
            turn.cancel()
        await self.settled()

    async def _begin(self, case: Case, text: str, who: Principal) -> _Queue:
        if case.id in self._turns:
            raise Conflict(
                "the planner is still at work on this case",
                remedy="Wait until it is done; its answer will be among the messages.",
            )
        queue: _Queue = asyncio.Queue()
        self._turns[case.id] = asyncio.create_task(self._turn(case, text, who, queue))
        return queue

    async def _turn(self, case: Case, text: str, who: Principal, queue: _Queue) -> None:
        last = _DONE
        try:
            await self._keep(case, AGENT, PlannerEvent(kind="text", text=text))
            last = await self._plan(case, text, who, queue)
        except GatewrightError as error:
            queue.put_nowait(PlannerEvent(kind="failed", text=str(error)))
        except Exception:  # the edge of a task: nobody above would hear of it
            log.exception("a turn broke", case=case.id)
            queue.put_nowait(PlannerEvent(kind="failed", text=_BROKE))
        finally:
            del self._turns[case.id]
            queue.put_nowait(last)
            queue.put_nowait(None)

    async def _plan(self, case: Case, text: str, who: Principal, queue: _Queue) -> PlannerEvent:
        """Let the planner work to its end; its last event."""
        async for event in self._gatewright.planner.run(case, text, who):
            if event.kind == "done":
                self._count_calls(event)
                return event
            await self._pass_on(case, event, queue)
        await self._pass_on(case, PlannerEvent(kind="failed", text=_BROKE), queue)
        return _DONE

    def _count_calls(self, done: PlannerEvent) -> None:
        calls = done.payload.get("calls")
        for call in calls if isinstance(calls, list) else []:
            if isinstance(call, Mapping):
                self._metrics.asked_model(call)

    async def _pass_on(self, case: Case, event: PlannerEvent, queue: _Queue) -> None:
        """Kept before it is shown: what an agent saw can be read again."""
        self._metrics.planned(event.kind)
        if event.kind in KEPT:
            await self._keep(case, PLANNER, event)
        queue.put_nowait(event)

    async def _keep(self, case: Case, role: str, event: PlannerEvent) -> None:
        async with self._gatewright.store.begin() as tx:
            await tx.messages.add(
                case.tenant,
                case.id,
                role,
                event.text,
                at=self._gatewright.clock(),
                payload={"kind": event.kind, "payload": event.payload},
            )

    @staticmethod
    async def _follow(queue: _Queue) -> AsyncIterator[PlannerEvent]:
        while (event := await queue.get()) is not None:
            yield event


_BROKE = "Something went wrong on our side. Look at this case's changes before trying again."
_DONE = PlannerEvent(kind="done", text="")
