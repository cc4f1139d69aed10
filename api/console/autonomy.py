"""Autonomy: how far each playbook may go by itself, on what evidence, and what shadows showed."""

from nicegui import ui

from api.actions import Action
from api.autonomy_shown import agreement, standings
from api.console import pieces
from api.console.office import Office
from api.shapes.autonomy import AgreementShape, EvidenceShape, ShadowShape, StandingShape
from brain.domain.autonomy import LADDER, AutonomyRules, Level, Subject
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal
from brain.domain.proposal import Cause
from brain.domain.shadow import Agreement

_COLOURS = {Level.ALONE: "good", Level.WITH_APPROVAL: "brand", Level.PROPOSE: "warn"}
_SAID = {
    Agreement.OPEN: "waits for what people do",
    Agreement.AGREED: "people did the same",
    Agreement.OTHERWISE: "people changed something else",
    Agreement.NOTHING: "nobody changed anything",
}
_SHOWN = 30


async def autonomy_page(office: Office, who: Principal) -> None:
    """A row for each playbook and model, then the shadows."""
    found = await standings(office.gatewright, who.tenant)
    agreed = await agreement(office.gatewright, who.tenant)
    async with office.gatewright.store.read() as tx:
        shadows = [ShadowShape.of(each) for each in await tx.shadows.list(who.tenant, limit=_SHOWN)]
    rules = office.gatewright.ledger.autonomy.rules
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1100px"):
        ui.label("Autonomy").classes("gw-title")
        ui.label(
            "How far each playbook may go on each model when nobody sits there. Evidence raises "
            "it, one change that does not hold lowers it at once, and only a person lets it act "
            "alone. Policy still judges every change. In the lines, the stroke is what held, the "
            "band its 95 % interval, and the notch what the lower end has to reach."
        ).classes("gw-soft gw-small")
        if not found:
            ui.label("Nothing was carried out or shadowed yet: everything observes.").classes(
                "gw-soft"
            )
        for standing in found:
            _standing(office, who, standing, rules)
        _agreement(agreed)
        _shadows(shadows)


def _standing(
    office: Office, who: Principal, standing: StandingShape, rules: AutonomyRules
) -> None:
    with ui.column().classes("gw-card gap-1").style("padding: 12px 16px"):
        with ui.row().classes("items-center gap-2 w-full no-wrap"):
            with ui.column().classes("gap-0 grow"):
                ui.label(pieces.cause_name(standing.cause)).style("font-weight: 600")
                ui.label(f"{standing.manufacturer} {standing.model}").classes("gw-small gw-soft")
            pieces.chip(_words(standing.level), _COLOURS.get(Level(standing.level), ""))
        _bar("Changes that held", standing.evidence, rules.alone.lower_bound)
        _bar("Shadows that people agreed with", standing.shadows, rules.propose.lower_bound)
        if standing.since is not None:
            ui.label(
                f"{standing.by} on {standing.since:%Y-%m-%d %H:%M} UTC: {standing.why}"
            ).classes("gw-small gw-soft")
        _moves(office, who, standing, rules)


def _bar(what: str, evidence: EvidenceShape, wanted: float) -> None:
    """A line from 0 to 100 %: the interval as a band, what held as a stroke, the bar as a notch."""
    if not evidence.tried:
        return
    share = min(evidence.succeeded / evidence.tried, 0.996)
    with ui.row().classes("items-center gap-x-3 gap-y-0 w-full gw-evidence"):
        ui.label(what).classes("gw-small").style("width: 225px")
        with ui.element("div").classes("gw-line"):
            width = max(evidence.high - evidence.low, 0.005)
            ui.element("i").classes("band").style(f"left:{evidence.low:.1%};width:{width:.1%}")
            ui.element("i").classes("wanted").style(f"left:{wanted:.1%}")
            ui.element("i").classes("share").style(f"left:{share:.1%}")
        ui.label(
            f"{evidence.succeeded} of {evidence.tried} · {evidence.low:.0%} to {evidence.high:.0%}"
        ).classes("gw-mono").style("white-space: nowrap; width: 190px")


