"""Who is behind a seat now, for changes of devices and of the rules alike: one human, one seat."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from brain.domain.entrance import PROVIDED
from brain.domain.errors import Altered
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, TenantId
from brain.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Who stands behind what was asked for, beside those who are named in it."""

    people: frozenset[PrincipalId] = frozenset()
    """Those whose services have a part in it, whom an identity is linked to, and who else had."""
    unowned: frozenset[PrincipalId] = frozenset()
    """The services among them of which nobody knows whose they are."""


async def behind(tx: Transaction, tenant: TenantId, named: Iterable[str]) -> Behind:
    """Who asked, where one of these did: a service is its owner, an identity who it is linked to.

    Whoever cannot be read, or is not there, counts as a service that nobody owns.
    """
    given = frozenset(PrincipalId(each) for each in named if each)
    people: set[PrincipalId] = set()
    unowned: set[PrincipalId] = set()
    for each in given:
        who = await known(tx, tenant, each)
        asks = who is None or who.kind is PrincipalKind.MACHINE
        owner = who.owner if who is not None else None
        if asks and owner is None:
            unowned.add(each)
        people |= {each, *([owner] if owner is not None else [])}
    people |= await linked(tx, people)
    return Behind(people=frozenset(people - given), unowned=frozenset(unowned))


async def linked(tx: Transaction, named: Iterable[str]) -> frozenset[PrincipalId]:
    """Whom those among these are linked to who come in through the provider."""
    identities = [PrincipalId(each) for each in named if each.startswith(PROVIDED)]
    links = [await tx.bindings.of_identity(each) for each in identities]
    return frozenset(link.principal for link in links if link is not None)


async def who_counts(
    tx: Transaction, tenant: TenantId, *, besides: Collection[str]
) -> dict[PrincipalId, frozenset[str]]:
    """The people whose answers fill seats as of now, each with the groups that they are still of.

    Nobody who was shut out is among them, nor any of ``besides``: those who asked.
    """
    people = await tx.principals.people(tenant)
    return {each.id: each.groups for each in people if each.id not in besides}


async def known(tx: Transaction, tenant: TenantId, who: PrincipalId) -> Principal | None:
    """None also for one whose row was altered: whose they are is not believed."""
    try:
        return await tx.principals.get(tenant, who)
    except Altered:
        return None
