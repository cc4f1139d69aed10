"""Binds identities of the provider to people who are known here: one person, one principal."""

from api.books import Books
from api.owning import owned_by
from api.parts import part_in
from api.people import person_of
from brain.domain.canonical import Json
from brain.domain.entrance import PROVIDED, Binding
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import PrincipalKind, TenantId


async def bind(books: Books, tenant: TenantId, name: str, issuer: str, subject: str) -> Binding:
    """From now on this identity comes in as ``name``, with the roles they have here.

    Whoever the identity was before is shut out. Raises NotFound, Conflict where the identity is
    bound already or still has a part in something that is open, and Forbidden for a machine.
    """
    if not issuer.strip() or not subject.strip():
        raise InvalidInput("is missing", field="subject", remedy="Give the issuer and the subject.")
    who = await person_of(books.tx, tenant, name)
    if who.kind is not PrincipalKind.PERSON or who.id.startswith(PROVIDED):
        raise Forbidden("only a person who is known here is bound", field="user")
    binding = Binding(
        tenant=tenant,
        principal=who.id,
        issuer=issuer.strip(),
        subject=subject.strip(),
        by=books.by,
        at=books.at,
    )
    await _check_free(books, binding)
    await books.tx.bindings.add(binding)
    if await books.tx.principals.disable(tenant, binding.identity, disabled=True):
        await books.tx.sessions.end_all(tenant, binding.identity)
    await books.note(tenant, "user.linked", _about(binding))
    return binding


async def unbind(books: Books, tenant: TenantId, name: str, identity: str) -> Binding:
    """The identity comes in as nobody until it is bound again, or let in as one of its own."""
    who = await person_of(books.tx, tenant, name)
    for each in await books.tx.bindings.list(tenant):
        if (each.principal, each.identity) == (who.id, identity):
            await books.tx.bindings.remove(tenant, each.identity)
            await books.tx.sessions.end_all(tenant, who.id)
            await books.note(tenant, "user.unlinked", _about(each))
            return each
    raise NotFound(f"{name} has no such link", field="link", remedy="See `gatewright user list`.")


async def _check_free(books: Books, binding: Binding) -> None:
    if await books.tx.bindings.of_identity(binding.identity) is not None:
        raise Conflict(
            "this identity is linked already",
            field="subject",
            remedy="Unlink it first: gatewright user unlink.",
        )
    if services := await owned_by(books, binding.tenant, binding.identity):
        raise Conflict(
            f"this identity answers for the service {services[0]}",
            field="subject",
            remedy=f"Name another owner first: gatewright token owner {services[0]}.",
        )
    if part := await part_in(books.tx, binding.tenant, binding.identity):
        raise Conflict(
            f"this identity still has a part in {part}",
            field="subject",
            remedy="Wait until that is over, or withdraw it; then link the two.",
        )


def _about(binding: Binding) -> dict[str, Json]:
    return {
        "user": binding.principal,
        "identity": binding.identity,
        "issuer": binding.issuer,
        "subject": binding.subject,
    }
