"""``gatewright break-glass``: going ahead in an emergency, and the review that follows."""

from typing import Annotated, Any
from urllib.parse import quote

from typer import Abort, Argument, Context, Option, Typer, prompt
from typer.core import TyperGroup

from api.cli.changes import Digest, became
from api.cli.command import Desk, command, desk
from api.cli.output import Output
from api.cli.road import sentence, show_plan
from api.shapes.base import Page
from api.shapes.break_glass import BrokenGlassShape
from api.shapes.changes import ChangeShape, RoadShape
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput

_OPEN = "open"


class _OpensByDefault(TyperGroup):
    """``break-glass CHANGE`` is ``break-glass open CHANGE``: an emergency needs few words."""

    # Any: a context of the click that typer has inside and does not export.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where the first argument is none of the others."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [_OPEN, *args]
        return super().parse_args(ctx, args)


app = Typer(
    cls=_OpensByDefault,
    no_args_is_help=True,
)


@command(app, _OPEN)
def open_(
    context: Context,
    change: Annotated[str, Argument(help="The change that cannot wait.", show_default=False)],
    ticket: Annotated[str, Option(help="The ticket of the emergency.")],
    reason: Annotated[str, Option(help="What cannot wait; kept encrypted, for the review.")],
    digest: Digest = "",
    yes: Annotated[bool, Option("--yes", help="Do not ask for the device's id.")] = False,
) -> None:
    """Carry a change out now: no approval, no window. What policy denies stays denied.

    It holds for minutes, calls a person, and a colleague has to review it afterwards.
    """
    at = desk(context)
    path = f"/v1/changes/{quote(change, safe='')}"
    if not (digest and yes):
        digest = _confirmed(at, at.server().read(RoadShape, path).change, digest, yes=yes)
    body: Json = {"digest": digest, "ticket": ticket, "reason": reason}
    answer = at.server().post(f"{path}/break-glass", body)
    at.present(answer, ChangeShape, lambda shown: _opened(at.output, shown))


@command(app, "list")
def list_(
    context: Context,
    every: Annotated[bool, Option("--all", help="Also those that were reviewed.")] = False,
    limit: Annotated[int, Option(min=1, max=500)] = 50,
) -> None:
    """List broken glasses that wait for a review."""
    at = desk(context)
    page = at.server().get("/v1/break-glass", {"unreviewed": not every, "limit": limit})
    at.present(page, Page[BrokenGlassShape], lambda shown: _list(at.output, shown))


@command(app, "review")
def review(
    context: Context,
    broken_glass: Annotated[str, Argument(help="The broken glass's id.", show_default=False)],
    justified: Annotated[
        bool, Option("--justified/--not-justified", help="Whether it could not have waited.")
    ],
    comment: Annotated[str, Option(help="What you looked at and what you found.")],
) -> None:
    """Say, once, what you think of it. Nobody reviews what they had a part in."""
    at = desk(context)
    path = f"/v1/break-glass/{quote(broken_glass, safe='')}/review"
    answer = at.server().post(path, {"justified": justified, "comment": comment})
    at.present(answer, BrokenGlassShape, lambda shown: _reviewed(at.output, shown))


def _confirmed(at: Desk, change: ChangeShape, digest: str, *, yes: bool) -> str:
    """Show the plan, and have the device's id typed; the digest sent is that of what was shown."""
    if yes:
        return digest or change.plan.digest
    if not at.output.interactive:
        raise InvalidInput(
            "nobody is here to break the glass after being shown the plan",
            field="--yes",
            remedy="Look at `gatewright changes show`, then pass --digest and --yes.",
        )
    show_plan(at.output, change)
    at.output.warn(f"This goes to {change.device} at once, and nobody has approved it.")
    if prompt("Type the id of the device to go ahead") != change.device:
        raise Abort
    return digest or change.plan.digest


def _opened(output: Output, shown: ChangeShape) -> None:
    became(output, shown)
    if shown.break_glass:
        until = shown.break_glass.expires_at
        output.warn(f"Until {until:%H:%M:%S} UTC; a colleague has to review it afterwards.")


def _list(output: Output, shown: Page[BrokenGlassShape]) -> None:
    if not shown.items:
        output.say("No broken glass waits for a review.")
        return
    output.table(
        ("Broken glass", "When", "Who", "Ticket", "Device", "Became", "Review"),
        (
            (
                each.id,
                each.glass.at,
                each.glass.by,
                each.glass.ticket,
                each.device,
                each.state,
                _verdict(each) or f"by somebody of {each.reviewers}",
            )
            for each in shown.items
        ),
    )
    output.hint("Review one: gatewright break-glass review ID --justified --comment ...")


def _reviewed(output: Output, shown: BrokenGlassShape) -> None:
    output.say(f"{shown.id} was {_verdict(shown)}. {sentence(shown.glass.reason)}")


def _verdict(shown: BrokenGlassShape) -> str:
    if shown.review is None:
        return ""
    return "justified" if shown.review.justified else "not justified"
