"""A person's answer to a review, and when enough of them answered.

That nobody approves their own change or one done for them, that no machine approves, and that
every seat is filled by another person is hard-coded here: policy can ask for more, never for less.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from brain.domain.errors import Forbidden
from brain.domain.identity import ChangeId, PlanDigest, Principal, PrincipalId, PrincipalKind
from brain.domain.seating import seated
from brain.domain.verdict import Obligations


class Answer(StrEnum):
    """What a reviewer can say."""

    APPROVE = "approve"
    REJECT = "reject"
    TAKE_BACK = "take_back"
    """What they said before no longer holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A group that somebody answers for, because a member of it asked them to stand in."""

    group: str
    of: PrincipalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's answer, bound to exactly what they were shown."""

    change: ChangeId
    number: int = 0
    """Counts from 1 within the change, without gaps."""
    answer: Answer
    by: PrincipalId
    groups: frozenset[str]
    """Their own, when they answered."""
    standing_in: tuple[Voice, ...] = ()
    """What they answered for besides."""
    plan_digest: PlanDigest
    fingerprint: str
    policy_revision: str
    answered_at: datetime
    expires_at: datetime
    comment: str = ""
    carried_from: ChangeId | None = None
    """The earlier change with the very same plan that it was given to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """How far one group has answered."""

    group: str
    needed: int
    filled_by: tuple[PrincipalId, ...]

    @property
    def missing(self) -> int:
        """How many more people it takes."""
        return self.needed - len(self.filled_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a review stands."""

    seats: tuple[Seats, ...]
    rejected_by: tuple[PrincipalId, ...]

    @property
    def satisfied(self) -> bool:
        """Whether everybody who was asked for approved. A review that asks for nobody never is."""
        return (
            bool(self.seats)
            and not self.rejected_by
            and all(each.missing == 0 for each in self.seats)
        )


def check_may_answer(
    who: Principal,
    *,
    author: PrincipalId,
    on_behalf_of: str,
    behind: Iterable[PrincipalId] = (),
) -> None:
    """Raise Forbidden unless this principal may review a change asked for by ``author``.

    ``behind`` are the people for whom a job asked.
    """
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("a machine cannot approve or reject", remedy="Ask a person to review it.")
    if who.id in (author, on_behalf_of, *behind):
        raise Forbidden(
            "nobody reviews a change that they asked for or that is for themselves",
            remedy="Ask a colleague to review it.",
        )


def check_owned(unowned: Iterable[PrincipalId]) -> None:
    """Raise Forbidden where nobody knows whose service asked: anybody could be its owner."""
    for service in sorted(unowned):
        raise Forbidden(
            f"nobody knows whose service {service} is, so no approval counts for what it asks",
            remedy=f"Name the owner: `gatewright token owner {service} PERSON`.",
        )


def standing(
    obligations: Obligations,
    approvals: Iterable[Approval],
    *,
    plan_digest: PlanDigest,
    now: datetime,
    parties: frozenset[str] = frozenset(),
) -> Standing:
    """Who fills which seat, by answers to exactly this plan that are still in time.

    The latest answer of a person is the one that counts. Each seat takes another person, also
    across groups. What one of ``parties`` said, or somebody standing in for them, fills none.
    """
    latest = _latest(approvals)
    live = [
        each
        for each in latest
        if each.answer is Answer.APPROVE
        and each.by not in parties
        and each.plan_digest == plan_digest
        and now < each.expires_at
    ]
    wanted = [asked.group for asked in obligations.approvals for _ in range(max(asked.min, 1))]
    filled = seated(wanted, _groups_of_each(live, parties))
    return Standing(
        seats=tuple(
            Seats(
                group=asked.group,
                needed=max(asked.min, 1),
                filled_by=tuple(
                    person for seat, person in sorted(filled.items()) if wanted[seat] == asked.group
                ),
            )
            for asked in obligations.approvals
        ),
        rejected_by=tuple(each.by for each in latest if each.answer is Answer.REJECT),
    )


def satisfied(
    obligations: Obligations,
    approvals: Iterable[Approval],
    *,
    plan_digest: PlanDigest,
    now: datetime,
    parties: frozenset[str] = frozenset(),
) -> bool:
    """Whether enough distinct people of each group approved: see ``standing``.

    One rejection that stands is enough to refuse.
    """
    return standing(
        obligations, approvals, plan_digest=plan_digest, now=now, parties=parties
    ).satisfied


def holds_until(
    obligations: Obligations,
    approvals: Sequence[Approval],
    *,
    plan_digest: PlanDigest,
    now: datetime,
    parties: frozenset[str] = frozenset(),
) -> datetime | None:
    """When the first approval runs out that is needed; None when there are not enough now."""

    def enough(at: datetime) -> bool:
        return satisfied(obligations, approvals, plan_digest=plan_digest, now=at, parties=parties)

    if not enough(now):
        return None
    ends = sorted({each.expires_at for each in approvals if each.expires_at > now})
    return next(end for end in ends if not enough(end))


def whole(approvals: Sequence[Approval], answers: int) -> bool:
    """Whether these are all the answers that were given: none is missing, none was slipped in."""
    return sorted(each.number for each in approvals) == list(range(1, answers + 1))


def as_of_now(
    approvals: Iterable[Approval], people: Mapping[PrincipalId, frozenset[str]]
) -> list[Approval]:
    """The answers, each with the groups that whoever gave it is still of.

    ``people`` are those whom nobody shut out, with their groups. An approval of anybody else fills
    no seat, nor does one for a group that was left since; a rejection stands, whoever gave it.
    """
    return [
        replace(
            each,
            groups=each.groups & people.get(each.by, frozenset()),
            standing_in=tuple(
                voice
                for voice in each.standing_in
                if each.by in people and voice.group in people.get(voice.of, frozenset())
            ),
        )
        for each in approvals
    ]


def latest_answer(approvals: Iterable[Approval], who: PrincipalId) -> Approval | None:
    """What this person said last; None when they said nothing, or took it back."""
    said = [each for each in _latest(approvals) if each.by == who]
    return said[0] if said and said[0].answer is not Answer.TAKE_BACK else None


def _latest(approvals: Iterable[Approval]) -> list[Approval]:
    """The last answer of each person, in the order in which they were given."""
    latest: dict[PrincipalId, Approval] = {}
    for approval in sorted(approvals, key=lambda each: (each.number, each.answered_at)):
        latest.pop(approval.by, None)
        latest[approval.by] = approval
    return list(latest.values())


def _groups_of_each(
    live: Sequence[Approval], parties: frozenset[str]
) -> dict[PrincipalId, frozenset[str]]:
    """For which groups each of them counts.

    A membership is one voice: it is its owner's when they answered themselves, and otherwise of
    the first who stood in for them. So a person and whoever stands in for them are never two.
    """
    spoken = {str(each.by) for each in live} | parties
    groups: dict[PrincipalId, frozenset[str]] = {}
    for each in live:
        lent = [voice for voice in each.standing_in if voice.of not in spoken]
        spoken |= {str(voice.of) for voice in lent}
        groups[each.by] = each.groups | {voice.group for voice in lent}
    return groups
