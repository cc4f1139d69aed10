"""The door for whatever works unattended, and for the people who say how far it may go."""

from dataclasses import dataclass

from brain.domain.autonomy import AutonomyRules, Level, Standing, Subject
from brain.domain.device import Device
from brain.domain.errors import Forbidden, InvalidInput
from brain.domain.identity import Principal, PrincipalKind, TenantId
from brain.domain.ports import Clock
from brain.domain.proposal import Cause, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Shadow
from brain.history.standing import first, standing, subject_for
from brain.ledger.context import known_device
from brain.ledger.intake import Intake
from brain.ledger.levels import Levels
from brain.ledger.normalise import normalise
from brain.ledger.shadows import Shadows
from brain.store.store import Store
from brain.store.transaction import Transaction

_LONGEST = 500
_SUBJECT = ("cause", "manufacturer", "model")
_MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonomy:
    """Levels by playbook and model: see ``brain.domain.autonomy``."""

    store: Store
    intake: Intake
    levels: Levels
    shadows: Shadows
    clock: Clock

    async def level(self, tx: Transaction, cause: Cause, device: Device) -> Level:
        """How far this playbook may go by itself on a device of this model, now.

        For whatever works unattended. Ask before each run, in a transaction of your own, and keep
        no answer: a failure elsewhere lowers it at once. ``level.submits`` is False for
        ``observe`` and ``propose``; hand what was planned to ``unattended``, which keeps it as a
        shadow then and submits it otherwise. ``act_alone`` only means that policy is asked: what
        it denies or has reviewed stays so. A device of which nobody knows the model stands at
        ``observe``.
        """
        subject = subject_for(cause, device.manufacturer, device.model)
        if subject is None:
            return Level.OBSERVE
        return (await standing(tx, device.tenant, subject, self.levels.rules)).level

    @property
    def rules(self) -> AutonomyRules:
        """What evidence has to reach, as the active policy has it."""
        return self.levels.rules()

    async def standings(self, tx: Transaction, tenant: TenantId) -> list[Standing]:
        """Where everything stands of which something was heard, by cause, manufacturer, model."""
        kept = {each.subject: each for each in await tx.autonomy.list(tenant)}
        tried = await tx.fared.rates(tenant, _SUBJECT, only={}, limit=_MOST)
        for named, _ in tried:
            cause = Cause(named["cause"])
            subject = subject_for(cause, named["manufacturer"], named["model"])
            if subject is not None and subject not in kept:
                kept[subject] = await first(tx, tenant, subject)
        held = [each.held_to(self.rules, at=each.since or self.clock()) for each in kept.values()]
        return sorted(held, key=lambda each: str(each.subject))

    async def unattended(self, proposal: Proposal, asker: Principal) -> ChangeRecord | Shadow:
        """Submit a proposal at which nobody sits, or keep it as a shadow: as its level says.

        Raises what ``Ledger.submit`` raises, since a shadow has to be a plan that could be applied;
        and InvalidInput for a device of which nobody knows the model: nothing is learned from it.
        """
        async with self.store.read() as tx:
            device, snapshot = await known_device(tx, proposal, asker)
            level = await self.level(tx, proposal.finding.cause, device)
        if level.submits:
            return await self.intake.submit(proposal, asker)
        subject = subject_for(proposal.finding.cause, device.manufacturer, device.model)
        if subject is None:
            raise InvalidInput(
                f"nobody knows the manufacturer and model of {device.id}",
                field="device",
                remedy="Enter them, or wait until it has informed.",
            )
        return await self.shadows.keep(proposal, normalise(proposal, snapshot, device), subject)

    async def raise_to(
        self, who: Principal, subject: Subject, level: Level, *, reason: str
    ) -> Standing:
        """As a person of the group that policy names says.

        Raises Forbidden for anybody else, Conflict when the evidence does not carry it.
        """
        rules = self.rules
        if who.kind is not PrincipalKind.PERSON:
            raise Forbidden("only people say that something may be done without them")
        if not rules.confirm or rules.confirm not in who.groups:
            raise Forbidden(
                f"you are not in the group {rules.confirm or 'that policy would have to name'}",
                remedy="Ask a member of it, or an administrator to make you one.",
            )
        _check(reason)
        now = self.clock()
        async with self.store.begin() as tx:
            before = await self.levels.hold(tx, who.tenant, subject)
            after = before.raised(level, rules, by=str(who.id), why=reason, at=now)
            await self.levels.keep(tx, before, after, words={"reason": reason})
        return after

    async def lower_to(
        self, who: Principal, subject: Subject, level: Level, *, reason: str
    ) -> Standing:
        """As somebody who may use the brakes says; it stays there until a person raises it."""
        _check(reason)
        now = self.clock()
        async with self.store.begin() as tx:
            before = await self.levels.hold(tx, who.tenant, subject)
            after = before.lowered(level, by=str(who.id), why=reason, at=now)
            await self.levels.keep(tx, before, after, words={"reason": reason})
        return after


def _check(reason: str) -> None:
    if not reason.strip() or len(reason) > _LONGEST:
        raise InvalidInput(
            f"a reason of at most {_LONGEST} characters has to be given",
            field="reason",
            remedy="Say why.",
        )
