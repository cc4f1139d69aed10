"""Who can still answer a review, what is missing, and why somebody may not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from brain.domain.absence import Absence, Delegation
from brain.domain.approval import (
    Answer,
    Approval,
    Voice,
    check_may_answer,
    check_owned,
    latest_answer,
    standing,
)
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal, PrincipalId
from brain.domain.life import State
from brain.domain.record import ChangeRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Who there is: people who may answer reviews at all, who stands in for whom, who is away."""

    people: tuple[Principal, ...]
    delegations: tuple[Delegation, ...] = ()
    absences: tuple[Absence, ...] = ()

    def away(self, who: PrincipalId, now: datetime) -> datetime | None:
        """Until when this person is away; None when they are here."""
        ends = [
            each.span.ends_at for each in self.absences if each.who == who and each.span.holds(now)
        ]
        return max(ends, default=None)

    def voices(self, who: PrincipalId, now: datetime) -> tuple[Voice, ...]:
        """What this person may answer for in the name of others."""
        groups = {each.id: each.groups for each in self.people}
        return tuple(
            Voice(group=each.group, of=each.by)
            for each in self.delegations
            if each.to == who and each.span.holds(now) and each.group in groups.get(each.by, ())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReview:
    """How far one group is with a review, and who of it can still answer."""

    group: str
    needed: int
    given: tuple[PrincipalId, ...]
    may_answer: tuple[PrincipalId, ...]
    away: tuple[tuple[PrincipalId, datetime], ...]
    """Who of the group is away, and until when."""

    @property
    def missing(self) -> int:
        """How many more people it takes."""
        return self.needed - len(self.given)

    @property
    def says(self) -> str:
        """What is missing, and whether there is anybody to give it, in a sentence."""
        if not self.missing:
            return f"{self.group} has answered."
        wanted = f"{self.missing} more of {self.group}"
        if len(self.may_answer) >= self.missing:
            return f"It takes {wanted}: {', '.join(self.may_answer)} may answer."
        gone = ", ".join(f"{who} until {until:%Y-%m-%d %H:%M}Z" for who, until in self.away)
        away = f" Away: {gone}, and nobody stands in." if gone else ""
        few = ", ".join(self.may_answer) or "nobody"
        return f"It takes {wanted}, and {few} can answer now.{away}"


def groups_of(
    record: ChangeRecord, given: Sequence[Approval], colleagues: Colleagues, now: datetime
) -> tuple[GroupReview, ...]:
    """Each group that is asked, in the order policy asked for them."""
    found = standing(
        record.verdict.obligations,
        given,
        plan_digest=record.plan.digest,
        now=now,
        parties=record.parties,
    )
    free = [each for each in colleagues.people if _is_free(each.id, record, given)]
    return tuple(
        GroupReview(
            group=seats.group,
            needed=seats.needed,
            given=seats.filled_by,
            may_answer=_able(seats.group, free, record, colleagues, now) if seats.missing else (),
            away=tuple(
                (each.id, until)
                for each in free
                if seats.group in each.groups and (until := colleagues.away(each.id, now))
            ),
        )
        for seats in found.seats
    )


def why_not(
    who: Principal,
    record: ChangeRecord,
    given: Sequence[Approval],
    voices: Iterable[Voice],
    now: datetime,
) -> str:
    """Why this person may not approve the change, in a sentence; empty when they may."""
    closed = _closed(record, now)
    if closed:
        return closed
    last = latest_answer(given, who.id)
    if last is not None and last.answer is Answer.APPROVE and now < last.expires_at:
        return "You approved it already."
    return _barred(who, record, voices) or _ownerless(record)


def may_reject(who: Principal, record: ChangeRecord, voices: Iterable[Voice]) -> bool:
    """Whether this person may still end the change: until it begins, approved or not."""
    return record.state in (State.AWAITING_APPROVAL, State.APPROVED) and not _barred(
        who, record, voices
    )


def _barred(who: Principal, record: ChangeRecord, voices: Iterable[Voice]) -> str:
    """Why this person has no say in it, whenever it is; empty when they have."""
    try:
        check_may_answer(
            who,
            author=record.asked_by,
            on_behalf_of=record.on_behalf_of,
            behind=record.behind,
        )
    except Forbidden as refused:
        return _sentence(refused)
    asked = {each.group for each in record.verdict.obligations.approvals}
    lent = {each.group for each in voices if str(each.of) not in record.parties}
    if not asked & (who.groups | lent):
        return f"It asks for somebody of {' and '.join(sorted(asked))}, and you are not."
    return ""


def _ownerless(record: ChangeRecord) -> str:
    """That nobody knows whose service asks for it, with the remedy; empty where they do."""
    try:
        check_owned(record.unowned)
    except Forbidden as refused:
        return f"{_sentence(refused)} {refused.remedy}"
    return ""


def _sentence(refused: Forbidden) -> str:
    return f"{refused.message[:1].upper()}{refused.message[1:]}."


def _closed(record: ChangeRecord, now: datetime) -> str:
    if record.state is State.DENIED:
        return "Policy denied it, and nobody can approve what policy denies."
    if record.state is not State.AWAITING_APPROVAL:
        return f"It does not wait for approval: it is {record.state.replace('_', ' ')}."
    if now >= record.approval_expires_at:
        return "The time to approve it is over."
    return ""


def _is_free(who: PrincipalId, record: ChangeRecord, given: Sequence[Approval]) -> bool:
    """Whether they have no part in the change and have not answered it."""
    return str(who) not in record.parties and latest_answer(given, who) is None


def _able(
    group: str,
    free: Sequence[Principal],
    record: ChangeRecord,
    colleagues: Colleagues,
    now: datetime,
) -> tuple[PrincipalId, ...]:
    """Who is here and is of the group, or stands in for somebody of it who has not answered."""
    unheard = {each.id for each in free}
    return tuple(
        each.id
        for each in free
        if colleagues.away(each.id, now) is None
        and (
            group in each.groups
            or any(
                voice.group == group and voice.of in unheard
                for voice in colleagues.voices(each.id, now)
            )
        )
    )
