"""What happens to an incident, written down where people see it and where nobody can alter it."""

from dataclasses import dataclass, replace

from brain.domain.canonical import Json
from brain.domain.errors import Conflict
from brain.domain.ports import Clock
from brain.domain.remediation import (
    Ending,
    Incident,
    IncidentState,
    Waiting,
)
from brain.domain.webhook import EventType
from brain.ledger.announcing import announce
from brain.ledger.audit import AuditTrail
from brain.ledger.steps import GATEWRIGHT
from brain.store.transaction import Transaction

_TOLD = {each.value: each for each in (EventType.INCIDENT_OPENED, EventType.INCIDENT_CLOSED)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """Moves incidents along inside the caller's transaction."""

    audit: AuditTrail
    clock: Clock

    async def opened(self, tx: Transaction, incident: Incident, why: str) -> None:
        """Keep a new incident with its first step. Conflict when one is open for its scope."""
        await tx.incidents.add(incident)
        await self.step(tx, incident, "opened", why)
        await self._note(tx, incident, "opened", {"rule": incident.rule, "dry_run": incident.dry})

    async def step(self, tx: Transaction, incident: Incident, step: str, detail: str) -> None:
        """Put one step on its road."""
        await tx.incidents.note(incident.tenant, incident.id, step, detail, self.clock())

    async def move(self, tx: Transaction, incident: Incident) -> Incident:
        """Write it; Conflict when somebody else did since it was read."""
        moved = await tx.incidents.swap(replace(incident, updated_at=self.clock()))
        if moved is None:
            raise Conflict("the incident moved on meanwhile", remedy="Read it again.")
        return moved

    async def wait(
        self, tx: Transaction, incident: Incident, waiting: Waiting, reason: str
    ) -> Incident:
        """Say what it waits for: once, however often it is found waiting for the same."""
        said = (incident.waiting, incident.reason)
        moved = await self.move(tx, replace(incident, waiting=waiting, reason=reason))
        if said != (waiting, reason):
            await self.step(tx, moved, "waiting", reason)
        if incident.waiting is not waiting:
            await self._note(tx, moved, "waiting", {"for": waiting.value})
        return moved

    async def began(self, tx: Transaction, incident: Incident, detail: str) -> None:
        """The planner begins to look."""
        await self.step(tx, incident, "planning", detail)
        await self._note(tx, incident, "planning", {"attempt": incident.attempts})

    async def proposed(self, tx: Transaction, incident: Incident, detail: str) -> None:
        """A change of it is in the ledger."""
        await self.step(tx, incident, "proposed", detail)
        await self._note(tx, incident, "proposed", {"change": incident.change})

    async def close(
        self, tx: Transaction, incident: Incident, ending: Ending, reason: str
    ) -> Incident:
        """End it."""
        now = self.clock()
        closed = await self.move(
            tx,
            replace(
                incident,
                state=IncidentState.CLOSED,
                waiting=Waiting.NOTHING,
                ending=ending,
                reason=reason,
                closed_at=now,
                owner="",
                lease_until=now,
            ),
        )
        await self.step(tx, closed, "closed", reason)
        await self._note(tx, closed, "closed", {"ending": ending.value, "change": closed.change})
        return closed

    async def _note(
        self, tx: Transaction, incident: Incident, kind: str, more: dict[str, Json]
    ) -> None:
        about: dict[str, Json] = {
            "incident": incident.id,
            "reach": incident.scope.reach.value,
            "scope": incident.scope.id,
            "device": incident.device,
        }
        entry = await self.audit.append(
            tx,
            tenant=incident.tenant,
            actor=GATEWRIGHT,
            kind=f"incident.{kind}",
            payload=about | more,
        )
        event = _TOLD.get(entry.kind)
        if event is not None:
            where: dict[str, Json] = {"rule": incident.rule, "path": f"/remediation/{incident.id}"}
            await announce(tx, entry, event, about | more | where)
