"""What follows a broken glass: somebody else reviews it, and is called when nobody does."""

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from brain.domain.approval import check_owned
from brain.domain.break_glass import BrokenGlass, GlassReview, check_may_review
from brain.domain.canonical import Json
from brain.domain.errors import Conflict, InvalidInput, NotFound
from brain.domain.identity import BrokenGlassId, Principal
from brain.domain.life import ENDS
from brain.domain.record import ChangeRecord
from brain.domain.webhook import EventType
from brain.ledger.announcing import announce
from brain.ledger.owners import with_owners
from brain.ledger.steps import GATEWRIGHT, Steps, found
from brain.store.store import Store
from brain.store.transaction import Transaction

_LONGEST = 1000
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """Reviews, and reminders of them."""

    store: Store
    steps: Steps
    remind_every: timedelta
    """How long to wait for a review before somebody is called about it again."""

    async def review(
        self, who: Principal, broken: BrokenGlassId, *, justified: bool, comment: str
    ) -> BrokenGlass:
        """Keep what somebody else says of it, once, when the change is at its end.

        Raises NotFound; InvalidInput without a comment; Forbidden for whoever was part of it or
        is not of the group that reviews; Conflict when it is reviewed or still under way.
        """
        if not comment.strip() or len(comment) > _LONGEST:
            raise InvalidInput(
                f"a comment of at most {_LONGEST} characters has to be given",
                field="comment",
                remedy="Say what you looked at and what you found.",
            )
        async with self.store.begin() as tx:
            kept = await tx.broken_glasses.get(who.tenant, broken)
            if kept is None:
                raise NotFound(f"there is no broken glass {broken}", field="broken_glass")
            record = await with_owners(tx, await found(tx, kept.tenant, kept.change))
            check_may_review(who, kept, map(str, record.parties))
            check_owned(record.unowned)
            _check_over(kept, record)
            review = GlassReview(
                by=who.id, at=self.steps.clock(), justified=justified, comment=comment
            )
            reviewed = replace(kept, review=review)
            if not await tx.broken_glasses.review(reviewed):
                raise Conflict("it was reviewed already")
            await self._note(tx, reviewed, str(who.id), "reviewed", justified=justified)
        return reviewed

    async def remind(self) -> int:
        """Call somebody about every review that is overdue; returns how many."""
        now = self.steps.clock()
        async with self.store.read() as tx:
            overdue = await tx.broken_glasses.overdue(now)
        called = 0
        for broken in overdue:
            async with self.store.begin() as tx:
                until = now + self.remind_every
                if not await tx.broken_glasses.put_off(broken, now=now, until=until):
                    continue  # another process was quicker, or it was reviewed meanwhile
                await self._note(tx, broken, GATEWRIGHT, "review_due")
            called += 1
            _log.error("page", change=broken.change, reason="a broken glass is not reviewed yet")
        return called

    async def _note(
        self, tx: Transaction, broken: BrokenGlass, actor: str, kind: str, **more: bool
    ) -> None:
        about: dict[str, Json] = {
            "broken_glass": broken.id,
            "change": broken.change,
            "review_by": broken.reviewers,
        }
        entry = await self.steps.audit.append(
            tx,
            tenant=broken.tenant,
            actor=actor,
            kind=f"break_glass.{kind}",
            payload=about | more,
            words={"comment": broken.review.comment} if broken.review else None,
        )
        told: dict[str, Json] = {"path": f"/changes/{broken.change}", "asks_for": broken.reviewers}
        await announce(tx, entry, EventType(entry.kind), about | told)


def _check_over(kept: BrokenGlass, record: ChangeRecord) -> None:
    if kept.review is not None:
        raise Conflict("it was reviewed already")
    if record.state not in ENDS:
        raise Conflict(
            f"the change is not at its end: it is {record.state}",
            remedy="Review what became of it.",
        )
