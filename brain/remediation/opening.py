"""Opens an incident; of what many share, with the incidents of single homes that are part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from brain.domain.identity import CaseId, NodeId, ProposalId, TenantId
from brain.domain.incident import Symptom
from brain.domain.ports import Clock, NewId
from brain.domain.remediation import Affected, Ending, Incident, IncidentId, Reach
from brain.remediation.evaluating import version_of
from brain.remediation.reaching import Found
from brain.remediation.road import Road
from brain.remediation.rules import Rulebook
from brain.store.transaction import Transaction

_EVIDENCE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What opens it, and for whom."""

    tenant: TenantId
    rule: str
    found: Found
    affected: Sequence[Affected]
    """At least one: the incident is opened for the first."""
    symptom: Symptom
    band: str = ""
    why: str
    """In a sentence of our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """In the caller's transaction, which holds the tenant's queue of those who judge."""

    rulebook: Rulebook
    road: Road
    clock: Clock
    new_id: NewId
    dry: bool
    """Whether incidents are opened for a dry run."""

    async def open(self, tx: Transaction, opened: Opened) -> Incident:
        """Keep a new incident with its evidence and all who are part of it."""
        now = self.clock()
        incident = Incident(
            id=IncidentId(self.new_id("inc")),
            tenant=opened.tenant,
            rule=opened.rule,
            scope=opened.found.scope,
            device=opened.affected[0].device,
            symptom=opened.symptom,
            band=opened.band,
            dry=self.dry,
            opened_at=now,
            updated_at=now,
            look_at=now,
            lease_until=now,
            case=CaseId(self.new_id("cas")),
            proposal=ProposalId(self.new_id("prp")),
        )
        await self.road.opened(tx, incident, opened.why)
        for each in opened.affected:
            await tx.incidents.affect(incident.tenant, incident.id, each)
        for said in opened.found.evidence[:_EVIDENCE]:
            await self.road.step(tx, incident, "evidence", said)
        if incident.scope.shared:
            await self._take_in(tx, incident)
        return incident

    async def _take_in(self, tx: Transaction, incident: Incident) -> None:
        """Incidents of single homes on which nobody works yet become part of what they share."""
        for alone in await self._alone(tx, incident):
            reason = f"{incident.id} is about all of {incident.scope.name}"
            await self.road.close(tx, alone, Ending.JOINED, reason)
            for each in await tx.incidents.affected(alone.tenant, alone.id):
                await tx.incidents.affect(incident.tenant, incident.id, each)

    async def _alone(self, tx: Transaction, incident: Incident) -> list[Incident]:
        tenant, scope = incident.tenant, incident.scope
        waiting = await tx.incidents.waiting_alone(tenant, self._explained(incident))
        there = {each.id: each for each in await tx.devices.known({i.device for i in waiting})}
        if scope.reach is Reach.FIRMWARE:
            return [i for i in waiting if version_of(there[i.device]) == scope.id]
        if scope.reach is Reach.AREA:
            sites = {each.site for each in there.values() if each.site}
            within = {each for each in sites if await tx.sites.area(tenant, each) == scope.id}
            return [i for i in waiting if there[i.device].site in within]
        nodes = await tx.nodes.descendants(tenant, NodeId(scope.id))
        below = {NodeId(scope.id), *(each.id for each in nodes)}
        return [i for i in waiting if there[i.device].access_node in below]

    def _explained(self, incident: Incident) -> list[str]:
        """The rules whose trouble this may explain; a version explains that of its own rule."""
        reach = incident.scope.reach
        if reach is Reach.FIRMWARE and self.rulebook.get(incident.rule):
            return [incident.rule]
        named = {Reach.FIRMWARE: "firmware", Reach.AREA: "area"}.get(reach, "access")
        return [each.id for each in self.rulebook.rules if named in each.shared]
