"""How a change and its whole road are shown to a person."""

from collections.abc import Sequence

from api.cli.output import Output
from api.reach import reach_said
from api.shapes.changes import ChangeShape, RoadShape
from api.shapes.proposals import ChangeStepShape, ProposalShape
from api.shapes.verdicts import VerdictShape
from brain.domain.verdict import Decision, Severity


def show_plan(output: Output, change: ChangeShape) -> None:
    """What would change, and what names exactly this."""
    show_steps(output, change.plan.changes)
    if change.verdict.reaches is not None:
        output.say(reach_said(change.verdict.reaches))
    undo = "can be undone" if change.plan.can_be_undone else "CANNOT be undone"
    output.say(f"The plan {undo}. Digest {change.plan.digest}")


def show_steps(output: Output, steps: Sequence[ChangeStepShape]) -> None:
    """The difference: what is done to which path, before and after."""
    output.table(
        ("Do", "Path", "Before", "After"),
        ((step.op, step.path, *_values(step)) for step in steps),
    )


def show_road(output: Output, road: RoadShape) -> None:
    """Every station that there is, in order."""
    change = road.change
    output.facts(
        [
            ("Change", change.id),
            ("State", change.state),
            ("Why", sentence(change.reason)),
            ("Device", change.device),
            ("Case", change.case),
            ("Asked by", change.asked_by),
            ("Glass", _broken(change)),
            ("Approve before", change.approval_expires_at if _waits(change) else ""),
            ("Begin before", change.execution_expires_at if change.state == "approved" else ""),
        ]
    )
    if road.proposal:
        _proposal(output, road.proposal)
    output.heading("Plan")
    show_plan(output, change)
    output.heading("Verdicts")
    for verdict in road.verdicts:
        _verdict(output, verdict)
    _people(output, road)
    _review(output, road)
    _deeds(output, road)
    _next(output, road)


def _broken(change: ChangeShape) -> str:
    glass = change.break_glass
    return f"broken by {glass.by}, with ticket {glass.ticket}" if glass else ""


def _proposal(output: Output, proposal: ProposalShape) -> None:
    output.heading("Proposal")
    output.say(f"{proposal.cause}, {proposal.confidence:.0%} sure: {proposal.summary}")
    for evidence in proposal.evidence:
        output.say(f"- {evidence.text}")


def sentence(text: str) -> str:
    """The text with one full stop at its end."""
    return f"{text.rstrip('. ')}."


def asked_for(verdict: VerdictShape) -> str:
    """Whose approvals a verdict asks for, in words."""
    return " and ".join(f"{each.min} of {each.group}" for each in verdict.obligations.approvals)


def waited_for(verdict: VerdictShape) -> str:
    """What the change may have to wait for once it is approved, in words."""
    wait = verdict.obligations.wait
    return f"{'; '.join(wait.reasons)} (for {wait.minutes} minutes at most)" if wait else ""


def _verdict(output: Output, verdict: VerdictShape) -> None:
    output.facts(
        [
            ("Decision", verdict.decision),
            ("At", f"{verdict.point}, by {verdict.engine}, bundle {verdict.policy_revision[:12]}"),
            ("Cause", verdict.cause),
            ("Asks for", asked_for(verdict)),
            ("Waits for", waited_for(verdict)),
        ]
    )
    denied = verdict.decision == Decision.DENY
    said = (
        f"- {each.severity}: {sentence(each.message)} {sentence(each.remedy)} ({each.code})"
        for each in verdict.findings
        # What a review would ask for is no way round a denial.
        if not denied or each.severity != Severity.REVIEW
    )
    for line in dict.fromkeys(said):  # one rule says the same of each path it is about
        output.say(line)


def _people(output: Output, road: RoadShape) -> None:
    if road.approvals:
        output.heading("Answers")
        output.table(
            ("When", "Who", "Standing in for", "Answer", "Comment"),
            (
                (
                    each.answered_at,
                    each.by,
                    ", ".join(f"{voice.of} in {voice.group}" for voice in each.standing_in),
                    each.answer.replace("_", " "),
                    each.comment,
                )
                for each in road.approvals
            ),
        )
    if road.comments:
        output.heading("Comments")
        output.table(
            ("When", "Who", "Comment"), ((each.at, each.by, each.text) for each in road.comments)
        )


def _review(output: Output, road: RoadShape) -> None:
    """What is missing, who may give it, and why you may not."""
    review, change = road.review, road.change
    if change.earlier_approvals:
        output.say(change.earlier_approvals)
    if review is None or not (_waits(change) or change.state == "denied"):
        return
    output.heading("Review")
    if _waits(change):
        for group in review.groups:
            output.say(f"- {group.says}")
    if review.not_genuine or not review.whole:
        output.warn("Somebody wrote answers into the database or took some out: they do not count.")
    output.say("You may approve it." if review.may_answer.may else review.may_answer.why)


def _waits(change: ChangeShape) -> bool:
    return change.state == "awaiting_approval"


def _deeds(output: Output, road: RoadShape) -> None:
    if road.executions:
        output.heading("Execution")
        output.table(
            ("When", "Attempt", "Step", "Detail"),
            ((each.at, each.attempt, each.step, each.detail) for each in road.executions),
        )
    if road.outcomes:
        output.heading("Outcome")
        output.table(
            ("When", "Progress", "Detail", "Fault"),
            ((each.at, each.progress, each.detail, each.fault) for each in road.outcomes),
        )


def _next(output: Output, road: RoadShape) -> None:
    change = road.change
    if _waits(change):
        you = "You" if road.review and road.review.may_answer.may else "A reviewer"
        output.hint(f"{you} may: gatewright approve {change.id} --digest {change.plan.digest}")
    elif change.state in ("approved", "executing", "verifying"):
        output.hint(f"Follow it: gatewright changes show {change.id} --follow")


def _values(step: ChangeStepShape) -> tuple[object, object]:
    if step.masked:
        return "(masked)", "(masked)"
    if step.arguments:
        given = ", ".join(
            f"{each.name}={'(masked)' if each.value is None else each.value}"
            for each in step.arguments
        )
        return "", given
    return step.before, step.after
