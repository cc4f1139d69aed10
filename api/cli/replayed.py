"""How a replay is shown to a person: what would become of which decisions, and why."""

from api.cli.output import Output
from api.shapes.policy import ChangedShape, LeftOutShape, NamedShape, ReplayShape

_BAR = 30
_STANDS = {
    "deny": "denied",
    "deny_for_now": "denied for now",
    "review": "needs approval",
    "allow": "allowed",
}
_WHY = {
    "question_not_kept": "what was asked was not kept",
    "engine_gave_no_answer_then": "the policy engine gave no answer then, so no rule decided",
    "question_of_an_older_version": "it was asked by an older version",
    "engine_gives_no_answer_now": "the policy engine gives no answer under these rules",
    "not_readable": "it is damaged in the log",
}


def show_replay(output: Output, found: ReplayShape) -> None:
    """The whole report, what matters most last."""
    output.facts(
        [
            ("Rules", found.revision[:12]),
            (
                "Decisions",
                f"{found.replayed:,} replayed of {found.in_log:,} since {found.since:%F %R}Z",
            ),
            ("Took", f"{found.seconds:.1f} s; asked of the {found.engine} engine"),
        ]
    )
    _decisions(output, found)
    _rules(output, found)
    _left_out(output, found)
    _conclusion(output, found)


def _decisions(output: Output, found: ReplayShape) -> None:
    output.heading("What would become of them")
    rows: list[tuple[object, ...]] = [
        ("unchanged", "", f"{found.unchanged:,}", _bar(found.unchanged, found.replayed), "")
    ]
    rows += [
        (
            f"{_STANDS[each.before]} -> {_STANDS[each.after]}",
            _way(each),
            f"{each.count:,}",
            _bar(each.count, found.replayed),
            _such_as(each.examples),
        )
        for each in found.changed
    ]
    output.table(("Was -> would be", "", "How many", "", "Such as"), rows)


def _rules(output: Output, found: ReplayShape) -> None:
    if not found.rules:
        return
    output.heading("Which rules")
    output.table(
        ("Rule", "When", "Would", "How often", "Such as"),
        (
            (
                each.code,
                each.title or "(the rule is gone)",
                "speak where it did not" if each.newly else "no longer speak",
                f"{each.count:,}",
                _such_as(each.examples),
            )
            for each in found.rules
        ),
    )


def _left_out(output: Output, found: ReplayShape) -> None:
    if not found.left_out:
        return
    output.heading("Could not be compared")
    output.table(
        ("Why", "Was", "How many", "Such as"),
        (
            (
                _reason(each),
                "denied or needs approval" if each.guarded else "nothing that a rule forbade",
                f"{each.count:,}",
                _such_as(each.examples),
            )
            for each in found.left_out
        ),
    )


def _conclusion(output: Output, found: ReplayShape) -> None:
    if found.in_log > found.replayed + sum(each.count for each in found.left_out):
        output.warn("Only the newest decisions were replayed; --most sets how many.")
    if found.looser:
        output.say(
            f"{found.looser:,} decisions would be LOOSER: more would go through, or fewer people "
            "be asked. Activating these rules needs the approval of a second person.",
            style="red",
        )
    elif found.uncertain:
        output.say(
            f"Nobody can tell what would become of {found.uncertain:,} denials and reviews, so "
            "activating these rules needs the approval of a second person.",
            style="yellow",
        )
    elif found.replayed:
        output.say("No decision would be looser.", style="green")
    else:
        output.say("There was nothing to replay, so this says nothing about the rules.")


def _reason(left: LeftOutShape) -> str:
    words = _WHY.get(left.why, left.why)
    return f"{words}: {left.detail}" if left.detail else words


def _way(each: ChangedShape) -> str:
    return "LOOSER" if each.looser else "stricter"


def _such_as(examples: list[NamedShape]) -> str:
    return ", ".join(each.change or each.decision_id for each in examples[:2])


def _bar(count: int, of: int) -> str:
    """One block stands for a thirtieth, and any at all for a sliver."""
    if not count or not of:
        return ""
    return "\u2588" * (count * _BAR // of) or "\u258f"
