"""The planner at work for incidents: nobody watches, so each submission is looked at once more."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from langgraph.checkpoint.base import BaseCheckpointSaver

from brain.domain.canonical import Json
from brain.domain.device import Device
from brain.domain.errors import Conflict, Forbidden, GatewrightError
from brain.domain.identity import ChangeId, Principal, PrincipalId
from brain.domain.incident import Case
from brain.domain.life import State
from brain.domain.ports import Clock
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.domain.remediation import Ending, Incident, IncidentState, Mode
from brain.domain.shadow import Shadow
from brain.errands import ASSISTANT
from brain.ids import utc_now
from brain.ledger.audit import AuditTrail
from brain.ledger.ledger import Ledger
from brain.planner.checkpoints import in_memory
from brain.planner.deps import PlannerDeps
from brain.planner.events import PlannerEvent
from brain.planner.facts import Band, IntakeFacts
from brain.planner.run import Planner
from brain.remediation.bounds import Bounds
from brain.remediation.desk import RemediationDesk
from brain.remediation.index import Index
from brain.remediation.ports import Result
from brain.remediation.putting_together import Ground, put_together
from brain.remediation.remediation import Remediation
from brain.remediation.restraining import HeldBack
from brain.remediation.rules import Rulebook
from brain.remediation.taking_in import EventIntake
from brain.store.store import Store

Allowed = Callable[[Principal, str], Awaitable[bool]]
"""Whether policy lets somebody do something; PolicyUnavailable when it cannot be asked."""
_KEPT = frozenset({"text", "question", "proposal", "hand_over", "denied", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnattendedSubmit:
    """The planner's ``Submit`` for incidents: for one that is claimed, while nobody stopped it."""

    store: Store
    ledger: Ledger
    mode: Mode

    async def __call__(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """Submit it, or only say what would become of it: in a dry run of this or of the server.

        Raises Forbidden where somebody stopped remediation since, and Conflict for a proposal of
        no incident that somebody works on.
        """
        async with self.store.read() as tx:
            incident = await tx.incidents.of_proposal(asker.tenant, proposal.id)
            switch = await tx.unattended.switch(asker.tenant)
            halted = await tx.halts.is_halted(asker.tenant)
            device = await tx.devices.get(asker.tenant, proposal.device)
        if incident is None or incident.state is not IncidentState.PLANNING or device is None:
            raise Conflict("nobody works on this incident any more")
        if halted or (switch is not None and switch.stopped):
            raise Forbidden("unattended changes were stopped meanwhile")
        if incident.dry or self.mode is not Mode.ON:
            async with self.store.read() as tx:
                level = await self.ledger.autonomy.level(tx, proposal.finding.cause, device)
            if not level.submits:
                raise _beside(proposal, device)
            return await self.ledger.rehearse(proposal, asker)
        taken = await self.ledger.unattended(proposal, asker)
        if isinstance(taken, Shadow):
            raise _beside(proposal, device)
        return taken


class KeptBeside(GatewrightError):
    """Nothing was submitted: the proposal is kept beside what people do."""

    code = "kept_beside"


def _beside(proposal: Proposal, device: Device) -> KeptBeside:
    made = ", ".join(change.path for change in proposal.changes)
    return KeptBeside(
        f"{proposal.finding.summary} It would change {made}; {proposal.finding.cause} on "
        f"{device.manufacturer} {device.model} may not be submitted unattended yet",
        remedy="It is kept beside what people do, until the evidence carries more.",
    )


async def only_say(proposal: Proposal) -> None:
    """The planner's ``HandOver`` for dry runs: what it says is kept on the incident's road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPlans:
    """Remediation's ``Plans``: what the planner says is kept in the incident's case."""

    store: Store
    planner: Planner
    rehearsing: Callable[[], Planner]
    """A planner for one dry run: what waits in it goes with it."""
    clock: Clock
    mode: Mode

    async def look(self, incident: Incident, case: Case, service: Principal) -> Result:
        """Run it to its end."""
        dry = incident.dry or self.mode is not Mode.ON
        planner = self.rehearsing() if dry else self.planner
        band = Band(incident.band) if incident.band else None
        facts = IntakeFacts(symptom=incident.symptom, band=band)
        last = PlannerEvent(kind="failed", text="The planner said nothing.")
        async for event in planner.look_into(case, facts, service, proposal_id=incident.proposal):
            if event.kind in _KEPT:
                last = event
                await self._keep(case, event)
        return _dry(last) if dry else _result(last)

    async def _keep(self, case: Case, event: PlannerEvent) -> None:
        payload: dict[str, Json] = {"kind": event.kind, "payload": event.payload}
        async with self.store.begin() as tx:
            await tx.messages.add(
                case.tenant, case.id, ASSISTANT, event.text, at=self.clock(), payload=payload
            )


def _result(last: PlannerEvent) -> Result:
    change = last.payload.get("change_id")
    if last.kind in ("proposal", "denied") and isinstance(change, str):
        return Result(said=last.text, change=ChangeId(change))
    if last.kind == "hand_over":
        return Result(ending=Ending.HANDED_OVER, said=last.text)
    if last.kind == "failed" and last.payload.get("code") == KeptBeside.code:
        return Result(ending=Ending.SHADOWED, said=last.text)
    if last.kind == "failed":
        return Result(said=last.text, again=_may_pass(last.payload), ending=Ending.FAILED)
    return Result(ending=Ending.NOTHING_TO_DO, said=last.text)


def _dry(last: PlannerEvent) -> Result:
    """What would have come of it."""
    if last.kind == "proposal":
        state = str(last.payload.get("state", ""))
        then = "policy alone would let it through" if state == State.APPROVED else "for review"
        return Result(ending=Ending.WOULD_HAVE, said=f"would have submitted ({then}): {last.text}")
    if last.kind == "denied":
        return Result(ending=Ending.WOULD_HAVE, said=f"would have been denied: {last.text}")
    if last.kind == "hand_over":
        return Result(ending=Ending.WOULD_HAVE, said=f"would have handed over: {last.text}")
    found = _result(last)
    shadowed = found.ending is Ending.SHADOWED
    return replace(found, ending=Ending.WOULD_HAVE) if shadowed else found


def _may_pass(payload: Mapping[str, Json]) -> bool:
    """A device that was away, or a part that did not answer, may be there the next time."""
    return payload.get("code") not in ("forbidden", "invalid_plan", "invalid_value")


class Wanted(Protocol):
    """What the operator set: ``brain.settings.Settings`` is one."""

    @property
    def remediation(self) -> Mode:
        """How far it may go."""

    @property
    def remediation_service(self) -> PrincipalId:
        """In whose name."""

    @property
    def remediation_unread(self) -> int:
        """How many events may wait."""


def desk_for(
    wanted: Wanted, store: Store, audit: AuditTrail, rulebook: Rulebook
) -> RemediationDesk:
    """What the front door asks; there also where remediation is off."""
    return RemediationDesk(
        store=store,
        audit=audit,
        clock=utc_now,
        mode=wanted.remediation,
        service=wanted.remediation_service,
        rulebook=rulebook,
        intake=EventIntake(store, utc_now, Index(rulebook), most_unread=wanted.remediation_unread),
    )


def restraint_of(desk: RemediationDesk, zone: str) -> HeldBack:
    """What executors ask before they write; also where remediation was switched off since."""
    bounds = Bounds(rulebook=desk.rulebook, zone=ZoneInfo(zone), service=desk.service)
    return HeldBack(store=desk.store, bounds=bounds, mode=desk.mode, clock=desk.clock)


def at_work(
    desk: RemediationDesk,
    ledger: Ledger,
    planning: tuple[PlannerDeps, BaseCheckpointSaver[str]],
    allowed: Allowed,
    zone: str,
) -> Remediation | None:
    """What works on incidents; None unless the operator switched it on.

    ``planning`` is what the planner that people talk to is given, and where its threads are kept.
    """
    if desk.mode is Mode.OFF:
        return None
    deps, saver = planning
    submit = UnattendedSubmit(store=desk.store, ledger=ledger, mode=desk.mode)
    alone = replace(deps, submit=submit)
    saying = replace(alone, hand_over=only_say)
    plans = IncidentPlans(
        store=desk.store,
        planner=Planner(alone, saver),
        rehearsing=lambda: Planner(saying, in_memory()),
        clock=desk.clock,
        mode=desk.mode,
    )

    async def may_propose(service: Principal) -> bool:
        return await allowed(service, "propose")

    return put_together(
        Ground(
            store=desk.store,
            ledger=ledger,
            audit=desk.audit,
            plans=plans,
            may_propose=may_propose,
            rulebook=desk.rulebook,
            service=desk.service,
            mode=desk.mode,
            zone=ZoneInfo(zone),
            clock=desk.clock,
            new_id=deps.new_id,
        )
    )
