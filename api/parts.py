"""What somebody still has a part in: as somebody else they could answer it once more."""

from brain.domain.identity import PrincipalId, TenantId
from brain.domain.life import State
from brain.domain.policy_change import RulesState
from brain.ledger.owners import with_owners
from brain.ledger.seats import behind
from brain.store.transaction import Transaction

_OPEN = (State.AWAITING_APPROVAL, State.APPROVED, State.EXECUTING, State.VERIFYING)
_LOOKED_THROUGH = 100_000


async def part_in(tx: Transaction, tenant: TenantId, who: PrincipalId) -> str:
    """What is open that they asked for, stand behind or answered; empty where nothing is."""
    return (
        await _change(tx, tenant, who)
        or await _broken_glass(tx, tenant, who)
        or await _rules(tx, tenant, who)
    )


async def _change(tx: Transaction, tenant: TenantId, who: PrincipalId) -> str:
    for kept in await tx.changes.list(tenant, states=_OPEN, limit=_LOOKED_THROUGH):
        change = await with_owners(tx, kept)
        answered = await tx.approvals.of_change(tenant, change.id)
        if who in (*change.parties, *(each.by for each in answered)):
            return f"change {change.id}"
    return ""


async def _broken_glass(tx: Transaction, tenant: TenantId, who: PrincipalId) -> str:
    for broken in await tx.broken_glasses.list(tenant, unreviewed=True, limit=_LOOKED_THROUGH):
        kept = await tx.changes.get(tenant, broken.change)
        parties = (await with_owners(tx, kept)).parties if kept is not None else frozenset[str]()
        if who in (broken.glass.by, broken.asked_by, broken.on_behalf_of, *parties):
            return f"a broken glass, {broken.id}"
    return ""


async def _rules(tx: Transaction, tenant: TenantId, who: PrincipalId) -> str:
    for rules in await tx.policy_changes.list(tenant, limit=_LOOKED_THROUGH):
        if rules.state is not RulesState.PROPOSED:
            continue
        others = (await behind(tx, tenant, [rules.proposed_by])).people
        if who in (rules.proposed_by, *others, *(each.by for each in rules.answers)):
            return f"a change of the rules, {rules.id}"
    return ""
