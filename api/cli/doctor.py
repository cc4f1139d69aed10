"""``gatewright doctor``: looks at everything, and says how to mend what is wrong."""

import asyncio
from dataclasses import asdict

from typer import Context, Exit

from api.checks import Check, examine
from api.cli.command import desk
from api.cli.looking import look_at_model, look_at_opa, look_at_policy
from api.cli.output import Output


def doctor(context: Context) -> None:
    """Check this installation; exit code 1 when something is wrong. Nothing is changed."""
    at = desk(context)
    checks = asyncio.run(
        examine(at.settings, policy=look_at_policy, opa=look_at_opa, model=look_at_model)
    )
    well = all(check.ok for check in checks)
    if at.output.as_json:
        at.output.json({"ok": well, "checks": [asdict(check) for check in checks]})
    else:
        _show(at.output, checks, well=well)
    if not well:
        raise Exit(1)


def _show(output: Output, checks: list[Check], *, well: bool) -> None:
    output.table(
        ("", "What", "How it is"),
        (("ok" if check.ok else "failed", check.name, check.detail) for check in checks),
    )
    for check in checks:
        if not check.ok:
            output.say(f"{check.name}: {check.remedy}", style="yellow")
    if well:
        output.say("All is well.", style="green")
