"""Going ahead without waiting for approval or a window, in an emergency, and answering for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from brain.domain.errors import Forbidden, InvalidInput
from brain.domain.identity import (
    BrokenGlassId,
    ChangeId,
    PlanDigest,
    Principal,
    PrincipalId,
    PrincipalKind,
    TenantId,
)

_TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/#:-]{0,63}")
_LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """Who broke the glass for one change, why, and until when it holds."""

    by: PrincipalId
    ticket: str
    reason: str
    plan_digest: PlanDigest
    """Of the plan that they were shown: it holds for no other."""
    at: datetime
    expires_at: datetime

    def holds(self, plan_digest: PlanDigest, now: datetime) -> bool:
        """Whether it was broken for exactly this plan, and is not over."""
        return plan_digest == self.plan_digest and self.at <= now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassReview:
    """What somebody else says of it afterwards."""

    by: PrincipalId
    at: datetime
    justified: bool
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenGlass:
    """One broken glass, kept for ever, and the review that it has to have."""

    id: BrokenGlassId
    tenant: TenantId
    change: ChangeId
    glass: BreakGlass
    asked_by: PrincipalId
    """Who asked for the change: they do not review it either."""
    on_behalf_of: str
    reviewers: str
    """The group of which somebody has to review it."""
    review: GlassReview | None = None


def check_wording(ticket: str, reason: str) -> None:
    """Raise InvalidInput unless there is a ticket that looks like one, and a reason."""
    if not _TICKET.fullmatch(ticket):
        raise InvalidInput(
            "a ticket is 1 to 64 letters, digits, spaces and . _ / # : -, and begins with one of "
            "the first two",
            field="ticket",
            remedy="Name the ticket of the emergency.",
        )
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise InvalidInput(
            f"a reason of at most {_LONGEST_REASON} characters has to be given",
            field="reason",
            remedy="Say what cannot wait, for whoever reviews it afterwards.",
        )


def check_may_break(who: Principal) -> None:
    """Raise Forbidden for whoever is not a person; what roles may is asked of policy."""
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("a machine cannot break the glass", remedy="Call a person.")


def check_may_review(who: Principal, broken: BrokenGlass, parties: Iterable[str]) -> None:
    """Raise Forbidden unless this person had no part in it and is of the group that reviews.

    ``parties`` are those who had a part in the change beside those on the broken glass.
    """
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("a machine cannot review it", remedy="Ask a person to review it.")
    if who.id in (broken.glass.by, broken.asked_by, broken.on_behalf_of, *parties):
        raise Forbidden(
            "nobody reviews what they broke the glass for, asked for or had done for themselves",
            remedy="Ask a colleague to review it.",
        )
    if broken.reviewers not in who.groups:
        raise Forbidden(f"this review asks for somebody of: {broken.reviewers}")
