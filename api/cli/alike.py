"""``gatewright approve --like``: one difference, every device, one question."""

from typer import confirm

from api.cli.changes import path_of
from api.cli.command import Desk
from api.cli.output import Output
from api.cli.road import show_steps
from api.shapes.proposals import ChangeStepShape
from api.shapes.reviews import AlikeItem, AlikeShape, ManyAnsweredShape
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput


def approve_alike(at: Desk, change: str, comment: str) -> None:
    """Show what is alike, ask once, and approve each by the digest that was shown."""
    if not at.output.interactive:
        raise InvalidInput(
            "nobody is here to approve after being shown the devices",
            field="--like",
            remedy=f"Read GET {path_of(change)}/alike, then POST /v1/reviews/answers.",
        )
    server = at.server()
    shown = server.read(AlikeShape, f"{path_of(change)}/alike")
    mine = [each for each in shown.items if each.may_answer.may]
    show_alike(at.output, shown)
    if not mine:
        at.output.say("None of them is yours to approve.")
        return
    confirm(f"Approve all {len(mine)}?" if len(mine) > 1 else "Approve this one?", abort=True)
    named: list[Json] = [{"change": each.change, "digest": each.digest} for each in mine]
    wanted: dict[str, Json] = {"answer": "approve", "changes": named, "comment": comment}
    answered = server.post("/v1/reviews/answers", wanted)
    at.present(answered, ManyAnsweredShape, lambda given: show_answered(at.output, given))


def show_alike(output: Output, shown: AlikeShape) -> None:
    """The difference once, then every device with what is its own."""
    show_steps(output, shown.steps)
    output.say(shown.says)
    for finding in shown.findings:
        output.say(f"- {finding}")
    output.table(
        ("Device", "Change", "Asked by", "Now", "Yours to approve"),
        (
            (each.device, each.change, each.asked_by, _now(each), each.may_answer.why or "yes")
            for each in shown.items
        ),
    )
    if shown.left_out:
        output.hint(f"{shown.left_out} more are alike; run it again for them.")


def show_answered(output: Output, given: ManyAnsweredShape) -> None:
    """Every result; one that was refused stands beside the others."""
    output.table(
        ("Change", "Became", "Refused because"),
        (
            (each.change, each.state, each.problem.detail if each.problem else "")
            for each in given.results
        ),
    )


def _now(item: AlikeItem) -> str:
    """What is so on this device: its own paths and the values before."""
    return ", ".join(_before(step) for step in item.steps)


def _before(step: ChangeStepShape) -> str:
    value = "(masked)" if step.masked else step.before
    return f"{step.path} is {value}" if value is not None else f"{step.op} {step.path}"