def _moves(office: Office, who: Principal, standing: StandingShape, rules: AutonomyRules) -> None:
    level, carried = Level(standing.level), Level(standing.carried)
    higher = [each for each in LADDER if level.rank < each.rank <= carried.rank]
    lower = [each for each in LADDER if each.rank < level.rank]
    with ui.row().classes("items-center gap-2 w-full"):
        for each in reversed(lower):
            _button(office, who, standing, each, raising=False)
        for each in higher:
            _button(office, who, standing, each, raising=True)
        if Level.ALONE in higher:
            ui.label(f"to be confirmed by somebody of the group {rules.confirm}").classes(
                "gw-small gw-soft"
            )


def _button(
    office: Office, who: Principal, standing: StandingShape, level: Level, *, raising: bool
) -> None:
    dialog = _dialog(office, who, standing, level, raising=raising)
    look = "no-caps dense outline color=teal-9" if raising else "no-caps dense flat color=red-9"
    said = f"Raise to {_words(level)} …" if raising else f"Lower to {_words(level)} …"
    ui.button(said, on_click=dialog.open).props(look).classes("gw-small")


def _dialog(
    office: Office, who: Principal, standing: StandingShape, level: Level, *, raising: bool
) -> ui.dialog:
    subject = Subject(
        cause=Cause(standing.cause), manufacturer=standing.manufacturer, model=standing.model
    )
    autonomy = office.gatewright.ledger.autonomy
    with ui.dialog() as dialog, ui.column().classes("gw-card gap-2").style("max-width: 520px"):
        ui.label(f"{'Raise' if raising else 'Lower'} to {_words(level)}?").classes("gw-title")
        ui.label(f"{pieces.cause_name(standing.cause)}, on {subject.manufacturer} {subject.model}")
        reason = ui.input("Why").props("outlined dense").classes("w-full")

        async def go() -> None:
            try:
                if raising:
                    now = await office.still(who, Action.APPROVE)
                    await autonomy.raise_to(now, subject, level, reason=reason.value or "")
                else:
                    now = await office.still(who, Action.MANAGE_HALT)
                    await autonomy.lower_to(now, subject, level, reason=reason.value or "")
            except GatewrightError as refused:
                ui.notify(str(refused), type="negative", timeout=8000)
                return
            ui.navigate.to("/autonomy")

        with ui.row().classes("gap-2"):
            colour = "teal-9" if raising else "red-9"
            ui.button(_words(level).capitalize(), on_click=go).props(
                f"no-caps unelevated color={colour}"
            )
            ui.button("Cancel", on_click=dialog.close).props("no-caps flat color=grey-8")
    return dialog


def _agreement(found: list[AgreementShape]) -> None:
    if not found:
        return
    pieces.head("What shadows say")
    with ui.column().classes("gw-card gap-1").style("padding: 12px 16px"):
        for each in found:
            ended = each.agreed + each.otherwise + each.nothing
            with ui.row().classes("items-center gap-3 w-full no-wrap"):
                with ui.column().classes("gap-0 grow"):
                    ui.label(pieces.cause_name(each.cause)).classes("gw-small")
                    ui.label(
                        f"{each.manufacturer} {each.model} · planned by {_words(each.planner)}"
                    ).classes("gw-small gw-soft")
                ui.label(
                    f"{each.agreed} of {ended} agreed ({each.low:.0%} to {each.high:.0%}) · "
                    f"{each.otherwise} otherwise · {each.nothing} nothing · {each.open} open"
                ).classes("gw-mono")


def _shadows(found: list[ShadowShape]) -> None:
    pieces.head(f"Proposals that were not applied ({len(found)} shown)")
    if not found:
        ui.label("None yet.").classes("gw-soft gw-small")
    for each in found:
        with ui.row().classes("gw-card items-center no-wrap gap-3").style("padding: 8px 16px"):
            ui.label(f"{each.made_at:%m-%d %H:%M}").classes("gw-mono gw-soft").style(
                "white-space: nowrap"
            )
            with ui.column().classes("gap-0 grow"):
                ui.label(f"{pieces.cause_name(each.cause)} · {each.device}").classes("gw-small")
                ui.label(", ".join(each.touches)).classes("gw-mono gw-soft")
            _ended(each)


def _ended(shadow: ShadowShape) -> None:
    if shadow.seen.startswith("chg_"):
        ui.link("the change", f"/changes/{shadow.seen}").classes("gw-link gw-small")
    elif shadow.seen:
        ui.label(shadow.seen).classes("gw-small gw-soft")
    agreed = shadow.end == Agreement.AGREED
    pieces.chip(_SAID[Agreement(shadow.end)], "good" if agreed else "")


def _words(word: str) -> str:
    return str(word).replace("_", " ")
