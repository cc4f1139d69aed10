"""Puts a review together for whoever looks at it: for the API, the console and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.actions import Action
from api.needs import Gatewright
from api.shapes.reviews import AwayShape, GroupReviewShape, MayAnswerShape, ReviewShape
from brain.domain.approval import Approval, latest_answer, whole
from brain.domain.identity import Principal, Role
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.review import Colleagues, GroupReview, groups_of, may_reject, why_not
from brain.ledger.answers import as_they_are_now
from brain.ledger.owners import with_owners
from brain.ledger.standing_in import colleagues
from brain.store.transaction import Transaction

LOOKED_THROUGH = 500
"""More waiting changes than this are not gone through at once; the oldest are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """One person's view of reviews, at one moment."""

    gatewright: Gatewright
    who: Principal
    reviewers: Colleagues
    """Only those whom policy lets approve at all are expected to."""
    refused: str
    """Why ``who`` may approve nothing; empty when policy lets them."""

    @classmethod
    async def open(cls, gatewright: Gatewright, tx: Transaction, who: Principal) -> "Reviewing":
        """Gather the people once, for as many changes as are looked at."""
        known = await colleagues(tx, who.tenant, gatewright.clock())
        asked: dict[frozenset[Role], bool] = {}
        for each in known.people:
            if each.roles not in asked:
                asked[each.roles] = await gatewright.access.allowed(each, Action.APPROVE)
        may = await gatewright.access.allowed(who, Action.APPROVE)
        return cls(
            gatewright=gatewright,
            who=who,
            reviewers=Colleagues(
                people=tuple(each for each in known.people if asked[each.roles]),
                delegations=known.delegations,
                absences=known.absences,
            ),
            refused="" if may else "Your roles do not include approve.",
        )

    async def of(self, tx: Transaction, record: ChangeRecord) -> ReviewShape:
        """Where this review stands."""
        given = await tx.approvals.of_change(record.tenant, record.id)
        kept = await tx.approvals.kept(record.tenant, record.id)
        sound = whole(given, record.answers)
        record = await with_owners(tx, record)
        theirs = await as_they_are_now(tx, record, given)
        groups = groups_of(record, theirs, self.reviewers, self.gatewright.clock())
        return ReviewShape(
            groups=[_group(each) for each in groups],
            may_answer=self.may_answer(record, given),
            approve_before=record.approval_expires_at,
            begin_before=record.execution_expires_at,
            answers=record.answers,
            not_genuine=kept - len(given),
            whole=sound,
        )

    def may_answer(self, record: ChangeRecord, given: Sequence[Approval]) -> MayAnswerShape:
        """Whether this person may approve it, and why not."""
        now = self.gatewright.clock()
        voices = self.reviewers.voices(self.who.id, now)
        why = why_not(self.who, record, given, voices, now) or self.refused
        if not why and not whole(given, record.answers):
            why = "An answer to it was altered in the database, so it cannot go on."
        asked = {each.group for each in record.verdict.obligations.approvals}
        lent = [
            f"{each.of} in {each.group}"
            for each in voices
            if each.group in asked - self.who.groups and str(each.of) not in record.parties
        ]
        return MayAnswerShape(
            may=not why,
            why=why,
            may_reject=not self.refused and may_reject(self.who, record, voices),
            may_take_back=latest_answer(given, self.who.id) is not None
            and record.state in (State.AWAITING_APPROVAL, State.APPROVED),
            standing_in_for=[] if why else lent,
        )


def _group(review: GroupReview) -> GroupReviewShape:
    return GroupReviewShape(
        group=review.group,
        needed=review.needed,
        given=list(review.given),
        missing=review.missing,
        may_answer=list(review.may_answer),
        away=[AwayShape(who=who, until=until) for who, until in review.away],
        says=review.says,
    )
