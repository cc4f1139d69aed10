"""The door for rollouts: a person begins one, and stops it. What it does is ``rolling_out``'s."""

from collections.abc import Sequence
from dataclasses import dataclass

from brain.datamodel.catalogue import catalogue
from brain.domain.canonical import Json
from brain.domain.change import Change, Plan
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import CaseId, DeviceId, Principal, PrincipalKind, ProposalId, TenantId
from brain.domain.ports import Clock, NewId
from brain.domain.rollout import MOST_DEVICES, Pace, Rollout, RolloutId, Target
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from brain.store.transaction import Transaction

ROLL_OUT = "roll_out"
"""What policy is asked for."""
_LONGEST_NAME = 80
_LONGEST_REASON = 500
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollouts:
    """Begins and stops; nothing here submits a change."""

    store: Store
    audit: AuditTrail
    clock: Clock
    new_id: NewId

    async def begin(
        self,
        who: Principal,
        *,
        name: str,
        steps: Sequence[Change],
        devices: Sequence[DeviceId],
        pace: Pace,
    ) -> Rollout:
        """Keep it; its first changes are submitted at the next pass, in the name of ``who``.

        Forbidden for a machine. InvalidInput for what could be no plan, for a secret, which is
        each home's own, and for a device that the tenant does not have: nothing is kept then.
        """
        if who.kind is not PrincipalKind.PERSON:
            raise Forbidden("only a person begins a rollout, and answers for it")
        _check(name, steps, devices)
        now = self.clock()
        rollout = Rollout(
            id=RolloutId(self.new_id("rol")),
            tenant=who.tenant,
            name=name.strip(),
            asked_by=who.id,
            steps=tuple(steps),
            pace=pace,
            created_at=now,
            updated_at=now,
        )
        targets = [self._target(rollout, place, each) for place, each in enumerate(devices)]
        about: dict[str, Json] = {"devices": len(targets), "at_once": pace.at_once}
        async with self.store.begin() as tx:
            await _check_known(tx, who.tenant, devices)
            await tx.rollouts.add(rollout, targets)
            await self._note(tx, rollout, str(who.id), "begun", about, words={"name": rollout.name})
        return rollout

    async def stop(self, who: Principal, rollout: RolloutId, *, reason: str) -> Rollout:
        """Submit nothing more, and take back what has not begun; what is under way is seen through.

        NotFound, or Conflict for one that does not run any more.
        """
        if not reason.strip() or len(reason) > _LONGEST_REASON:
            raise InvalidInput(f"at most {_LONGEST_REASON} characters that say why", field="reason")
        async with self.store.begin() as tx:
            known = await tx.rollouts.get(who.tenant, rollout)
            if known is None:
                raise NotFound(f"there is no rollout {rollout}", field="rollout")
            return await self.stop_in(tx, known, str(who.id), reason.strip())

    async def stop_in(self, tx: Transaction, known: Rollout, by: str, reason: str) -> Rollout:
        """The same in a transaction of the caller's, also for what stops it by itself."""
        stopped = known.stop(reason, by, self.clock())
        await self.moved(tx, known, stopped)
        await self._note(tx, stopped, by, "stopped", {}, words={"reason": reason})
        return stopped

    async def end_in(self, tx: Transaction, known: Rollout) -> Rollout:
        """Nothing of it is open any more."""
        ended = known.ended(self.clock())
        await self.moved(tx, known, ended)
        await self._note(tx, ended, "gatewright", str(ended.state), {})
        return ended

    async def moved(self, tx: Transaction, before: Rollout, after: Rollout) -> None:
        """Keep it, or raise Conflict where somebody was quicker."""
        if not await tx.rollouts.swap(after, was=before.state):
            raise Conflict("the rollout moved on meanwhile", remedy="Read it again.")

    def _target(self, rollout: Rollout, place: int, device: DeviceId) -> Target:
        return Target(
            rollout=rollout.id,
            tenant=rollout.tenant,
            place=place,
            device=device,
            case=CaseId(self.new_id("case")),
            proposal=ProposalId(self.new_id("prp")),
        )

    async def _note(
        self,
        tx: Transaction,
        rollout: Rollout,
        by: str,
        kind: str,
        more: dict[str, Json],
        *,
        words: dict[str, str] | None = None,
    ) -> None:
        await self.audit.append(
            tx,
            tenant=rollout.tenant,
            actor=by,
            kind=f"rollout.{kind}",
            payload={"rollout": rollout.id} | more,
            words=words,
        )


def _check(name: str, steps: Sequence[Change], devices: Sequence[DeviceId]) -> None:
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"at most {_LONGEST_NAME} characters on one line", field="name")
    if not 1 <= len(devices) <= MOST_DEVICES:
        raise InvalidInput(f"between 1 and {MOST_DEVICES} devices", field="devices")
    if len(set(devices)) != len(devices):
        raise InvalidInput("one device is named twice", field="devices")
    plan = Plan(device=devices[0], changes=tuple(steps))
    for change in plan.sets:
        if catalogue().is_secret(change.path):
            raise InvalidInput(
                "a secret is each home's own, and is not rolled out", field=change.path
            )


async def _check_known(tx: Transaction, tenant: TenantId, devices: Sequence[DeviceId]) -> None:
    known = {each.id for each in await tx.devices.some(tenant, devices)}
    missing = [each for each in devices if each not in known]
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise InvalidInput(
            f"there is no device {', '.join(missing[:_NAMED])}{more}",
            field="devices",
            remedy="Take them out, or enter them first.",
        )
