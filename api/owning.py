"""Whose each service is: a person, who never approves what their service asks for."""

from dataclasses import replace

from api.books import Books
from brain.domain.entrance import Account
from brain.domain.errors import Forbidden, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, TenantId

NAMES_ONE = "Name the person who answers for it: --owner PERSON."


def check_ownable(kind: PrincipalKind, owner: str) -> None:
    """Raise InvalidInput for a service without an owner, and for a person with one."""
    if kind is PrincipalKind.MACHINE and not owner:
        raise InvalidInput(
            "a service needs an owner, who never approves what it asks for",
            field="owner",
            remedy=NAMES_ONE,
        )
    if kind is PrincipalKind.PERSON and owner:
        raise InvalidInput("a person has no owner", field="owner", remedy="Leave it out.")


async def check_owner(books: Books, tenant: TenantId, owner: str) -> PrincipalId:
    """The owner's id; InvalidInput where no person of the tenant is called so: a slip shuts
    nobody out.
    """
    if owner not in {each.id for each in await books.tx.principals.people(tenant)}:
        raise InvalidInput(
            f"nobody is called {owner[:64]} here",
            field="owner",
            remedy="Name somebody whom `gatewright user list` shows.",
        )
    return PrincipalId(owner)


async def set_owner(books: Books, tenant: TenantId, service: str, owner: str) -> Principal:
    """Say whose a service is from now on; whoever was keeps out of what is open already.

    Raises NotFound for no such service, InvalidInput for no such person, and Forbidden where
    somebody would hand their own service to another: they could then approve what it asks for.
    """
    account = await _service_of(books, tenant, service)
    there = account.principal
    if there.owner is not None and there.owner == books.by:
        raise Forbidden(
            "nobody hands a service of their own to another",
            field="owner",
            remedy="Ask another administrator.",
        )
    owned = replace(there, owner=await check_owner(books, tenant, owner))
    await books.tx.principals.put(owned, account.name)
    was = {"before": str(there.owner)} if there.owner else {}
    payload = {"service": str(owned.id), "owner": owner, **was}
    await books.note(tenant, "token.owner_named", {**payload})
    return owned


async def _service_of(books: Books, tenant: TenantId, name: str) -> Account:
    """The service of that name, held, or NotFound: for a person as for another tenant's."""
    there = await books.tx.principals.held(tenant, PrincipalId(name))
    if there is None or there.principal.kind is not PrincipalKind.MACHINE:
        raise NotFound(
            f"there is no service {name}", field="service", remedy="See `gatewright token list`."
        )
    return there


async def owned_by(books: Books, tenant: TenantId, owner: PrincipalId) -> list[PrincipalId]:
    """The services of this person."""
    accounts = await books.tx.principals.accounts(tenant)
    return [each.principal.id for each in accounts if each.principal.owner == owner]
