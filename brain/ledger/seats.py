"""Who is behind a seat now, for changes of devices and of the rules alike: one human, one seat."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from brain.domain.entrance import PROVIDED, Account, called
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
    """Who asked, where one of these did: a service is its owner, an identity the person known here.

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
    people |= await same_human(tx, tenant, people)
    return Behind(people=frozenset(people - given), unowned=frozenset(unowned))


async def same_human(
    tx: Transaction, tenant: TenantId, named: Iterable[str]
) -> frozenset[PrincipalId]:
    """Who is known here and linked to one of these who come in through the provider, or called so.

    One who is called so may be another human: only an administrator knows, who links the two.
    """
    identities = {PrincipalId(each) for each in named if each.startswith(PROVIDED)}
    if not identities:
        return frozenset()
    links = [await tx.bindings.of_identity(each) for each in identities]
    accounts = await tx.principals.accounts(tenant)
    names = {name for each in accounts if each.principal.id in identities for name in each.called}
    alike = {each.principal.id for each in accounts if _known_here(each) and each.called & names}
    return frozenset(alike | {link.principal for link in links if link is not None})


async def namesake(tx: Transaction, tenant: TenantId, names: Iterable[str]) -> Principal | None:
    """Somebody known here, also if shut out, who is called what an identity calls itself."""
    wanted = called(names)
    accounts = [each for each in await tx.principals.accounts(tenant) if _known_here(each)]
    return next((each.principal for each in accounts if each.called & wanted), None)


async def provided_as(tx: Transaction, tenant: TenantId, name: str) -> list[PrincipalId]:
    """The identities of the provider that are called like somebody who is known here."""
    accounts = await tx.principals.accounts(tenant)
    identities = [each for each in accounts if each.principal.id.startswith(PROVIDED)]
    return [each.principal.id for each in identities if each.called & called([name])]


async def who_counts(
    tx: Transaction, tenant: TenantId, *, besides: Collection[str]
) -> dict[PrincipalId, frozenset[str]]:
    """The people whose answers fill seats as of now, each with the groups that they are still of.

    Nobody who was shut out is among them, nor any of ``besides``: those who asked. Nor an identity
    of the provider that is called like somebody known here: the two would be two seats of one.
    """
    accounts = await tx.principals.accounts(tenant)
    here = {name for each in accounts if _known_here(each) for name in each.called}
    return {
        each.principal.id: each.principal.groups
        for each in accounts
        if each.principal.kind is PrincipalKind.PERSON
        and not each.disabled
        and each.principal.id not in besides
        and (_known_here(each) or not each.called & here)
    }


async def known(tx: Transaction, tenant: TenantId, who: PrincipalId) -> Principal | None:
    """None also for one whose row was altered: whose they are is not believed."""
    try:
        return await tx.principals.get(tenant, who)
    except Altered:
        return None


def _known_here(account: Account) -> bool:
    who = account.principal
    return who.kind is PrincipalKind.PERSON and not who.id.startswith(PROVIDED)
