"""``gatewright reviews``, ``approve``, ``take-back``, ``comment``, ``delegate`` and ``absent``."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, BadParameter, Context, Option, Typer

from api.cli.alike import approve_alike
from api.cli.changes import Change, Comment, Digest, answer, became, path_of
from api.cli.command import command, desk
from api.cli.durations import moment
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.changes import ChangeShape, WaitingShape
from api.shapes.reviews import (
    AbsenceShape,
    CommentShape,
    DelegationShape,
)
from brain.domain.canonical import Json

app = Typer(no_args_is_help=True)
Until = Annotated[str, Option(help="A length such as 3d or 12h, or 2026-01-31T18:00Z.")]
Since = Annotated[str, Option("--from", help="From when on; now, unless said.")]


@command(app, "list")
def list_reviews(context: Context, limit: Annotated[int, Option(min=1, max=500)] = 50) -> None:
    """List the changes that wait for you: your groups', and theirs whom you stand in for."""
    at = desk(context)
    page = at.server().get("/v1/reviews", {"limit": limit})
    at.present(page, Page[WaitingShape], lambda shown: _waiting(at.output, shown))


@command(app, "away")
def away(context: Context) -> None:
    """List who is away, and who stands in for whom."""
    at = desk(context)
    server = at.server()
    absences, delegations = server.get("/v1/absences"), server.get("/v1/delegations")
    if at.output.as_json:
        at.output.json({"absences": absences, "delegations": delegations})
        return
    at.present(absences, Page[AbsenceShape], lambda shown: _absences(at.output, shown))
    at.present(delegations, Page[DelegationShape], lambda shown: _delegations(at.output, shown))


@command(app, "end")
def end(
    context: Context,
    which: Annotated[str, Argument(help="The id of your absence or delegation.")],
) -> None:
    """End an absence or a delegation of yours before its time."""
    at = desk(context)
    lent = which.startswith("del_")
    kind = "delegations" if lent else "absences"
    over = at.server().post(f"/v1/{kind}/{quote(which, safe='')}/end")
    if at.output.as_json:
        at.output.json(over)
    else:
        at.output.say(f"{which} is over.")


def approve(
    context: Context,
    change: Annotated[str, Argument(help="The change's id.", show_default=False)] = "",
    digest: Digest = "",
    comment: Comment = "",
    like: Annotated[
        str, Option(help="Instead: this change and all that are alike, shown once.")
    ] = "",
) -> None:
    """Approve exactly the plan that you are shown, or with --like the same on many devices."""
    if bool(change) == bool(like) or (like and digest):
        raise BadParameter("name one change, or one with --like and no digest")
    if like:
        approve_alike(desk(context), like, comment)
    else:
        answer(desk(context), change, "approve", digest=digest, comment=comment)


def comment(
    context: Context,
    change: Change,
    text: Annotated[str, Argument(help="What to say. Never write down a passphrase.")],
) -> None:
    """Say something about a change without answering it."""
    at = desk(context)
    kept = at.server().post(f"{path_of(change)}/comments", {"text": text})
    at.present(kept, CommentShape, lambda _: at.output.say("Your comment is kept."))


def take_back(context: Context, change: Change) -> None:
    """Take your own approval back, while nothing has begun."""
    at = desk(context)
    done = at.server().post(f"{path_of(change)}/take-back")
    at.present(done, ChangeShape, lambda shown: became(at.output, shown))


def delegate(
    context: Context,
    to: Annotated[str, Argument(help="Who stands in for you.")],
    group: Annotated[str, Option(help="Which group of yours they answer for.")],
    until: Until,
    since: Since = "",
) -> None:
    """Have a colleague answer reviews for a group of yours, for a time."""
    at = desk(context)
    wanted = {"to": to, "group": group, **_span(since, until)}
    made = at.server().post("/v1/delegations", wanted)
    at.present(made, DelegationShape, lambda shown: _lent(at.output, shown))


def absent(context: Context, until: Until, since: Since = "") -> None:
    """Say that you are away, so that nobody waits for your answer."""
    at = desk(context)
    made = at.server().post("/v1/absences", {**_span(since, until)})
    at.present(made, AbsenceShape, lambda shown: _gone(at.output, shown))


def _span(since: str, until: str) -> dict[str, Json]:
    span: dict[str, Json] = {"until": moment(until, "--until").isoformat()}
    return span | ({"starts_at": moment(since, "--from").isoformat()} if since else {})


def _waiting(output: Output, shown: Page[WaitingShape]) -> None:
    if not shown.items:
        output.say("Nothing waits for you.")
        return
    output.table(
        ("Change", "Device", "Cause", "Asked by", "Still missing", "Approve before"),
        (
            (
                each.change.id,
                each.change.device,
                each.change.cause,
                each.change.asked_by,
                ", ".join(f"{g.missing} of {g.group}" for g in each.review.groups if g.missing),
                each.review.approve_before,
            )
            for each in shown.items
        ),
    )
    output.hint("Look at one: gatewright changes show CHANGE. All alike: approve --like CHANGE.")


def _absences(output: Output, shown: Page[AbsenceShape]) -> None:
    if not shown.items:
        output.say("Nobody is away.")
        return
    output.table(
        ("Id", "Who", "From", "Until"),
        ((each.id, each.who, each.starts_at, each.ends_at) for each in shown.items),
    )


def _delegations(output: Output, shown: Page[DelegationShape]) -> None:
    if not shown.items:
        output.say("Nobody stands in for anybody.")
        return
    output.table(
        ("Id", "Group", "Of", "Stands in", "From", "Until"),
        (
            (each.id, each.group, each.by, each.to, each.starts_at, each.ends_at)
            for each in shown.items
        ),
    )


def _lent(output: Output, shown: DelegationShape) -> None:
    output.say(f"{shown.to} answers for {shown.group} in your name until {shown.ends_at:%c} UTC.")
    output.hint(f"End it earlier: gatewright reviews end {shown.id}")


def _gone(output: Output, shown: AbsenceShape) -> None:
    output.say(f"You are away until {shown.ends_at:%c} UTC; nobody waits for your answer.")
    output.hint("Have somebody stand in: gatewright delegate WHO --group GROUP --until ...")
    output.hint(f"Back earlier: gatewright reviews end {shown.id}")
