"""``gatewright policy``: the rules that decide, whether they hold together, and their tests."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Context, Exit, Option, Typer

from api.actions import Action
from api.cli.activating import activate, approve, reject, status
from api.cli.command import Desk, command, desk
from api.cli.diffing import diff
from api.cli.explaining import explain, fmt
from api.cli.opa import opa_config
from api.cli.output import Output
from api.cli.replaying import export, replay
from api.cli.rules import Folder, bundle_in, existing
from brain.domain.canonical import jsonable
from brain.domain.errors import InvalidInput
from brain.settings import Settings
from policies.check import Step, run_checks, run_tests
from policies.findings import RuleText

if TYPE_CHECKING:
    from policies.bundle_signing import BundleSigner

app = Typer(no_args_is_help=True)


@command(app, "check")
def check(context: Context, path: Folder = None) -> None:
    """Load rules and numbers as the server does, try them, and lint them with what is installed."""
    at = desk(context)
    settings = at.settings
    existing(path)
    actions = [each.value for each in Action]
    steps = run_checks(
        path,
        data=settings.policy_data,
        resolvers=settings.resolvers,
        time_servers=settings.time_servers,
        actions=actions,
    )
    _present(at, steps)


@command(app, "show")
def show(
    context: Context,
    code: Annotated[str, Argument(help="One rule, such as radio.channel_not_allowed.")] = "",
    path: Folder = None,
) -> None:
    """List every rule, or say what one means and what to do about it."""
    at = desk(context)
    rules = bundle_in(at.settings, path).findings
    if code and code not in rules:
        raise InvalidInput(
            f"there is no rule {code}", field="CODE", remedy="`gatewright policy show` lists them."
        )
    shown = [rules[code]] if code else list(rules.values())
    if at.output.as_json:
        at.output.json([jsonable(rule) for rule in shown])
    elif code:
        _one(at.output, shown[0])
    else:
        _all(at.output, shown)


@command(app, "test")
def run_rule_tests(
    context: Context,
    path: Folder = None,
    opa: Annotated[
        str, Option(envvar="GATEWRIGHT_OPA", help="The opa program; default: wherever it is.")
    ] = "",
) -> None:
    """Run the tests that stand beside the rules, with OPA; not run is not passed."""
    at = desk(context)
    existing(path)
    step = run_tests(path, opa=opa)
    _present(at, [step])
    if step.held is None:
        raise Exit(1)


@command(app, "bundle")
def write_bundle(
    context: Context,
    output: Annotated[Path, Option("--output", "-o", help="Where to write it: FILE.tar.gz.")],
    path: Folder = None,
) -> None:
    """Write rules and numbers as one file, signed where this installation's keys are."""
    at = desk(context)
    bundle = bundle_in(at.settings, path)
    signer = _signer(at.settings)
    try:
        output.write_bytes(signer.signed(bundle) if signer else bundle.to_tar_gz())
    except OSError as error:
        raise InvalidInput(
            f"{output} cannot be written ({error.strerror})",
            field="--output",
            remedy="Name a file in a folder that you may write to.",
        ) from None
    if at.output.as_json:
        told = {"file": str(output), "revision": bundle.revision, "signed": signer is not None}
        at.output.json(jsonable(told))
        return
    signed = "yes" if signer else "no: the keys of an installation are made at its first start"
    at.output.facts([("Bundle", output), ("Revision", bundle.revision), ("Signed", signed)])
    at.output.hint("An OPA server fetches the active rules itself: gatewright policy opa-config")


def _signer(settings: Settings) -> "BundleSigner | None":
    from brain.keys import FOLDER, Keys
    from policies.bundle_signing import BUNDLES, BundleSigner

    if not (settings.data_dir / FOLDER).exists():
        return None
    return BundleSigner.of(Keys.open(settings.data_dir, create=False).derived(BUNDLES))


command(app, "replay")(replay)
command(app, "export")(export)
command(app, "explain")(explain)
command(app, "fmt")(fmt)
command(app, "status")(status)
command(app, "diff")(diff)
command(app, "activate")(activate)
command(app, "approve")(approve)
command(app, "reject")(reject)
command(app, "opa-config")(opa_config)


def _present(at: Desk, steps: list[Step]) -> None:
    well = all(step.held is not False for step in steps)
    if at.output.as_json:
        at.output.json({"ok": well, "steps": [jsonable(step) for step in steps]})
    else:
        names = {True: "ok", False: "failed", None: "not run"}
        at.output.table(
            ("", "What", "How it went"),
            ((names[step.held], step.name, _said(step)) for step in steps),
        )
    if not well:
        raise Exit(1)


def _said(step: Step) -> str:
    return "nothing to object to" if step.held and step.detail == "exit 0" else step.detail


def _all(output: Output, rules: list[RuleText]) -> None:
    output.table(
        ("Code", "Says", "When"), ((rule.code, rule.severity, rule.title) for rule in rules)
    )
    output.hint("What one means: gatewright policy show CODE")


def _one(output: Output, rule: RuleText) -> None:
    output.facts(
        [
            ("Rule", rule.code),
            ("Says", rule.severity),
            ("When", rule.title),
            ("Message", rule.message),
            ("Remedy", rule.remedy),
        ]
    )
