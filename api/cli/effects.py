"""``gatewright changes effects`` and ``effect``: how changes fared, and by how much they helped."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option

from api.cli.command import desk
from api.cli.output import Output
from api.shapes.autonomy import By, EffectShape, RateShape
from api.shapes.base import Page
from brain.domain.proposal import Cause

_COLUMNS = {
    "cause": "Cause",
    "templates": "Changes",
    "manufacturer": "Manufacturer",
    "model": "Model",
    "firmware": "Firmware",
}


def effects(
    context: Context,
    by: Annotated[list[By] | None, Option(help="What to tell them by; may be given again.")] = None,
    cause: Annotated[Cause | None, Option(help="Only for this cause.")] = None,
    model: Annotated[str, Option(help="Only on this model.")] = "",
    firmware: Annotated[str, Option(help="Only under this firmware.")] = "",
    limit: Annotated[int, Option(min=1, max=500)] = 50,
) -> None:
    """List how changes fared: how many held, and by how much they helped."""
    at = desk(context)
    asked = {
        "by": [each.value for each in by or [By.CAUSE, By.MODEL]],
        "cause": cause.value if cause else "",
        "model": model,
        "firmware": firmware,
        "limit": limit,
    }
    page = at.server().get("/v1/effects", asked)
    at.present(page, Page[RateShape], lambda shown: _rates(at.output, shown))


def effect(
    context: Context,
    change: Annotated[str, Argument(help="The change's id.", show_default=False)],
) -> None:
    """Show what one change promised, and what came of that."""
    at = desk(context)
    known = at.server().get(f"/v1/changes/{quote(change, safe='')}/effect")
    at.present(known, EffectShape, lambda shown: _effect(at.output, shown))


def _rates(output: Output, page: Page[RateShape]) -> None:
    if not page.items:
        output.say("No change was carried out yet.")
        return
    named = [name for name in _COLUMNS if getattr(page.items[0], name) is not None]
    output.table(
        (*(_COLUMNS[name] for name in named), "Held", "Sure", "Helped"),
        (
            (
                *(getattr(each, name) for name in named),
                f"{each.succeeded} of {each.tried}",
                f"{each.low:.0%} to {each.high:.0%}",
                _helped(each),
            )
            for each in page.items
        ),
    )
    output.hint("Held: with the 95 % interval (Wilson). Helped: what was promised, as a share.")


def _helped(each: RateShape) -> str:
    if each.helped is None:
        return "not measured"
    margin = f" ± {each.margin:.0%}" if each.margin is not None else ""
    return f"{each.helped:+.0%}{margin} ({each.measured})"


def _effect(output: Output, shown: EffectShape) -> None:
    output.facts((name.replace("_", " ").capitalize(), value) for name, value in shown)
    if not shown.metric:
        output.hint("It promised nothing that can be measured.")
