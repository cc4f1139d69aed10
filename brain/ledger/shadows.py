"""Keeps what was proposed and not applied, and holds it against what people do."""

from dataclasses import dataclass, replace
from typing import Final

from brain.domain.autonomy import Subject
from brain.domain.canonical import Json
from brain.domain.change import Plan
from brain.domain.fared import templates_of
from brain.domain.history import By, EventKind
from brain.domain.identity import PrincipalKind
from brain.domain.parameter import template_of
from brain.domain.ports import Clock
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Agreement, Shadow
from brain.ledger.levels import Levels
from brain.store.store import Store
from brain.store.transaction import Transaction

AT_THE_BOX: Final = "at the box"
"""Or by another controller: not through us."""
_NOT_US: Final = (By.SUBSCRIBER, By.CONTROLLER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadows:
    """A shadow ends when people do the same, or when its time is up."""

    store: Store
    levels: Levels
    clock: Clock

    async def keep(self, proposal: Proposal, plan: Plan, subject: Subject) -> Shadow:
        """Keep it beside what people do. Nothing is submitted, and no device is written to."""
        now = self.clock()
        shadow = Shadow(
            tenant=proposal.tenant,
            proposal=proposal.id,
            device=proposal.device,
            subject=subject,
            author=proposal.author,
            templates=templates_of(plan.paths),
            made_at=now,
            until=now + self.levels.rules().shadow_for,
        )
        about: dict[str, Json] = {
            "proposal": proposal.id,
            "device": proposal.device,
            "cause": subject.cause.value,
        }
        async with self.store.begin() as tx:
            await tx.proposals.add(proposal)
            await tx.shadows.add(shadow)
            await self.levels.audit.append(
                tx,
                tenant=proposal.tenant,
                actor=str(proposal.asked_by),
                kind="proposal.shadowed",
                payload=about,
            )
        return shadow

    async def applied(self, tx: Transaction, record: ChangeRecord) -> None:
        """A change reached its device: if a person asked for it, hold open shadows against it."""
        asker = await tx.principals.get(record.tenant, record.asked_by)
        if asker is None or asker.kind is not PrincipalKind.PERSON:
            return
        templates = templates_of(record.plan.paths)
        for shadow in await tx.shadows.open_of(record.tenant, record.device):
            if record.updated_at > shadow.until:
                continue
            seen = replace(shadow, seen=record.id)
            if shadow.subject.cause is record.cause or shadow.touches(templates):
                await self._end(tx, seen, Agreement.AGREED)
            else:
                await tx.shadows.tell(seen)

    async def close_due(self) -> int:
        """End every shadow whose time is up; returns how many."""
        async with self.store.read() as tx:
            due = await tx.shadows.due(self.clock())
        for shadow in due:
            async with self.store.begin() as tx:
                if await self._changed_elsewhere(tx, shadow):
                    await self._end(tx, replace(shadow, seen=AT_THE_BOX), Agreement.AGREED)
                else:
                    otherwise = Agreement.OTHERWISE if shadow.seen else Agreement.NOTHING
                    await self._end(tx, shadow, otherwise)
        return len(due)

    async def _changed_elsewhere(self, tx: Transaction, shadow: Shadow) -> bool:
        """Whether the device told that what it is about was changed, and not by us.

        Where nobody can tell who it was, it does not count as agreement.
        """
        said = await tx.events.of_device(
            shadow.tenant, shadow.device, since=shadow.made_at, kinds=[EventKind.VALUE_CHANGE]
        )
        theirs = (each for each in said if each.by in _NOT_US and each.at <= shadow.until)
        return any(shadow.touches(template_of(each.path)) for each in theirs)

    async def _end(self, tx: Transaction, shadow: Shadow, end: Agreement) -> None:
        now = self.clock()
        before = await self.levels.hold(tx, shadow.tenant, shadow.subject)
        if not await tx.shadows.tell(replace(shadow, end=end, ended_at=now)):
            return  # another was quicker
        agreed = end is Agreement.AGREED
        after = before.compared(agreed, self.levels.rules(), at=now)
        await self.levels.keep(tx, before, after, about={"proposal": shadow.proposal})
