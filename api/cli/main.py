"""The ``gatewright`` command: puts the topics together, and turns every error into one sentence."""

import sys
from typing import Annotated

from typer import Context, Exit, Option, Typer

from api.cli import (
    audit,
    audit_keeping,
    break_glass,
    cases,
    changes,
    devices,
    halting,
    inventory,
    model,
    policy,
    reviews,
    sessions,
    tokens,
    users,
    webhooks,
)
from api.cli.chat import chat
from api.cli.command import Desk, command
from api.cli.demo import demo
from api.cli.doctor import doctor
from api.cli.evals import evals
from api.cli.output import Output
from api.cli.serve import serve
from api.version import product_version
from brain.domain.errors import GatewrightError

app = Typer(
    name="gatewright",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        Output().say(f"gatewright {product_version()}")
        raise Exit


@app.callback()
def root(
    context: Context,
    as_json: Annotated[
        bool, Option("--json", help="Write JSON for a program instead of text for a person.")
    ] = False,
    debug: Annotated[
        bool, Option("--debug", help="Show where an unexpected error came from.")
    ] = False,
    _show_version: Annotated[
        bool, Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """Propose, judge, approve and carry out changes to the devices in subscribers' homes.

    Talks to the server that GATEWRIGHT_URL names, with GATEWRIGHT_TOKEN; without them to the one
    on this machine. Exit codes: 0 done, 1 failed or denied, 2 not understood.
    """
    if not isinstance(context.obj, Desk):
        context.obj = Desk()
    context.obj.output.as_json = as_json
    context.obj.debug = debug


command(app, "demo")(demo)
command(app, "serve")(serve)
command(app, "doctor")(doctor)
command(app, "chat")(chat)
# Its words are for the process that it starts, `--help` and `--json FILE` too.
app.command(
    "evals",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(evals)
command(app, "proposals")(changes.list_proposals)
command(app, "approve")(reviews.approve)
command(app, "take-back")(reviews.take_back)
command(app, "comment")(reviews.comment)
command(app, "delegate")(reviews.delegate)
command(app, "absent")(reviews.absent)
command(app, "reject")(changes.reject)
command(app, "withdraw")(changes.withdraw)
command(audit.app, "rotate-key")(audit_keeping.rotate_key)
command(audit.app, "protect")(audit_keeping.protect)
app.add_typer(cases.app, name="case")
app.add_typer(changes.app, name="changes")
app.add_typer(reviews.app, name="reviews")
app.add_typer(webhooks.app, name="webhook")
app.add_typer(break_glass.app, name="break-glass")
app.add_typer(devices.app, name="device")
app.add_typer(inventory.app, name="inventory")
app.add_typer(audit.app, name="audit")
app.add_typer(halting.app, name="halt")
app.add_typer(model.app, name="model")
app.add_typer(policy.app, name="policy")
app.add_typer(tokens.app, name="token")
app.add_typer(users.app, name="user")
app.add_typer(sessions.app, name="session")


def main() -> None:
    """Run the command line. Whatever goes wrong ends in a sentence and an exit code."""
    desk = Desk()
    try:
        app(obj=desk)
    except GatewrightError as error:
        if desk.debug:
            raise
        desk.output.error(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the edge: a person is told, and can ask for the rest
        if desk.debug:
            raise
        desk.output.error(
            f"something unexpected happened ({type(error).__name__}). "
            "Run it again with --debug after `gatewright` to see where."
        )
        sys.exit(1)


if __name__ == "__main__":  # `python -m api.cli.main` where the console script is not installed
    main()
