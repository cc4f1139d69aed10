"""Standing in for a colleague, and being away: said by oneself, for a time, and audited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from brain.domain.absence import Absence, Delegation, Span, span_of
from brain.domain.approval import Voice
from brain.domain.canonical import Json, jsonable
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, TenantId
from brain.domain.ports import Clock, NewId
from brain.domain.review import Colleagues
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from brain.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIn:
    """One hop: only one's own membership is lent, and what was lent is not lent on."""

    store: Store
    audit: AuditTrail
    clock: Clock
    new_id: NewId

    async def delegate(
        self, who: Principal, *, to: PrincipalId, group: str, starts_at: datetime, until: datetime
    ) -> Delegation:
        """Lend one's membership of a group to a colleague.

        Raises Forbidden for a machine and for a group that one is not in oneself, InvalidInput for
        a time that is over or too long or somebody who cannot stand in, NotFound for somebody
        unknown, Conflict when the group is lent to somebody in that time already.
        """
        _check_person(who)
        if group not in who.groups:
            raise Forbidden(
                f"you are not of {group} yourself; what was lent to you is not yours to lend",
                field="group",
            )
        given = Delegation(
            id=self.new_id("del"),
            tenant=who.tenant,
            group=group,
            by=who.id,
            to=to,
            span=span_of(starts_at, until, now=self.clock()),
        )
        async with self.store.begin() as tx:
            await self._check_receiver(tx, given)
            # Of two at the same time the one that locks the trail later sees the other.
            await self._note(tx, who, "delegation.given", _about(given))
            for other in await tx.delegations.not_over(who.tenant, self.clock()):
                same = (other.by, other.group) == (given.by, given.group)
                if same and other.span.meets(given.span):
                    raise Conflict(
                        f"{other.to} stands in for you in {group} then already",
                        field="until",
                        remedy="End that first.",
                    )
            await tx.delegations.add(given)
        return given

    async def end_delegation(self, who: Principal, delegation: str) -> Delegation:
        """End it early: by the one who lent, or the one who stands in."""
        async with self.store.begin() as tx:
            for each in await tx.delegations.not_over(who.tenant, self.clock()):
                if each.id == delegation and who.id in (each.by, each.to):
                    await tx.delegations.remove(who.tenant, each.id)
                    await self._note(tx, who, "delegation.ended", _about(each))
                    return each
        raise NotFound("you have no such delegation", field="delegation")

    async def absent(self, who: Principal, *, starts_at: datetime, until: datetime) -> Absence:
        """Say that one is away. InvalidInput for a time that is over or too long."""
        _check_person(who)
        said = Absence(
            id=self.new_id("abs"),
            tenant=who.tenant,
            who=who.id,
            span=span_of(starts_at, until, now=self.clock()),
        )
        async with self.store.begin() as tx:
            await tx.absences.add(said)
            await self._note(tx, who, "absence.said", {"id": said.id, **_times(said.span)})
        return said

    async def end_absence(self, who: Principal, absence: str) -> Absence:
        """Say that one is back, or will not be away after all."""
        async with self.store.begin() as tx:
            for each in await tx.absences.not_over(who.tenant, self.clock()):
                if (each.id, each.who) == (absence, who.id):
                    await tx.absences.remove(who.tenant, each.id)
                    await self._note(tx, who, "absence.ended", {"id": each.id})
                    return each
        raise NotFound("you have no such absence", field="absence")

    async def _check_receiver(self, tx: Transaction, given: Delegation) -> None:
        if given.to == given.by:
            raise InvalidInput("that is yourself", field="to", remedy="Name a colleague.")
        receiver = await tx.principals.get(given.tenant, given.to)
        if receiver is None:
            raise NotFound(f"there is nobody called {given.to}", field="to")
        if receiver.kind is not PrincipalKind.PERSON:
            raise InvalidInput(
                "a machine stands in for nobody", field="to", remedy="Name a person."
            )

    async def _note(
        self, tx: Transaction, who: Principal, kind: str, about: Mapping[str, Json]
    ) -> None:
        await self.audit.append(
            tx, tenant=who.tenant, actor=str(who.id), kind=kind, payload=dict(about)
        )


async def voices_for(tx: Transaction, who: Principal, now: datetime) -> tuple[Voice, ...]:
    """What this person may answer for besides their own groups, as it is now.

    Only while the one who lent is a person of that group themselves, and not shut out.
    """
    return (await colleagues(tx, who.tenant, now)).voices(who.id, now)


async def colleagues(tx: Transaction, tenant: TenantId, now: datetime) -> Colleagues:
    """The people of a tenant, with who stands in and who is away now or later."""
    return Colleagues(
        people=tuple(await tx.principals.people(tenant)),
        delegations=tuple(await tx.delegations.not_over(tenant, now)),
        absences=tuple(await tx.absences.not_over(tenant, now)),
    )


def _check_person(who: Principal) -> None:
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("only a person is away or asks another to stand in")


def _about(delegation: Delegation) -> dict[str, Json]:
    return {
        "id": delegation.id,
        "group": delegation.group,
        "by": delegation.by,
        "to": delegation.to,
        **_times(delegation.span),
    }


def _times(span: Span) -> dict[str, Json]:
    return {"from": jsonable(span.starts_at), "until": jsonable(span.ends_at)}
