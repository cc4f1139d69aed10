"""What happens beside a change: waking, paging, telling the case, keeping decisions."""

from contextlib import suppress
from dataclasses import dataclass

import structlog
from pydantic import BaseModel

from brain.domain.canonical import Json
from brain.domain.errors import Conflict, GatewrightError, PlannerFailed
from brain.domain.identity import ChangeId, TenantId
from brain.domain.life import State
from brain.domain.model_call import ModelCall
from brain.domain.ports import Clock, Wake
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Verdict
from brain.ledger.ledger import Ledger
from brain.ledger.steps import GATEWRIGHT
from brain.planner.deps import LanguageModel, Prompt, Reply
from brain.planner.endings import what_became
from brain.planner.events import PlannerEvent
from brain.planner.run import Planner, outcome_of
from brain.store.store import Store

ASSISTANT = "assistant"
"""How a case names the planner among those who speak in it."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Bell:
    """The ledger's ``Wake``: before the work has started nobody listens, and nothing is lost."""

    listener: Wake | None = None

    def __call__(self, change: ChangeId) -> None:
        """Pass it on to whoever listens."""
        if self.listener is not None:
            self.listener(change)


@dataclass(frozen=True, slots=True)
class KeptDecisions:
    """The gate's decision log, in the store: a verdict that is not kept was not given."""

    store: Store

    async def __call__(self, tenant: TenantId, verdict: Verdict, question: Json) -> None:
        """Keep the verdict with what was asked, which the gate has masked."""
        if verdict.cause:
            _log.warning(verdict.cause, engine=verdict.engine, decision_id=verdict.decision_id)
        async with self.store.begin() as tx:
            await tx.verdicts.add(tenant, None, verdict, question)


@dataclass(frozen=True, slots=True)
class KeptCalls:
    """The planner's ``CallBook``, in the store."""

    store: Store

    async def __call__(self, call: ModelCall) -> None:
        """Keep it; a record that cannot be kept does not end the run that it is about."""
        try:
            async with self.store.begin() as tx:
                await tx.model_calls.add(call)
        except GatewrightError as error:
            _log.error("model_call_not_kept", case=call.case, reason=error.code)


@dataclass(frozen=True, slots=True)
class Pager:
    """Calls a person, in the log and in the audit trail."""

    store: Store
    ledger: Ledger

    async def page(self, record: ChangeRecord, reason: str) -> None:
        """Say that this change needs eyes now."""
        _log.error("page", change=record.id, device=record.device, reason=reason)
        async with self.store.begin() as tx:
            await self.ledger.steps.note(tx, record, GATEWRIGHT, "paged", {"reason": reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Tells the planner what became of its proposal, and the case what the planner says then."""

    store: Store
    ledger: Ledger
    planner: Planner
    clock: Clock

    async def tell(self, change: ChangeId) -> None:
        """Resume the thread that waits for this change; said twice, the second says nothing.

        Of a change that was taken back after it had succeeded the case is told as well.
        """
        record, said = await self.ledger.get(change), False
        async for event in self.planner.resume(record.case, outcome_of(record)):
            said = True
            await self._say(record, event)
        if not said and await self._was_told_otherwise(record):
            outcome = outcome_of(record)
            text = what_became(outcome)
            await self._say(record, PlannerEvent(kind="text", text=text, payload=outcome))

    async def _say(self, record: ChangeRecord, event: PlannerEvent) -> None:
        payload: dict[str, Json] = {"kind": event.kind, "payload": event.payload}
        async with self.store.begin() as tx:
            await tx.messages.add(
                record.tenant,
                record.case,
                ASSISTANT,
                event.text,
                at=self.clock(),
                payload=payload,
            )

    async def _was_told_otherwise(self, record: ChangeRecord) -> bool:
        """Whether the last that the case was told of it is another end than this one."""
        async with self.store.read() as tx:
            messages = await tx.messages.of_case(record.tenant, record.case)
        states = [_end_told(each.payload, record.id) for each in messages]
        told = [each for each in states if each]
        return bool(told) and told[-1] != record.state


def _end_told(payload: Json, change: ChangeId) -> str:
    """The state in which a message says that this change ended; empty for every other message."""
    about = payload.get("payload") if isinstance(payload, dict) else None
    if not isinstance(about, dict) or about.get("change_id") != change or "reason" not in about:
        return ""
    return str(about.get("state", ""))


@dataclass(frozen=True, slots=True)
class WatchedModel:
    """A language model whose failures are in the log: without a word of what was asked or said."""

    model: LanguageModel

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """Ask it; what it fails with is passed on."""
        try:
            return await self.model.ask(prompt, shape, seconds=seconds)
        except PlannerFailed as failed:
            _log.warning("llm_failed", prompt=prompt.name, code=failed.code)
            raise


@dataclass(frozen=True, slots=True)
class PlanAnew:
    """Ends what waits on the answer of rules that no longer decide; whoever asked is told."""

    store: Store
    ledger: Ledger

    async def __call__(self, revision: str) -> None:
        """Supersede every change that was judged by other rules and has not begun."""
        async with self.store.read() as tx:
            waiting = await tx.changes.not_begun()
        for record in waiting:
            if record.verdict.policy_revision != revision:
                with suppress(Conflict):  # it began, or ended, just now
                    reason = "the rules changed since it was judged; ask for it anew"
                    await self.ledger.move(record, State.SUPERSEDED, reason=reason)
