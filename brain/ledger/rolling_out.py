"""Carries rollouts on: submits the next changes while there is room, stops where too much fails.

Each change is submitted, judged, approved, backed up, executed and verified like any other, in the
name of the person who began the rollout; nothing here can let one through. A pass can be killed
after any line.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from brain.domain.errors import (
    Busy,
    Conflict,
    GatewrightError,
    PolicyUnavailable,
    StoreUnavailable,
)
from brain.domain.identity import ChangeId, Principal
from brain.domain.incident import Case, Symptom
from brain.domain.life import State
from brain.domain.proposal import Author, Cause, Evidence, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.rollout import Rollout, RolloutState, Target, TargetState
from brain.ledger.ledger import Ledger
from brain.ledger.rollouts import Rollouts
from brain.ledger.steps import GATEWRIGHT
from brain.store.transaction import Transaction

_log = structlog.get_logger(__name__)

_LATER: Final = (Busy, Conflict, PolicyUnavailable, StoreUnavailable)
"""What passes by itself: the device stays in line."""
_LOOK_BACK: Final = 50
_NOT_BEGUN: Final = (State.AWAITING_APPROVAL, State.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingOut:
    """One pass after the other, over all rollouts that are live."""

    ledger: Ledger
    rollouts: Rollouts
    may: Callable[[Principal], Awaitable[bool]]
    """Whether policy lets somebody roll out, now. PolicyUnavailable when it cannot be asked."""
    every: float = 2.0
    """Seconds between passes."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a failed pass is followed by another
                _log.exception("rollouts_failed")
            await asyncio.sleep(self.every)

    async def look(self) -> None:
        """One pass. One that cannot go on does not keep the others."""
        async with self.ledger.store.read() as tx:
            live = await tx.rollouts.live()
        for rollout in live:
            try:
                await self._carry_on(rollout)
            except GatewrightError as error:
                _log.warning("rollout_waits", rollout=rollout.id, reason=str(error))
            except Exception:  # noqa: BLE001 - whatever it is, the others go on
                _log.exception("rollout_failed", rollout=rollout.id)

    async def _carry_on(self, rollout: Rollout) -> None:
        await self._find_again(rollout)
        if rollout.state is RolloutState.RUNNING:
            await self._go_on(rollout)
        else:
            await self._wind_up(rollout)

    async def _go_on(self, rollout: Rollout) -> None:
        tenant, store = rollout.tenant, self.ledger.store
        async with store.read() as tx:
            tally = await tx.rollouts.tally(tenant, rollout.id)
            asker = await tx.principals.get(tenant, rollout.asked_by)
            gone = rollout.asked_by in await tx.principals.disabled(tenant)
            halted = await tx.halts.is_halted(tenant)
            room = tally.room(rollout.pace)
            pending = TargetState.PENDING
            following = await tx.rollouts.in_state(tenant, rollout.id, pending, limit=room)
        if tally.failed > rollout.pace.most_failed:
            failed = f"{tally.failed} failed, of at most {rollout.pace.most_failed}"
            await self._stop(rollout, f"it stopped by itself: {failed}")
        elif asker is None or gone or not await self.may(asker):
            await self._stop(rollout, "whoever asked for it may no longer")
        elif not tally.waiting and not tally.open:
            async with store.begin() as tx:
                await self.rollouts.end_in(tx, rollout)
        elif not halted:
            for target in following:
                if not await self._submit(rollout, target, asker):
                    return

    async def _submit(self, rollout: Rollout, target: Target, asker: Principal) -> bool:
        """Submit for one device; False where the pass is to end here."""
        if not await self._claim(rollout, target):
            return False
        claimed = replace(target, state=TargetState.SUBMITTING)
        try:
            record = await self.ledger.submit(_proposal(rollout, target, self.ledger), asker)
        except _LATER as error:
            await self._put(claimed, TargetState.PENDING)
            _log.warning("rollout_waits", rollout=rollout.id, reason=str(error))
            return False
        except GatewrightError as error:
            await self._put(claimed, TargetState.LEFT_OUT, note=str(error))
            return True
        await self._put(claimed, TargetState.SUBMITTED, change=record.id)
        return True

    async def _claim(self, rollout: Rollout, target: Target) -> bool:
        """Open the device's case, while nobody stopped the rollout."""
        case = Case(
            id=target.case,
            tenant=target.tenant,
            device=target.device,
            opened_by=rollout.asked_by,
            opened_at=self.ledger.steps.clock(),
            symptom=Symptom.EXPLICIT_REQUEST,
        )
        async with self.ledger.store.begin() as tx:
            now = await tx.rollouts.get(rollout.tenant, rollout.id)
            if now is None or now.state is not RolloutState.RUNNING:
                return False
            if await tx.cases.get(case.tenant, case.id) is None:
                await tx.cases.add(case)
            await tx.rollouts.put(replace(target, state=TargetState.SUBMITTING))
        return True

    async def _find_again(self, rollout: Rollout) -> None:
        """Of what was being submitted when the process died, see whether it was."""
        async with self.ledger.store.read() as tx:
            begun = await tx.rollouts.in_state(
                rollout.tenant, rollout.id, TargetState.SUBMITTING, limit=_LOOK_BACK
            )
            found = [(each, await _change_of(tx, each)) for each in begun]
        for target, record in found:
            if record is None:
                await self._put(target, TargetState.PENDING)
            else:
                await self._put(target, TargetState.SUBMITTED, change=record.id)

    async def _wind_up(self, rollout: Rollout) -> None:
        """Take back what has not begun, leave out what was not submitted, and end when all has."""
        tenant, store = rollout.tenant, self.ledger.store
        async with store.begin() as tx:
            rest = await tx.rollouts.in_state(
                tenant, rollout.id, TargetState.PENDING, limit=_LOOK_BACK * 20
            )
            note = f"the rollout was stopped: {rollout.reason}"
            left = [replace(each, state=TargetState.LEFT_OUT, note=note) for each in rest]
            await tx.rollouts.put(*left)
            waiting = await tx.rollouts.not_begun(tenant, rollout.id)
        for change in waiting:
            await self._take_back(rollout, change)
        async with store.begin() as tx:
            tally = await tx.rollouts.tally(tenant, rollout.id)
            if not tally.waiting and not tally.open:
                await self.rollouts.end_in(tx, rollout)

    async def _take_back(self, rollout: Rollout, change: ChangeId) -> None:
        """As whoever asked could; one that began meanwhile is seen through."""
        reason = "its rollout was stopped"
        try:
            async with self.ledger.store.begin() as tx:
                record = await tx.changes.get(rollout.tenant, change)
                if record is not None and record.state in _NOT_BEGUN:
                    by = rollout.stopped_by or GATEWRIGHT
                    steps = self.ledger.steps
                    await steps.advance(tx, record, State.SUPERSEDED, reason=reason, actor=by)
        except Conflict:
            return  # it moved meanwhile: the next pass looks again

    async def _stop(self, rollout: Rollout, reason: str) -> None:
        async with self.ledger.store.begin() as tx:
            await self.rollouts.stop_in(tx, rollout, GATEWRIGHT, reason)

    async def _put(
        self,
        target: Target,
        state: TargetState,
        *,
        change: ChangeId | None = None,
        note: str = "",
    ) -> None:
        async with self.ledger.store.begin() as tx:
            await tx.rollouts.put(replace(target, state=state, change=change, note=note))


async def _change_of(tx: Transaction, target: Target) -> ChangeRecord | None:
    found = await tx.changes.list(target.tenant, device=target.device, limit=_LOOK_BACK)
    return next((each for each in found if each.proposal == target.proposal), None)


def _proposal(rollout: Rollout, target: Target, ledger: Ledger) -> Proposal:
    said = Evidence(text=f"It was asked for on many devices: {rollout.name} ({rollout.id}).")
    return Proposal(
        id=target.proposal,
        tenant=rollout.tenant,
        case=target.case,
        device=target.device,
        author=Author.PERSON,
        asked_by=rollout.asked_by,
        finding=Finding(
            cause=Cause.REQUESTED, confidence=1.0, summary="It was asked for.", evidence=(said,)
        ),
        changes=rollout.steps,
        made_at=ledger.steps.clock(),
    )
