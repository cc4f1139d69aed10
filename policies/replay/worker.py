"""One process of a replay: reads rows of the log, asks them again, and counts."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from brain.domain.errors import PolicyUnavailable
from brain.domain.verdict import AUTOMATIC
from brain.store.verdicts import KeptVerdict
from policies.answer import Reading
from policies.bundle import Bundle
from policies.check import find_program
from policies.replay.asking import Asker, EmbeddedAsker, OpaAsker
from policies.replay.comparing import Answer, AsDecided, OpaComparer
from policies.replay.past import (
    NotReplayable,
    Past,
    Stand,
    Standing,
    Why,
    past_of,
    people,
    stand_in_log,
    standing_of,
)
from policies.replay.reach import Reach
from policies.replay.reads import Reads
from policies.replay.shape import missing, needed
from policies.replay.tally import Example, Tally, Unknown
from policies.trial import refusal


@dataclass(slots=True)
class Worker:
    """Compares decisions of the past with what one bundle says of them."""

    asker: Asker
    facts: tuple[tuple[str, ...], ...]
    """Those that the rules read; a question without one of them was of an older version."""
    comparer: OpaComparer | None = None
    """It is given the decisions of the rules that it knows."""

    def count(self, rows: Sequence[KeptVerdict]) -> Tally:
        """The tally of these rows."""
        tally, pasts = Tally(), []
        for kept in rows:
            try:
                pasts.append(self._past(kept))
            except NotReplayable as left:
                unknown = Unknown(left.why, left.detail, _guarded(kept, left.why))
                tally.leave_out(unknown, Example(kept.decision_id, kept.change or ""))
        for past, answer in zip(pasts, self._answers(pasts), strict=True):
            if answer is None:
                unknown = Unknown(Why.UNANSWERED_NOW, "", guarded=_guards(past.stand))
                tally.leave_out(unknown, Example(past.decision_id, past.change))
            elif isinstance(answer, AsDecided):
                tally.compare(past, past.stand)
            else:
                tally.compare(past, stand_of(answer))
        return tally

    def _answers(self, pasts: Sequence[Past]) -> list[Answer]:
        """In the order of the log, whoever was asked."""
        revision = self.comparer.revision if self.comparer else None
        known = [past.question for past in pasts if past.revision == revision]
        other = [past.question for past in pasts if past.revision != revision]
        compared = iter(self.comparer.ask(known) if self.comparer and known else ())
        asked = iter(self.asker.ask(other) if other else ())
        return [next(compared if past.revision == revision else asked) for past in pasts]

    def _past(self, kept: KeptVerdict) -> Past:
        past = past_of(kept)
        lacks = missing(past.question, self.facts)
        if lacks:
            raise NotReplayable(Why.OLDER_QUESTION, f"without {', '.join(lacks)}")
        return past


def stand_of(reading: Reading) -> Stand:
    """What of an answer is compared."""
    weights = [(finding.severity, finding.passing) for finding in reading.findings]
    return Stand(
        standing=standing_of(reading.decision.value, weights),
        codes=frozenset(finding.code for finding in reading.findings),
        approvals=people(
            [(each.group, each.min) for each in reading.obligations.approvals],
            reading.obligations.review_after,
        ),
        can_undo=reading.obligations.rollback == AUTOMATIC,
    )


def best_engine() -> str:
    """The name of the fastest engine there is on this machine."""
    return "opa" if find_program("opa") else "embedded"


def worker(bundle: Bundle, engine: str, folder: Path, reach: Reach | None = None) -> Worker:
    """A worker with this engine; ``folder`` is for whatever the engine has to have on disk.

    With ``reach`` the opa program compares what its rules decided; the embedded engine cannot.
    """
    facts = needed(Reads.of(bundle.modules))
    if engine != "opa":
        return Worker(EmbeddedAsker(bundle), facts)
    asker = OpaAsker(bundle, find_program("opa"), folder)
    return Worker(asker, facts, OpaComparer(asker, folder, reach) if reach else None)


def _guarded(kept: KeptVerdict, why: Why) -> bool:
    """Whether the decision stood in the way of something; what cannot be read is taken to."""
    if why is Why.UNANSWERED_THEN:  # no rule spoke, so no rule can fall silent
        return False
    try:
        return _guards(stand_in_log(kept))
    except NotReplayable:
        return True


def _guards(stand: Stand) -> bool:
    return stand.standing is not Standing.ALLOW


# What follows runs in processes of a pool, which keep their worker between parts.

_mine: list[Worker] = []
_rules: list[Bundle] = []


def begin(folder: str, packed: bytes, engine: str, reach: Reach | None) -> None:
    """Get ready, once a process: a bundle that crashes the engine takes only this one with it."""
    os.nice(5)  # whoever decides about devices goes first
    mine = Path(mkdtemp(dir=folder))
    _rules[:] = [Bundle.from_tar_gz(packed)]
    _mine[:] = [worker(_rules[0], engine, mine, reach)]


def tried() -> Tally:
    """Nothing counted yet. Raises PolicyUnavailable for rules that cannot be used.

    Whatever engine replays them: the embedded one will answer from them in the process that serves,
    and rules that it crashes on are to crash this process instead.
    """
    reason = asyncio.run(refusal(_rules[0]))
    if reason:
        raise PolicyUnavailable(
            f"these rules cannot be used: {reason}", remedy="Run `gatewright policy check` on them."
        )
    return Tally()


def count(rows: Sequence[KeptVerdict]) -> Tally:
    """The tally of these rows, by this process' worker."""
    return _mine[0].count(rows)
