"""Whose job it is that asks: whoever runs a script does not approve what it proposes."""

from dataclasses import replace

from brain.domain.identity import CaseId, Principal, PrincipalKind
from brain.domain.record import ChangeRecord
from brain.ledger.seats import Behind, behind, known, same_human
from brain.store.transaction import Transaction


async def behind_job(tx: Transaction, asker: Principal, case: CaseId) -> Behind:
    """Who stands behind what this one asks for, and behind the case; nobody for a person."""
    if asker.kind is PrincipalKind.PERSON:
        return Behind()
    opened = await tx.cases.get(asker.tenant, case)
    named = {asker.id} | ({opened.opened_by} if opened is not None else set())
    found = await behind(tx, asker.tenant, named)
    return replace(found, people=(found.people | named) - {asker.id})


async def with_owners(tx: Transaction, record: ChangeRecord) -> ChangeRecord:
    """The record with whoever is behind it as of now, besides those who were.

    An owner who was named since it was asked for is shut out of it from then on, and so is the
    person whom an identity with a part in it is linked to or called like.
    """
    asker = await known(tx, record.tenant, record.asked_by)
    # Where there is nobody to ask whether it is a person, what was kept of it stands.
    now = await behind_job(tx, asker, record.case) if asker is not None else None
    people = record.behind | (now.people if now is not None else frozenset())
    same = await same_human(tx, record.tenant, (*record.parties, *people))
    unowned = now.unowned if now is not None else record.unowned
    return replace(record, behind=people | same, unowned=unowned)
