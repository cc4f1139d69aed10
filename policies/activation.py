"""The only door through which rules become active: held against the past first, then by people.

Rules are active at once only when they are shown to be no looser: by what changes in them, by what
roles may do, by the past, and by one probe for each rule, since the past may be short. All others
wait for people other than who proposed them.
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from brain.domain.approval import Answer, check_owned
from brain.domain.canonical import Json, jsonable
from brain.domain.errors import Conflict, Forbidden, NotFound
from brain.domain.identity import Principal, PrincipalId, TenantId
from brain.domain.policy_change import (
    FOUND_BY,
    FOUND_HERE,
    GROUP,
    PolicyAnswer,
    PolicyChange,
    RulesState,
)
from brain.domain.ports import Clock, NewId
from brain.domain.webhook import EventType
from brain.ledger.announcing import announce
from brain.ledger.audit import AuditTrail
from brain.ledger.seats import Behind, behind, who_counts
from brain.store.store import Store
from brain.store.transaction import Transaction
from policies.active import ActivePolicy
from policies.bundle import Bundle
from policies.probing import probed
from policies.replay.log import Window, pages_of_all
from policies.replay.replay import Progress, replay
from policies.replay.report import Report, report
from policies.tightening import not_shown
from policies.widening import lost, widened

_MOST = 1_000_000
After = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Proposes rules, takes answers, and exchanges the active bundle."""

    store: Store
    policy: ActivePolicy
    audit: AuditTrail
    clock: Clock
    new_id: NewId
    tenant: TenantId
    """The installation's own: its people answer for the rules of all tenants."""
    back: timedelta = timedelta(days=7)
    """How much of the past new rules are held against."""
    after: After
    """Told the new revision: what was judged by the one before has to be planned anew."""

    async def propose(
        self,
        who: str,
        bundle: Bundle,
        reason: str,
        *,
        progress: Progress = lambda done: None,
    ) -> PolicyChange:
        """Hold these rules against the past; they are active at once if shown to be no looser.

        Raises Conflict when they are active already or the active ones changed meanwhile, and
        PolicyUnavailable when the engine does not take them.
        """
        base = self.policy.bundle
        if bundle.revision == base.revision:
            raise Conflict("these rules are active already", field="bundle")
        found = await self._replayed(base, bundle, progress)
        gained = await widened(base, bundle)
        lets = await probed(base, bundle)
        why = (
            *not_shown(base, bundle),
            *_gain(gained),
            *_loss(await lost(base, bundle)),
            *_past(found),
            *_probes(lets),
        )
        change = PolicyChange(
            id=self.new_id("pol"),
            tenant=self.tenant,
            revision=bundle.revision,
            base=base.revision,
            state=RulesState.PROPOSED,
            proposed_by=who,
            reason=reason,
            proposed_at=self.clock(),
            loosens=bool(why),
            why=why,
            needed=people_needed(base, who),
            replay=json.dumps(jsonable(found)),
            widened=gained,
            probed=lets,
        )
        async with self.store.begin() as tx:
            await tx.policy_changes.add(change, bundle.to_tar_gz())
            await self._note(tx, change, who, "policy.proposed", _counts(found, change))
        return change if change.loosens else await self._activate(change, who, bundle)

    async def answer(
        self, who: Principal, id: str, *, revision: str, answer: Answer, comment: str = ""
    ) -> PolicyChange:
        """Take a person's answer; the last one that is needed makes the rules active.

        Raises NotFound, Forbidden for whoever may not answer, and Conflict when ``revision`` is
        not what is proposed, or the rules that it was compared with are no longer active.
        """
        async with self.store.begin() as tx:
            seen = await self._own(tx, who, id)
            if seen.revision != revision:
                raise Conflict("that is not the revision that is proposed", field="revision")
            if answer is Answer.APPROVE and seen.base != self.policy.bundle.revision:
                raise Conflict(
                    "other rules became active since it was compared", remedy="Propose it anew."
                )
            said = PolicyAnswer(by=who.id, answer=answer, at=self.clock(), comment=comment)
            asked = await self._behind(tx, seen)
            if answer is Answer.APPROVE:
                check_owned(asked.unowned)
            change = seen.answered(who, said, parties=asked.people)
            if answer is Answer.REJECT:
                change = change.moved(RulesState.REJECTED, self.clock())
            await tx.policy_changes.swap(seen, change)
            await self._note(
                tx, change, str(who.id), f"policy.{_DONE[answer]}", {}, comment=comment
            )
            content = await tx.policy_changes.content(change)
            enough = await self._enough(tx, change)
        if enough:
            return await self._activate(change, str(who.id), Bundle.from_tar_gz(content))
        return change

    async def take_up(self) -> PolicyChange | None:
        """Activate what enough people approved just before the process ended; None: nothing.

        Raises what ``_activate`` does.
        """
        async with self.store.read() as tx:
            for change in await tx.policy_changes.list(self.tenant):
                if change.base == self.policy.bundle.revision and await self._enough(tx, change):
                    content = await tx.policy_changes.content(change)
                    break
            else:
                return None
        return await self._activate(change, FOUND_HERE, Bundle.from_tar_gz(content))

    async def begin(self, tx: Transaction, bundle: Bundle, *, reason: str) -> PolicyChange:
        """Rules that there is nothing to compare with: the very first ones, or adopted ones."""
        before, again = await tx.policy_changes.active(self.tenant), await began(tx, self.tenant)
        if before is not None:
            retired = before.moved(RulesState.RETIRED, self.clock())
            await tx.policy_changes.swap(before, retired)
        change = PolicyChange(
            id=self.new_id("pol"),
            tenant=self.tenant,
            revision=bundle.revision,
            base=before.revision if before else "",
            state=RulesState.ACTIVE,
            proposed_by=FOUND_HERE,
            reason=reason,
            proposed_at=self.clock(),
            loosens=again,
            decided_at=self.clock(),
        )
        await tx.policy_changes.add(change, bundle.to_tar_gz())
        kind = "policy.adopted" if again else "policy.activated"
        await self._note(tx, change, FOUND_HERE, kind, {"base": change.base})
        return change

    async def _activate(self, change: PolicyChange, who: str, bundle: Bundle) -> PolicyChange:
        """Written down first, then exchanged: a crash between the two is mended at the start."""
        serving = await self.policy.prepared(bundle)
        active = change.moved(RulesState.ACTIVE, self.clock())
        async with self.store.begin() as tx:
            before = await tx.policy_changes.active(self.tenant)
            if (before.revision if before else "") != change.base:
                raise Conflict("other rules became active meanwhile", remedy="Propose it anew.")
            if change.loosens and not await self._enough(tx, change):
                raise Conflict(
                    "somebody who approved it does not count any more",
                    remedy="Ask another member of the group to approve it.",
                )
            if before is not None:
                retired = before.moved(RulesState.RETIRED, self.clock())
                await tx.policy_changes.swap(before, retired)
            await tx.policy_changes.swap(change, active)
            await self._note(tx, active, who, "policy.activated", {"base": change.base})
        self.policy.take(serving)
        await self.after(bundle.revision)
        return active

    async def _behind(self, tx: Transaction, change: PolicyChange) -> Behind:
        """Who proposed it, whoever they came in as; nobody where Gatewright found it."""
        if change.proposed_by == FOUND_HERE:
            return Behind()
        return await behind(tx, self.tenant, [change.proposed_by])

    async def _enough(self, tx: Transaction, change: PolicyChange) -> bool:
        """Whether it waits for nothing but its activation, by those who count as of now."""
        if change.state is not RulesState.PROPOSED:
            return False
        return change.satisfied_by(await self._who_counts(tx, change))

    async def _who_counts(
        self, tx: Transaction, change: PolicyChange
    ) -> dict[PrincipalId, frozenset[str]]:
        asked = await self._behind(tx, change)
        if asked.unowned:
            return {}
        besides = {change.proposed_by, *asked.people}
        return await who_counts(tx, self.tenant, besides=besides)

    async def counted(self, change: PolicyChange) -> frozenset[PrincipalId]:
        """Whose approvals count as of now; once it waits no more, those who had approved it."""
        if change.state is not RulesState.PROPOSED:
            return change.approvers
        async with self.store.read() as tx:
            return change.counted(await self._who_counts(tx, change))

    async def _replayed(self, base: Bundle, bundle: Bundle, progress: Progress) -> Report:
        until = self.clock()
        since = until - self.back
        window = Window(tenant=self.tenant, since=since, until=until, most=_MOST)
        async with self.store.read() as tx:
            tenants = await tx.verdicts.tenants(since=since)
        pages = pages_of_all(self.store, tenants, window)
        found = await replay(bundle, pages, base=base, progress=progress)
        return report(found, bundle, since=since, until=until, in_log=found.tally.seen)

    async def _own(self, tx: Transaction, who: Principal, id: str) -> PolicyChange:
        found = await tx.policy_changes.get(who.tenant, id)
        if found is None:
            raise NotFound("there is no such change of the rules", field="id")
        if who.tenant != self.tenant:
            raise Forbidden("the rules of this installation are another tenant's")
        return found

    async def _note(
        self,
        tx: Transaction,
        change: PolicyChange,
        actor: str,
        kind: str,
        more: dict[str, Json],
        *,
        comment: str = "",
    ) -> None:
        payload: dict[str, Json] = {
            "id": change.id,
            "revision": change.revision,
            "state": change.state.value,
            **more,
        }
        entry = await self.audit.append(
            tx,
            tenant=self.tenant,
            actor=actor,
            kind=kind,
            payload=payload,
            words={"reason": change.reason, "comment": comment},
        )
        event = _TOLD.get(kind)
        if event is not None:
            await announce(tx, entry, event, _told(change))


