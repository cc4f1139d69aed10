"""Asks a colleague to stand in, if policy lets that colleague answer reviews at all."""

from datetime import datetime

from api.actions import Action
from api.needs import Gatewright
from brain.domain.absence import Delegation
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal, PrincipalId


async def lend(
    gatewright: Gatewright,
    who: Principal,
    to: PrincipalId,
    group: str,
    *,
    starts_at: datetime,
    until: datetime,
) -> Delegation:
    """Raises what ``StandingIn.delegate`` raises, and Forbidden for who may not approve."""
    async with gatewright.store.read() as tx:
        receiver = await tx.principals.get(who.tenant, to)
    if receiver and not await gatewright.access.allowed(receiver, Action.APPROVE):
        raise Forbidden(
            f"the roles of {to} do not include approve",
            field="to",
            remedy="Ask an administrator for that role, or name somebody else.",
        )
    return await gatewright.ledger.standing_in.delegate(
        who, to=to, group=group, starts_at=starts_at, until=until
    )
