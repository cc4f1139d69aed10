"""What a replay says: which decisions would change and which way, rule by rule, with examples."""

from dataclasses import dataclass
from datetime import datetime

from policies.bundle import Bundle
from policies.replay.replay import Replayed
from policies.replay.tally import Example, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One decision, to look up."""

    decision_id: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """So many decisions would stand otherwise."""

    before: str
    after: str
    looser: bool
    count: int
    examples: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShift:
    """A rule that would speak, or fall silent, in so many decisions."""

    code: str
    title: str
    """Empty where the rule is no longer there."""
    newly: bool
    count: int
    examples: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """So many decisions could not be compared."""

    why: str
    detail: str
    guarded: bool
    """Whether they denied, or asked for people: then they might become looser, unseen."""
    count: int
    examples: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole of it. ``in_log`` counts what was there, ``replayed`` what could be compared."""

    revision: str
    since: datetime
    until: datetime
    in_log: int
    replayed: int
    unchanged: int
    looser: int
    uncertain: int
    loosens: bool
    changed: tuple[Changed, ...]
    rules: tuple[RuleShift, ...]
    left_out: tuple[LeftOut, ...]
    engine: str
    seconds: float


def report(
    found: Replayed, bundle: Bundle, *, since: datetime, until: datetime, in_log: int
) -> Report:
    """The report of a replay under this bundle; what is looser comes first."""
    tally = found.tally
    return Report(
        revision=found.revision,
        since=since,
        until=until,
        in_log=in_log,
        replayed=tally.replayed,
        unchanged=tally.unchanged,
        looser=tally.looser,
        uncertain=tally.uncertain,
        loosens=found.loosens,
        changed=_changed(tally),
        rules=_rules(tally, bundle),
        left_out=_left_out(tally),
        engine=found.engine,
        seconds=round(found.seconds, 3),
    )


def _changed(tally: Tally) -> tuple[Changed, ...]:
    every = [
        Changed(
            before=move.before.value,
            after=move.after.value,
            looser=move.looser,
            count=count,
            examples=_named(tally.examples[move]),
        )
        for move, count in tally.moves.items()
    ]
    return tuple(sorted(every, key=lambda each: (not each.looser, -each.count, each.before)))


def _rules(tally: Tally, bundle: Bundle) -> tuple[RuleShift, ...]:
    every = [
        RuleShift(
            code=shift.code,
            title=bundle.findings[shift.code].title if shift.code in bundle.findings else "",
            newly=shift.newly,
            count=count,
            examples=_named(tally.examples[shift]),
        )
        for shift, count in tally.shifts.items()
    ]
    return tuple(sorted(every, key=lambda each: (each.newly, -each.count, each.code)))


def _left_out(tally: Tally) -> tuple[LeftOut, ...]:
    every = [
        LeftOut(
            why=unknown.why.value,
            detail=unknown.detail,
            guarded=unknown.guarded,
            count=count,
            examples=_named(tally.examples[unknown]),
        )
        for unknown, count in tally.unknown.items()
    ]
    return tuple(sorted(every, key=lambda each: (not each.guarded, -each.count, each.why)))


def _named(examples: list[Example]) -> tuple[Named, ...]:
    return tuple(Named(decision_id=each.decision_id, change=each.change) for each in examples)
