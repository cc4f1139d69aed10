"""Whose job it is that asks: whoever runs a script does not approve what it proposes."""

from dataclasses import dataclass, replace

from brain.domain.errors import Altered
from brain.domain.identity import CaseId, Principal, PrincipalId, PrincipalKind, TenantId
from brain.domain.record import ChangeRecord
from brain.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Who stands behind a job."""

    people: frozenset[PrincipalId] = frozenset()
    """Those whose services have a part in it, and whoever opened the case that it works on."""
    unowned: frozenset[PrincipalId] = frozenset()
    """The services among them of which nobody knows whose they are."""


async def behind_job(tx: Transaction, asker: Principal, case: CaseId) -> Behind:
    """Who stands behind what this one asks for; nobody where they are a person."""
    if asker.kind is PrincipalKind.PERSON:
        return Behind()
    opened = await tx.cases.get(asker.tenant, case)
    opener = opened.opened_by if opened and opened.opened_by != asker.id else None
    machines = [asker]
    if opener is not None:
        who = await _known(tx, asker.tenant, opener)
        machines += [who] if who is not None and who.kind is PrincipalKind.MACHINE else []
    owners = {each.id: each.owner for each in machines}
    people = {each for each in (*owners.values(), opener) if each is not None}
    return Behind(
        people=frozenset(people),
        unowned=frozenset(each for each, owner in owners.items() if owner is None),
    )


async def with_owners(tx: Transaction, record: ChangeRecord) -> ChangeRecord:
    """The record with whoever is behind it as of now, besides those who were.

    An owner who was named since it was asked for is shut out of it from then on.
    """
    asker = await _known(tx, record.tenant, record.asked_by)
    if asker is None:  # nobody to ask whether it is a person: what was kept of it stands
        return record
    now = await behind_job(tx, asker, record.case)
    return replace(record, behind=record.behind | now.people, unowned=now.unowned)


async def _known(tx: Transaction, tenant: TenantId, who: PrincipalId) -> Principal | None:
    """None also for one whose row was altered: whose they are is not believed."""
    try:
        return await tx.principals.get(tenant, who)
    except Altered:
        return None