_TOLD = {
    "policy.proposed": EventType.POLICY_PROPOSED,
    "policy.activated": EventType.POLICY_ACTIVATED,
    "policy.adopted": EventType.POLICY_ACTIVATED,
}


def _told(change: PolicyChange) -> dict[str, Json]:
    """Who has to answer, and to what; the reason stays here, since people may write anything."""
    waits = change.state is RulesState.PROPOSED and change.loosens
    asked: list[Json] = [{"group": GROUP, "min": change.needed}] if waits else []
    return {
        "policy_change": change.id,
        "revision": change.revision,
        "base": change.base,
        "state": change.state.value,
        "loosens": change.loosens,
        "asks_for": asked,
        "path": "/policy",
    }


_DONE = {
    Answer.APPROVE: "approved",
    Answer.REJECT: "rejected",
    Answer.TAKE_BACK: "answer_taken_back",
}


async def began(tx: Transaction, tenant: TenantId) -> bool:
    """Whether rules were ever written down as active here, by the rows or by the audit trail.

    Rows go with one statement of SQL; what the trail says of them stays.
    """
    kept = await tx.policy_changes.any(tenant)
    return kept or await tx.audit.holds(tenant, ("policy.activated", "policy.adopted"))


def people_needed(bundle: Bundle, who: str) -> int:
    """How many of the group the active rules ask for: at least one, whatever they say.

    At least two where Gatewright found the rules: the one who put them there may be one.
    """
    limits = bundle.data.get("limits")
    approvals = limits.get("approvals") if isinstance(limits, dict) else None
    number = approvals.get(GROUP) if isinstance(approvals, dict) else None
    least = FOUND_BY if who == FOUND_HERE else 1
    return max(least, number) if isinstance(number, int) and not isinstance(number, bool) else least


def _gain(gained: tuple[str, ...]) -> Iterator[str]:
    for each in gained:
        yield f"somebody may do more: {each}"


def _loss(lost: tuple[str, ...]) -> Iterator[str]:
    for each in lost:
        yield f"somebody can no longer stop or approve anything: {each}"


def _probes(lets: tuple[str, ...]) -> Iterator[str]:
    for each in lets:
        yield f"a probe stands otherwise: {each}"


def _past(found: Report) -> Iterator[str]:
    if found.looser:
        yield f"{found.looser} past decisions would be looser"
    if found.uncertain:
        yield f"of {found.uncertain} past denials and reviews nobody can tell"
    elif found.loosens and not found.looser:
        yield "the past does not show that nothing is looser"


def _counts(found: Report, change: PolicyChange) -> dict[str, Json]:
    return {
        "replayed": found.replayed,
        "looser": found.looser,
        "uncertain": found.uncertain,
        "roles_gain": [*change.widened],
        "probes_let_through": [*change.probed],
    }
