"""Whoever the identity provider alone knows: kept with what policy gives them, on record."""

from api.books import Books
from api.oidc import Identity
from api.people import trusted_with
from brain.domain.identity import Principal


async def put_vouched(books: Books, who: Principal, identity: Identity, *, revision: str) -> None:
    """Keep them as they are now; what they gained or lost since they last came in is noted.

    ``identity`` is what the provider says of them, and ``revision`` that of the policy that says
    what their groups there are worth.
    """
    there = await books.tx.principals.held(who.tenant, who.id)
    await books.tx.principals.put(who, identity.name, names=identity.names)
    before = None if there is None else (there.principal.roles, there.principal.groups)
    if before == (who.roles, who.groups):
        return
    trust = trusted_with(who.roles, who.groups)
    payload = {"user": who.id, **trust, "policy_revision": revision}
    await books.note(who.tenant, "user.vouched_for", payload)
