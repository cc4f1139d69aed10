"""The ``gatewright`` command: puts the topics together, and turns every error into one sentence."""

import sys
from typing import Annotated

from typer import Context, Exit, Option, Typer

from api.cli.command import Desk, command
from api.cli.demo import demo
from api.cli.evals import evals
from api.cli.later import Later, group_of
from api.cli.output import Output
from api.version import product_version
from brain.domain.errors import GatewrightError

_DOCTOR = "Check this installation; exit code 1 when something is wrong. Nothing is changed."
_CHAT = "Say what hurts; the planner looks and proposes, policy and people decide."
_APPROVE = "Approve exactly the plan that you are shown, or with --like the same on many devices."
_REJECT = "Reject a plan; one rejection is enough, also after others approved, until it begins."
_AUTONOMY = "How far each playbook may go by itself, and what that rests on."
_GLASS = "Go ahead in an emergency without approval, and answer for it afterwards."

TOPICS = (
    Later("serve", "api.cli.serve:serve", "Run console, API and ACS until Ctrl+C."),
    Later("doctor", "api.cli.doctor:doctor", _DOCTOR),
    Later("chat", "api.cli.chat:chat", _CHAT),
    Later(
        "proposals",
        "api.cli.changes:list_proposals",
        "List what the planner proposed, newest first.",
    ),
    Later("approve", "api.cli.reviews:approve", _APPROVE),
    Later(
        "take-back",
        "api.cli.reviews:take_back",
        "Take your own approval back, while nothing has begun.",
    ),
    Later(
        "comment", "api.cli.reviews:comment", "Say something about a change without answering it."
    ),
    Later(
        "delegate",
        "api.cli.reviews:delegate",
        "Have a colleague answer reviews for a group of yours, for a time.",
    ),
    Later(
        "absent",
        "api.cli.reviews:absent",
        "Say that you are away, so that nobody waits for your answer.",
    ),
    Later("reject", "api.cli.changes:reject", _REJECT),
    Later(
        "withdraw",
        "api.cli.changes:withdraw",
        "Take back a change that you asked for, while nothing has begun.",
    ),
    Later("case", "api.cli.cases:app", "Conversations about devices, and what they cost."),
    Later("changes", "api.cli.changes:app", "Look at changes and their whole road."),
    Later(
        "rollout",
        "api.cli.rollouts:app",
        "One change for many devices, a few at a time; stop it at any moment.",
    ),
    Later(
        "reviews", "api.cli.reviews:app", "What waits for your review, who is away, who stands in."
    ),
    Later(
        "webhook",
        "api.cli.webhooks:app",
        "Have other systems told of what happens, by signed webhooks.",
    ),
    Later("break-glass", "api.cli.break_glass:app", _GLASS),
    Later("device", "api.cli.devices:app", "Look at devices."),
    Later(
        "enrolment",
        "api.cli.enrolment:app",
        "Who may come in: register devices, answer those that nobody registered.",
    ),
    Later(
        "inventory",
        "api.cli.inventory:app",
        "Take in sites, subscribers, access network and devices.",
    ),
    Later("audit", "api.cli.audit_keeping:app", "Who did what, in a chain that shows tampering."),
    Later("autonomy", "api.cli.autonomy:app", _AUTONOMY),
    Later("halt", "api.cli.halting:app", "The kill switch: while it is on, no change is begun."),
    Later(
        "remediation",
        "api.cli.remediation:app",
        "What is looked after unattended: incidents, their rules, and the switch.",
    ),
    Later("model", "api.cli.model:app", "What TR-181 and TR-098 say of a path."),
    Later("policy", "api.cli.policy:app", "The rules that decide."),
    Later("genieacs", "api.cli.genieacs:app", "Firmware images on your own GenieACS."),
    Later("usp", "api.cli.usp:app", "How USP agents find this controller."),
    Later("token", "api.cli.tokens:app", "Make API tokens."),
    Later("user", "api.cli.users:app", "People: who may come in, and what they are trusted with."),
    Later("session", "api.cli.sessions:app", "The browsers that you are signed in with."),
)

app = Typer(
    cls=group_of(TOPICS),
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
# Its words are for the process that it starts, `--help` and `--json FILE` too.
app.command(
    "evals",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(evals)


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
