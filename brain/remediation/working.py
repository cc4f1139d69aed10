"""Works incidents off: one claim, one planner run, one end; killed anywhere, another goes on.

A claim is a lease in the store. The proposal's id was fixed when the incident was opened, so
whoever takes up what another left behind finds what that one submitted, and the store refuses a
second one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog

from brain.domain.errors import Conflict, GatewrightError, StoreUnavailable
from brain.domain.identity import ChangeId, Principal, TenantId
from brain.domain.incident import Case
from brain.domain.life import State
from brain.domain.ports import Clock
from brain.domain.proposal import Author, Cause, Evidence, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.remediation import (
    Ending,
    Incident,
    IncidentId,
    IncidentState,
    Reach,
    Waiting,
)
from brain.ledger.ledger import Ledger
from brain.remediation.bounds import Bounds, Wait
from brain.remediation.evaluating import version_of
from brain.remediation.fleet import named
from brain.remediation.ports import MayPropose, Plans, Result
from brain.remediation.reaching import known_shared
from brain.remediation.road import Road
from brain.remediation.setting_aside import put_aside, why
from brain.store.store import Store
from brain.store.transaction import Transaction

LEASE: Final = timedelta(minutes=15)
_PATIENCE: Final = timedelta(minutes=10)
"""A run takes less than its lease, or is given up."""
_RETRY: Final = timedelta(minutes=5)
_SET_ASIDE: Final = timedelta(hours=1)
_MOST_TRIES: Final = 3
_SHOWN: Final = 40
_CHANGES: Final = 50
_ENDS: Final = {
    State.SUCCEEDED: Ending.SUCCEEDED,
    State.ROLLED_BACK: Ending.TAKEN_BACK,
    State.FAILED: Ending.FAILED,
    State.UNKNOWN: Ending.UNKNOWN,
    State.DENIED: Ending.NOT_CHANGED,
    State.REJECTED: Ending.NOT_CHANGED,
    State.EXPIRED: Ending.NOT_CHANGED,
    State.SUPERSEDED: Ending.NOT_CHANGED,
}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    incident: Incident
    case: Case
    service: Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Any number of these may work side by side, in one process or in several."""

    store: Store
    ledger: Ledger
    road: Road
    bounds: Bounds
    plans: Plans
    may_propose: MayPropose
    clock: Clock
    dry: bool
    """Whether this server only rehearses: what it claims is a dry run, whoever opened it."""
    name: str
    """Who claims; another one for each worker."""

    async def next(self) -> bool:
        """Look at the incident whose turn it is; whether there was one."""
        due: Sequence[tuple[TenantId, IncidentId]] = ()
        try:
            async with self.store.begin() as tx:
                due = await tx.incidents.due(self.clock(), limit=1)
                incident = await tx.incidents.get(*due[0]) if due else None
                claimed = await self._look(tx, incident) if incident else None
            if claimed is not None:
                await self._carry(claimed)
        except StoreUnavailable:
            raise
        except Exception as failed:  # whatever it is, it is about this one, where there is one
            if not due:
                raise
            await self._set_aside(*due[0], failed)
        return bool(due)

    async def _set_aside(self, tenant: TenantId, incident: IncidentId, failed: Exception) -> None:
        """Nobody can work on it: the others go on, and it is looked at again later."""
        now = self.clock()
        async with self.store.begin() as tx:
            await tx.incidents.later(tenant, incident, now + _SET_ASIDE, why(failed))
            await put_aside(tx, tenant, f"incident {incident}", failed, now)

    async def _look(self, tx: Transaction, incident: Incident) -> _Claimed | None:
        """Take one step with it, or claim it for a planner run."""
        left = await self._left_behind(tx, incident)
        if left is not None:
            await self._settle(tx, incident, left)
            return None
        if incident.change is not None:
            await self._follow(tx, incident)
            return None
        if incident.state is IncidentState.PLANNING and incident.attempts >= _MOST_TRIES:
            await self._settle(tx, incident, Result(said="nobody came to an end", again=True))
            return None
        waits = await self._must_wait(tx, incident)
        if isinstance(waits, Principal):
            return await self._claim(tx, incident, waits)
        if waits is not None:
            held = replace(incident, state=IncidentState.OPEN, look_at=waits.until)
            await self.road.wait(tx, held, waits.waiting, waits.reason)
        return None

    async def _must_wait(self, tx: Transaction, incident: Incident) -> Wait | Principal | None:
        """What it waits for, or in whose name to go on; None when it ended here."""
        now, bounds = self.clock(), self.bounds
        stopped = await bounds.stopped(tx, incident.tenant, now)
        if stopped is not None:
            return stopped
        if not incident.scope.shared:
            if await self._joined(tx, incident):
                return None
            quiet = bounds.quiet(now)
            if quiet is not None:
                return quiet
        service = await bounds.service_of(tx, incident, now)
        if isinstance(service, Wait) or incident.scope.shared:
            return service
        device = await tx.devices.get(incident.tenant, incident.device)
        assert device is not None  # the database sees to it
        return await bounds.budget(tx, incident.id, device, now) or service

    async def _joined(self, tx: Transaction, incident: Incident) -> bool:
        """Whether it turned out meanwhile to be part of what many share; it ends then."""
        rule = self.bounds.rulebook.get(incident.rule)
        device = await tx.devices.get(incident.tenant, incident.device)
        if rule is None or device is None:
            return False
        since = self.clock() - rule.cool_down
        shared = await known_shared(tx, rule, device, version_of(device), since=since)
        if shared is None or shared.opened_at < incident.opened_at - rule.cool_down:
            return False
        for each in await tx.incidents.affected(incident.tenant, incident.id):
            await tx.incidents.affect(shared.tenant, shared.id, each)
        reason = f"{shared.id} is about all of {shared.scope.name}"
        await self.road.close(tx, incident, Ending.JOINED, reason)
        return True

    async def _claim(self, tx: Transaction, incident: Incident, service: Principal) -> _Claimed:
        now = self.clock()
        case = Case(
            id=incident.case,
            tenant=incident.tenant,
            device=incident.device,
            opened_by=service.id,
            opened_at=now,
            symptom=incident.symptom,
        )
        if await tx.cases.get(case.tenant, case.id) is None:
            await tx.cases.add(case)
        claimed = await self.road.move(
            tx,
            replace(
                incident,
                state=IncidentState.PLANNING,
                waiting=Waiting.NOTHING,
                reason="",
                dry=incident.dry or self.dry,
                owner=self.name,
                lease_until=now + LEASE,
                look_at=now + LEASE,
                attempts=incident.attempts + 1,
            ),
        )
        await self.road.began(tx, claimed, f"in the name of {service.id}, try {claimed.attempts}")
        return _Claimed(incident=claimed, case=case, service=service)

    async def _carry(self, claimed: _Claimed) -> None:
        """Plan outside of any transaction, then keep what came of it."""
        incident = claimed.incident
        try:
            result = await self._result(claimed)
        except GatewrightError as error:
            result = Result(said=str(error), again=True)
        except TimeoutError:
            result = Result(said=f"the planner took more than {_PATIENCE}", again=True)
        except Exception as failed:  # noqa: BLE001 - its lease is not left to run out
            _log.exception("planner_broke", incident=incident.id)
            result = Result(said=why(failed), again=True)
        async with self.store.begin() as tx:
            now = await tx.incidents.get(incident.tenant, incident.id)
            if now is None or (now.owner, now.attempts) != (incident.owner, incident.attempts):
                return  # the lease ran out, and somebody else has it
            left = await self._left_behind(tx, now) if result.again else None
            await self._settle(tx, now, left or result)

    async def _result(self, claimed: _Claimed) -> Result:
        incident, service = claimed.incident, claimed.service
        if incident.scope.shared:
            return await self._hand_over(incident, service)
        if not await self.may_propose(service):
            return Result(said=f"policy does not let {service.id} propose", again=True)
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            return await self.plans.look(incident, claimed.case, service)

    async def _hand_over(self, incident: Incident, service: Principal) -> Result:
        """What many share is for those who can mend it: once, and nothing is done in any home."""
        proposal = await self._shared_proposal(incident, service)
        if incident.dry:
            said = f"would have handed over: {_said(incident, proposal)}"
            return Result(ending=Ending.WOULD_HAVE, said=said)
        try:
            await self.ledger.hand_over(proposal)
        except Conflict:  # it was, before somebody died here
            _log.info("handed_over_before", incident=incident.id)
        return Result(ending=Ending.HANDED_OVER, said=_said(incident, proposal))

    async def _shared_proposal(self, incident: Incident, service: Principal) -> Proposal:
        async with self.store.read() as tx:
            homes = await tx.incidents.affected(incident.tenant, incident.id, limit=_SHOWN)
            count = await tx.incidents.how_many(incident.tenant, incident.id)
            road = await tx.incidents.road(incident.tenant, incident.id)
            scope = await named(tx, incident.tenant, incident.scope)
        seen = [each.detail for each in road if each.step == "evidence"]
        rows = [*seen, *(f"{each.device}: {each.said}" for each in homes)]
        firmware = scope.reach is Reach.FIRMWARE
        where = f"{scope.reach} {scope.name}"
        summary = seen[0] if seen else f"{count} devices have the same trouble"
        told = (
            f"For those who release software: {summary}. No setting of a single home will mend it."
            if firmware
            else f"For the network team: {summary}. Look at {where} and what feeds it; "
            "no setting of a single home will mend this."
        )
        return Proposal(
            id=incident.proposal,
            tenant=incident.tenant,
            case=incident.case,
            device=incident.device,
            author=Author.RULES,
            asked_by=service.id,
            finding=Finding(
                cause=Cause.KNOWN_BUG if firmware else Cause.SHARED_UPSTREAM,
                confidence=0.95,
                summary=f"{summary}.",
                evidence=tuple(Evidence(text=each) for each in rows),
            ),
            hand_over=told,
            made_at=self.clock(),
        )

    async def _left_behind(self, tx: Transaction, incident: Incident) -> Result | None:
        """What a run submitted that nobody wrote down here: it is not run a second time."""
        if incident.state is not IncidentState.PLANNING or incident.change is not None:
            return None
        proposal = await tx.proposals.get(incident.tenant, incident.proposal)
        if proposal is None:
            return None
        if proposal.hand_over:
            return Result(ending=Ending.HANDED_OVER, said=_said(incident, proposal))
        record = await _change_of(tx, incident)
        if record is None:
            said = f"{proposal.finding.summary} It is kept beside what people do."
            return Result(ending=Ending.SHADOWED, said=said)
        return Result(said=f"{record.id}: {proposal.finding.summary}", change=record.id)

    async def _settle(self, tx: Transaction, incident: Incident, result: Result) -> None:
        """Keep what came of a run. Only a change counts against the budgets."""
        now = self.clock()
        free = replace(incident, owner="", lease_until=now)
        if result.change is not None:
            kept = replace(free, state=IncidentState.PROPOSED, change=result.change, look_at=now)
            await self.road.proposed(tx, await self.road.move(tx, kept), result.said)
            return
        await tx.unattended.give_back(incident.tenant, incident.id)
        if not result.again:
            await self.road.close(tx, free, result.ending, result.said)
        elif incident.attempts >= _MOST_TRIES:
            said = f"given up after {incident.attempts} tries: {result.said}"
            await self.road.close(tx, free, Ending.FAILED, said)
        else:
            later = now + _RETRY * incident.attempts
            held = replace(free, state=IncidentState.OPEN, look_at=later)
            await self.road.wait(tx, held, Waiting.RETRY, f"to be tried again: {result.said}")

    async def _follow(self, tx: Transaction, incident: Incident) -> None:
        """See how its change stands in the ledger."""
        assert incident.change is not None
        record = await tx.changes.get(incident.tenant, ChangeId(incident.change))
        assert record is not None  # it was there, and changes are never removed
        ending = _ENDS.get(record.state)
        if ending is not None:
            if ending is Ending.NOT_CHANGED:
                await tx.unattended.give_back(incident.tenant, incident.id)
            said = f"{record.id} {record.state.value.replace('_', ' ')}: {record.reason}"
            await self.road.close(tx, incident, ending, said.removesuffix(": "))
            return
        waits = record.state is State.AWAITING_APPROVAL
        waiting = Waiting.APPROVAL if waits else Waiting.EXECUTION
        why = f": {record.reason}" if record.state is State.APPROVED else ""
        said = f"{record.id} is {record.state.value.replace('_', ' ')}{why}"
        await self.road.wait(tx, replace(incident, change_version=record.version), waiting, said)


def _said(incident: Incident, proposal: Proposal) -> str:
    """What is kept with the incident: an area's name stays in the proposal, which is encrypted."""
    if incident.scope.reach is not Reach.AREA:
        return proposal.hand_over
    return f"For the network team: {proposal.finding.summary} Its proposal names the area."


async def _change_of(tx: Transaction, incident: Incident) -> ChangeRecord | None:
    of_device = await tx.changes.list(incident.tenant, device=incident.device, limit=_CHANGES)
    return next((each for each in of_device if each.proposal == incident.proposal), None)
