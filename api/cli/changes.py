"""``gatewright changes``, ``proposals``, ``reject`` and ``withdraw``."""

import time
from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option, Typer, confirm

from api.cli.command import Desk, command, desk
from api.cli.effects import effect, effects
from api.cli.output import Output
from api.cli.road import asked_for, sentence, show_plan, show_road
from api.cli.server import shaped
from api.shapes.base import Page
from api.shapes.changes import ChangeShape, RevealedShape, RoadShape
from api.shapes.proposals import ProposalShape
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.life import ENDS, State

app = Typer(no_args_is_help=True)
Change = Annotated[str, Argument(help="The change's id.", show_default=False)]
Digest = Annotated[
    str, Option(help="The digest of the plan that you were shown; asked for where nobody sits.")
]
Comment = Annotated[str, Option(help="Why; it is kept with your answer.")]
_LOOK_EVERY = 2.0


@command(app, "list")
def list_changes(
    context: Context,
    state: Annotated[
        list[State] | None, Option(help="Only in this state; may be given again.")
    ] = None,
    device: Annotated[str, Option(help="Only of this device.")] = "",
    limit: Annotated[int, Option(min=1, max=500)] = 50,
) -> None:
    """List changes, newest first. `--state awaiting_approval` is what waits for a review."""
    at = desk(context)
    states = [each.value for each in state or []]
    page = at.server().get("/v1/changes", {"state": states, "device": device, "limit": limit})
    at.present(page, Page[ChangeShape], lambda shown: _list(at.output, shown))


@command(app, "show")
def show(
    context: Context,
    change: Change,
    follow: Annotated[bool, Option("--follow", help="Wait until it is at an end.")] = False,
) -> None:
    """Show one change: proposal, plan, verdicts, approvals, execution, outcome."""
    at = desk(context)
    road = _followed(at, change) if follow else at.server().get(path_of(change))
    at.present(road, RoadShape, lambda shown: show_road(at.output, shown))


command(app, "effects")(effects)
command(app, "effect")(effect)


@command(app, "reveal")
def reveal(context: Context, change: Change) -> None:
    """Read out the Wi-Fi passphrase that your own change set; each time is recorded."""
    at = desk(context)
    answer = at.server().post(f"{path_of(change)}/reveal")
    at.present(answer, RevealedShape, lambda shown: _revealed(at.output, shown))


def list_proposals(
    context: Context,
    case: Annotated[str, Option(help="Only of this case.")] = "",
    limit: Annotated[int, Option(min=1, max=500)] = 20,
) -> None:
    """List what the planner proposed, newest first."""
    at = desk(context)
    page = at.server().get("/v1/proposals", {"case": case, "limit": limit})
    at.present(page, Page[ProposalShape], lambda shown: _proposals(at.output, shown))


def reject(context: Context, change: Change, digest: Digest = "", comment: Comment = "") -> None:
    """Reject a plan; one rejection is enough, also after others approved, until it begins."""
    answer(desk(context), change, "reject", digest=digest, comment=comment)


def withdraw(context: Context, change: Change) -> None:
    """Take back a change that you asked for, while nothing has begun."""
    at = desk(context)
    done = at.server().post(f"{path_of(change)}/withdraw")
    at.present(done, ChangeShape, lambda shown: became(at.output, shown))


def answer(at: Desk, change: str, verb: str, *, digest: str, comment: str) -> None:
    """Approve or reject; without a digest, the plan is shown first."""
    server = at.server()
    if not digest:
        digest = _shown_digest(at, server.read(RoadShape, path_of(change)), verb)
    given = server.post(f"{path_of(change)}/{verb}", {"digest": digest, "comment": comment})
    at.present(given, ChangeShape, lambda shown: became(at.output, shown))


def _shown_digest(at: Desk, road: RoadShape, verb: str) -> str:
    """Show the plan and ask; the digest sent is that of what was shown."""
    if not at.output.interactive:
        raise InvalidInput(
            f"nobody is here to {verb} after being shown the plan",
            field="--digest",
            remedy=f"Look at `gatewright changes show {road.change.id}`, then pass its digest.",
        )
    show_plan(at.output, road.change)
    confirm(f"{verb.capitalize()} this plan?", abort=True)
    return road.change.plan.digest


def _list(output: Output, shown: Page[ChangeShape]) -> None:
    if not shown.items:
        output.say("No changes here.")
        output.hint('Describe a problem: gatewright chat --device DEVICE "the Wi-Fi is slow"')
        return
    output.table(
        ("Change", "State", "Device", "Cause", "What", "Since"),
        (
            (each.id, each.state, each.device, each.cause, _what(each), each.updated_at)
            for each in shown.items
        ),
    )


def _proposals(output: Output, shown: Page[ProposalShape]) -> None:
    if not shown.items:
        output.say("No proposals yet.")
        output.hint('The planner makes one where it can help: gatewright chat "the wifi is slow"')
        return
    output.table(
        ("Proposal", "Device", "Cause", "Sure", "Summary", "Changes"),
        (
            (
                each.id,
                each.device,
                each.cause,
                f"{each.confidence:.0%}",
                each.summary,
                len(each.changes),
            )
            for each in shown.items
        ),
    )
    output.hint("What policy made of them: gatewright changes list")


def _revealed(output: Output, shown: RevealedShape) -> None:
    for value in dict.fromkeys(each.value for each in shown.secrets):
        output.say(value, style="bold")
    output.hint("For the subscriber alone. It is in the audit trail that you read it.")


def became(output: Output, shown: ChangeShape) -> None:
    """Say what a change is now, and what comes next."""
    output.say(f"{shown.id} is {shown.state.replace('_', ' ')}: {sentence(shown.reason)}")
    if shown.state == State.AWAITING_APPROVAL:
        output.hint(f"It needs {asked_for(shown.verdict)} in all.")
    if shown.state == State.APPROVED:
        output.hint(f"Follow it: gatewright changes show {shown.id} --follow")


def _what(change: ChangeShape) -> str:
    first, *more = change.plan.changes
    text = (
        f"{first.path} = {first.after}" if first.after is not None else f"{first.op} {first.path}"
    )
    return f"{text} (+{len(more)})" if more else text


def _followed(at: Desk, change: str) -> Json:
    """The road once the change is at an end; until then each new state is told."""
    server, seen = at.server(), ""
    while True:
        road = server.get(path_of(change))
        state = str(shaped(RoadShape, road).change.state)
        if state in ENDS:
            return road
        if state != seen and not at.output.as_json:
            at.output.hint(f"{state.replace('_', ' ')} ...")
        seen = state
        time.sleep(_LOOK_EVERY)


def path_of(change: str) -> str:
    """Where the server has a change."""
    return f"/v1/changes/{quote(change, safe='')}"
