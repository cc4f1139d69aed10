"""A change of the rules themselves: who wants it, what it would have done, who agreed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from brain.domain.approval import Answer
from brain.domain.errors import Conflict, Forbidden
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, TenantId

GROUP = "policy"
"""Whose members answer for the rules."""
FOUND_HERE = "gatewright"
"""Who proposes rules that lie on the machine: nobody knows which person put them there."""
FOUND_BY = 2
"""How many people have to approve those at least."""


class RulesState(StrEnum):
    """Where a change of the rules is; at most one is active."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    REJECTED = "rejected"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnswer:
    """What one person said to it."""

    by: PrincipalId
    answer: Answer
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One bundle that is, was or would be active, and everything that speaks for it."""

    id: str
    tenant: TenantId
    revision: str
    base: str
    """The revision that was active when it was compared; empty for the very first."""
    state: RulesState
    proposed_by: str
    reason: str
    proposed_at: datetime
    loosens: bool
    """Whether it needs people: it lets more through, or is not shown to let no more through."""
    why: tuple[str, ...] = ()
    """What made their approval necessary, a sentence each."""
    needed: int = 0
    """How many people of the group the active rules asked for."""
    replay: str = ""
    """What the replay found, as JSON; empty where there was nothing to compare with."""
    widened: tuple[str, ...] = ()
    """What roles may do that they could not: ``support: approve``."""
    probed: tuple[str, ...] = ()
    """Probes let through that were not, or nobody can tell: ``core.halted: deny -> allow``."""
    answers: tuple[PolicyAnswer, ...] = ()
    decided_at: datetime | None = None

    @property
    def approvers(self) -> frozenset[PrincipalId]:
        """Those whose latest answer is yes."""
        latest = {each.by: each.answer for each in self.answers}
        return frozenset(by for by, answer in latest.items() if answer is Answer.APPROVE)

    @property
    def people(self) -> int:
        """How many people of the group have to approve it.

        Two at least where Gatewright found the rules: the one who put them there may be one.
        """
        return max(self.needed, FOUND_BY) if self.proposed_by == FOUND_HERE else self.needed

    def counted(self, people: Mapping[PrincipalId, frozenset[str]]) -> frozenset[PrincipalId]:
        """Whose approvals count as of now.

        ``people`` are those who fill seats, each with the groups that they are still of.
        """
        return frozenset(by for by in self.approvers if GROUP in people.get(by, frozenset()))

    def satisfied_by(self, people: Mapping[PrincipalId, frozenset[str]]) -> bool:
        """Whether enough of these approved. Nobody asked is nobody satisfied."""
        return 0 < self.people <= len(self.counted(people))

    def answered(
        self, who: Principal, said: PolicyAnswer, *, parties: Collection[str]
    ) -> "PolicyChange":
        """With this person's answer. Raises Forbidden for whoever may not, Conflict when over.

        ``parties`` are who proposed it and everybody behind them.
        """
        if self.state is not RulesState.PROPOSED:
            raise Conflict(f"this change of the rules is {self.state} already")
        _check_may(who, said.answer, own=who.id in {self.proposed_by, *parties})
        return replace(self, answers=(*self.answers, said))

    def moved(self, state: RulesState, at: datetime) -> "PolicyChange":
        """In another state from now on."""
        return replace(self, state=state, decided_at=at)


def _check_may(who: Principal, answer: Answer, *, own: bool) -> None:
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("only people answer for the rules")
    if own and answer is Answer.REJECT:
        return  # taking one's own proposal back
    if own:
        raise Forbidden("nobody approves their own change of the rules")
    if GROUP not in who.groups:
        raise Forbidden(
            f"you are not in the group {GROUP}",
            remedy=f"Ask a member of {GROUP}, or an administrator to make you one.",
        )
