"""What the planner knows of one cause: data, and one small function that looks for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from brain.domain.change import Change
from brain.domain.incident import Symptom
from brain.domain.proposal import Cause, Effect, Evidence, Finding
from brain.planner.candidates import Candidate, Observed
from brain.planner.groups import Group

EVIDENT = 0.6
"""What the evidence alone is worth where the words name no symptom."""
PERHAPS_WANTED = 0.4
"""The same for a setting that somebody may have chosen: never enough to act on."""
MAY_FOLLOW = 0.48
"""The same for a service that fails by itself, or with whatever it rests on, which comes first."""

Finder = Callable[[Observed], Iterable[Candidate]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One cause: which symptoms it explains, what has to be read to tell, and how to look.

    A finder says how sure the evidence alone makes it. How well the cause fits what hurts is data.
    """

    cause: Cause
    explains: frozenset[Symptom]
    """The symptoms that are as expected of it."""
    otherwise: float = 0.0
    """What is left of its likelihood under another complaint; 0: it is not looked for then."""
    alone: float = EVIDENT
    """What is left of it where the words say only that something hurts."""
    reads: tuple[Group, ...]
    """The evidence it is told by. Without it, nothing is known of this cause."""
    find: Finder

    def fit(self, symptom: Symptom) -> float:
        """How well this cause explains the symptom, 0 to 1."""
        if symptom is Symptom.UNCLEAR:
            return self.alone
        return 1.0 if symptom in self.explains else self.otherwise

    def candidates(self, observed: Observed) -> list[Candidate]:
        """What could be done about this cause, weighed against what hurts."""
        fit = self.fit(observed.symptom)
        return [_weighed(each, fit) for each in self.find(observed)] if fit else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a finder found: the cause, how sure the evidence makes it, and what was seen."""

    cause: Cause
    confidence: float
    said: str
    """One sentence on what is wrong."""
    evidence: tuple[Evidence, ...] = ()
    key: str = ""
    """Tells several findings of one cause apart."""

    def mended_by(
        self, changes: Iterable[Change], does: str, *, effect: Effect | None = None
    ) -> Candidate:
        """A candidate that changes the device."""
        return replace(self._bare(does), changes=tuple(changes), effect=effect)

    def for_others(self, whom: str, what: str) -> Candidate:
        """A candidate that hands the evidence to whoever can act on it."""
        return replace(
            self._bare("Change nothing here, and hand the evidence over."),
            hand_over=f"For {whom}: {self.said} {what}",
        )

    def asking(self, question: str) -> Candidate:
        """A candidate that needs an answer first."""
        return replace(self._bare("Ask first."), question=question)

    def telling(self, advice: str) -> Candidate:
        """A candidate that changes nothing and calls nobody."""
        return replace(self._bare("Change nothing."), advice=advice)

    def _bare(self, summary: str) -> Candidate:
        name = self.cause.value.rpartition(".")[2].replace("_", "-")
        return Candidate(
            id=f"{name}-{self.key}" if self.key else name,
            finding=Finding(
                cause=self.cause,
                confidence=self.confidence,
                summary=self.said,
                evidence=self.evidence or (Evidence(text=self.said),),
            ),
            summary=summary,
        )


def _weighed(candidate: Candidate, fit: float) -> Candidate:
    finding = candidate.finding
    weighed = replace(finding, confidence=round(finding.confidence * fit, 3))
    return replace(candidate, finding=weighed)
