"""What a replay counts. Tallies of parts add up to the tally of the whole, in any order."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from policies.replay.past import Past, Stand, Standing, Why

EXAMPLES = 5
"""So many decisions are named for each thing that is counted."""


class Example(NamedTuple):
    """One decision among those that were counted."""

    decision_id: str
    change: str


class Move(NamedTuple):
    """From how a decision stood to how it would stand."""

    before: Standing
    after: Standing
    looser: bool


class Shift(NamedTuple):
    """A rule that would speak where it did not, or would no longer speak where it did."""

    code: str
    newly: bool


class Unknown(NamedTuple):
    """Why decisions could not be compared, and whether they denied or asked for people."""

    why: Why
    detail: str
    guarded: bool


_Key = TypeVar("_Key", Move, Shift, Unknown)


@dataclass(slots=True)
class Tally:
    """Counts and examples."""

    replayed: int = 0
    unchanged: int = 0
    moves: Counter[Move] = field(default_factory=Counter)
    shifts: Counter[Shift] = field(default_factory=Counter)
    unknown: Counter[Unknown] = field(default_factory=Counter)
    examples: dict[Hashable, list[Example]] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """Decisions that were looked at, compared or not."""
        return self.replayed + self.unknown.total()

    @property
    def looser(self) -> int:
        """Decisions that would let through what they did not."""
        return sum(count for move, count in self.moves.items() if move.looser)

    @property
    def uncertain(self) -> int:
        """Denials and reviews of which nobody can tell whether they would become looser."""
        return sum(count for unknown, count in self.unknown.items() if unknown.guarded)

    def compare(self, past: Past, now: Stand) -> None:
        """Count one decision that was asked again."""
        example = Example(past.decision_id, past.change)
        self.replayed += 1
        if now.same_as(past.stand):
            self.unchanged += 1
        else:
            move = Move(past.stand.standing, now.standing, now.looser_than(past.stand))
            self._count(self.moves, move, example)
        for code in now.codes - past.stand.codes:
            self._count(self.shifts, Shift(code, newly=True), example)
        for code in past.stand.codes - now.codes:
            self._count(self.shifts, Shift(code, newly=False), example)

    def leave_out(self, unknown: Unknown, example: Example) -> None:
        """Count one decision that cannot be compared."""
        self._count(self.unknown, unknown, example)

    def add(self, other: "Tally") -> None:
        """Take in the tally of another part."""
        self.replayed += other.replayed
        self.unchanged += other.unchanged
        self.moves.update(other.moves)
        self.shifts.update(other.shifts)
        self.unknown.update(other.unknown)
        for key, examples in other.examples.items():
            mine = self.examples.setdefault(key, [])
            mine.extend(examples[: EXAMPLES - len(mine)])

    def _count(self, counter: Counter[_Key], key: _Key, example: Example) -> None:
        counter[key] += 1
        examples = self.examples.setdefault(key, [])
        if len(examples) < EXAMPLES:
            examples.append(example)
