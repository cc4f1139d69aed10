"""``gatewright session``: the browsers that you are signed in with."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, BadParameter, Context, Option, Typer

from api.cli.command import command, desk
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.people import SessionShape, SignedOutShape

app = Typer(no_args_is_help=True)


@command(app, "list")
def list_(context: Context) -> None:
    """List the browsers that you are signed in with."""
    at = desk(context)
    page = at.server().get("/v1/sessions")
    at.present(page, Page[SessionShape], lambda shown: _list(at.output, shown))


@command(app, "end")
def end(
    context: Context,
    session: Annotated[str, Argument(help="The session's id.", show_default=False)] = "",
    everywhere: Annotated[bool, Option("--all", help="Sign all of your browsers out.")] = False,
) -> None:
    """Sign one of your browsers out, or with --all every one."""
    if bool(session) == everywhere:
        raise BadParameter("name one session, or give --all")
    at = desk(context)
    if everywhere:
        done = at.server().post("/v1/sessions/end")
        at.present(done, SignedOutShape, lambda shown: _everywhere(at.output, shown))
        return
    ended = at.server().post(f"/v1/sessions/{quote(session, safe='')}/end")
    at.present(ended, SessionShape, lambda shown: at.output.say(f"{shown.id} is signed out."))


def _list(output: Output, shown: Page[SessionShape]) -> None:
    if not shown.items:
        output.say("You are signed in with no browser.")
        return
    output.table(
        ("Session", "Signed in with", "Since", "Last seen", "Ends"),
        ((each.id, each.way, each.began_at, each.seen_at, each.ends_at) for each in shown.items),
    )


def _everywhere(output: Output, shown: SignedOutShape) -> None:
    output.say(f"You are signed out of {shown.sessions} browsers.")
