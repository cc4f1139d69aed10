"""Which changes are alike enough to be looked at together: one difference, many devices."""

from brain.domain.canonical import digest_of
from brain.domain.change import AddObject, Change, Command, SetParameter
from brain.domain.parameter import template_of
from brain.domain.record import ChangeRecord


def likeness(record: ChangeRecord) -> str:
    """Equal for changes that do the same for the same reasons, on whichever device.

    The same parameters to the same values in the same order, whatever the instance numbers and
    what they were before; the same findings of policy and the same people asked. A secret is each
    device's own, so only that one is set counts.
    """
    verdict = record.verdict
    findings = {(each.severity.value, each.code) for each in verdict.findings}
    return digest_of(
        {
            "steps": [_step(change) for change in record.plan.changes],
            "can_be_undone": record.plan.can_be_undone,
            "findings": [list(each) for each in sorted(findings)],
            "obligations": verdict.obligations,
            "author": record.author,
            "cause": record.cause,
        }
    )


def _step(change: Change) -> list[object]:
    same: list[object] = [change.op, template_of(change.path)]
    if isinstance(change, SetParameter):
        return [*same, change.type, change.secret, "" if change.secret else change.after]
    if isinstance(change, AddObject):
        return [*same, change.values]
    if isinstance(change, Command):
        return [*same, change.arguments]
    return same


def sameness(record: ChangeRecord) -> str:
    """What is alike and what is not, in words, for whoever answers to many at once."""
    said = "What it is now may differ from home to home; what it becomes is the same."
    if any(each.secret for each in record.plan.sets):
        said += " Only what is secret differs: each device gets its own."
    return said
