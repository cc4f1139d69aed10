"""Remediation: how it stands, the incidents that rules opened, and the whole road of each."""

from nicegui import ui

from api.actions import Action
from api.auth import check_may
from api.console import pieces
from api.console.office import Office
from api.incidents import road_of_incident, shown
from api.shapes.remediation import IncidentRoadShape, IncidentShape, RemediationShape
from brain.domain.errors import Forbidden, GatewrightError, PolicyUnavailable
from brain.domain.identity import Principal
from brain.domain.remediation import Ending, IncidentState, Mode, Reach, Waiting

_SHOWN = 100
_DEVICES = 20
_LOOK_EVERY = 5.0
_STEPS = {
    "opened": "Opened",
    "evidence": "Seen",
    "joined": "Joined",
    "again": "Again",
    "waiting": "Waits",
    "planning": "Planned for",
    "proposed": "Proposed",
    "closed": "Closed",
}
_MODES = {
    Mode.OFF: ("off", "", "No event is taken in. Set GATEWRIGHT_REMEDIATION to switch it on."),
    Mode.DRY_RUN: ("dry run", "warn", "Incidents are planned for, and nothing is submitted."),
    Mode.ON: ("on", "good", "What is planned for incidents goes to policy and people."),
}
_COLOURS = {
    Ending.SUCCEEDED: "good",
    Ending.HANDED_OVER: "brand",
    Ending.FAILED: "bad",
    Ending.UNKNOWN: "bad",
    Ending.TAKEN_BACK: "warn",
    Ending.NOT_CHANGED: "warn",
}
_ROAD = ("Opened", "Planned for", "Proposed", "Closed")


async def remediation_page(office: Office, who: Principal) -> None:
    """The newest incidents, with where each is; they follow what happens."""
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1100px"):
        ui.label("Remediation").classes("gw-title")
        stands = RemediationShape.of(await office.gatewright.remediation.standing(who.tenant))
        await _standing(office, who, stands)
        rows = ui.column().classes("gap-3 w-full")

        async def look() -> None:
            async with office.gatewright.store.read() as tx:
                found = await tx.incidents.list(who.tenant, limit=_SHOWN)
                items = [await shown(tx, each) for each in found]
            rows.clear()
            with rows:
                if not items:
                    ui.label("No rule has opened an incident.").classes("gw-soft")
                for each in items:
                    _row(each)

        await look()
        ui.timer(_LOOK_EVERY, look)


async def incident_page(office: Office, who: Principal, incident: str) -> None:
    """One incident, followed until it is closed."""
    body = ui.column().classes("p-4 gap-3 w-full").style("max-width: 900px")

    async def look() -> None:
        try:
            road = await road_of_incident(office.gatewright, who.tenant, incident, office.mask)
        except GatewrightError as error:
            body.clear()
            with body:
                ui.label(str(error)).classes("gw-said bad")
            return
        body.clear()
        with body:
            _road(road)

    await look()
    ui.timer(_LOOK_EVERY, look)


async def _standing(office: Office, who: Principal, shown: RemediationShape) -> None:
    name, colour, means = _MODES[Mode(shown.mode)]
    with ui.column().classes("gw-card gap-2"):
        with ui.row().classes("items-center gap-2"):
            pieces.chip(name, colour)
            if shown.stopped:
                pieces.chip(f"stopped by {shown.stopped_by}", "bad")
            ui.label(means)
            ui.space()
            if await _may(office, who):
                _switch(office, who, stopped=shown.stopped)
        ui.label(
            f"In the name of {shown.service} · {shown.unread} events to be read · "
            f"{shown.unjudged} devices to be judged"
        ).classes("gw-small gw-soft")
        if shown.set_aside:
            pieces.head("Set aside")
        for each in shown.set_aside:
            times = "" if each.count == 1 else f", {each.count} times"
            ui.label(f"{each.at:%m-%d %H:%M} {each.what}: {each.reason}{times}").classes("gw-small")


async def _may(office: Office, who: Principal) -> bool:
    try:
        await check_may(office.gatewright, who, Action.MANAGE_HALT)
    except (Forbidden, PolicyUnavailable):
        return False
    return True


def _switch(office: Office, who: Principal, *, stopped: bool) -> None:
    async def turn() -> None:
        try:
            now = await office.still(who, Action.MANAGE_HALT)
            await office.gatewright.remediation.turn(now, stopped=not stopped, reason="")
        except GatewrightError as refused:
            ui.notify(str(refused), type="negative", timeout=8000)
            return
        ui.navigate.reload()

    text, look = ("Go on", "color=teal-9") if stopped else ("Stop remediation", "color=red-9")
    ui.button(text, on_click=turn).props(f"no-caps unelevated dense {look}")


def _row(shown: IncidentShape) -> None:
    with ui.row().classes("gw-card items-center no-wrap gap-3").style("padding: 10px 16px"):
        ui.label(f"{shown.opened_at:%Y-%m-%d %H:%M}").classes("gw-mono gw-soft").style(
            "white-space: nowrap"
        )
        with ui.column().classes("gap-0 grow"):
            ui.link(shown.rule, f"/remediation/{shown.id}").classes("gw-link")
            ui.label(_about(shown)).classes("gw-small gw-soft")
            ui.label(shown.reason).classes("gw-small")
        _chips(shown)


def _chips(shown: IncidentShape) -> None:
    if shown.dry_run:
        pieces.chip("dry run", "warn")
    if shown.ending != Ending.NONE:
        pieces.chip(shown.ending.replace("_", " "), _COLOURS.get(Ending(shown.ending), ""))
    elif shown.waiting != Waiting.NOTHING:
        pieces.chip(f"waits: {shown.waiting.replace('_', ' ')}", "warn")
    else:
        pieces.chip(shown.state, "brand")


def _about(shown: IncidentShape) -> str:
    if shown.reach == Reach.DEVICE:
        return shown.device
    return f"{shown.reach} {shown.scope_name or shown.scope}"


def _road(shown: IncidentRoadShape) -> None:
    one = shown.incident
    with ui.column().classes("gw-card gap-3"):
        with ui.row().classes("items-center gap-3 w-full"):
            ui.label(one.rule).classes("gw-title")
            _chips(one)
        many = "" if shown.device_count == 1 else f" · {shown.device_count} devices"
        ui.label(f"{_about(one)}{many}").classes("gw-small gw-soft")
        _progress(one)
        if one.reason:
            ui.label(one.reason)
        if one.change:
            ui.link("Its change", f"/changes/{one.change}").classes("gw-link gw-small")
        pieces.head("What it rests on")
        for each in shown.devices[:_DEVICES]:
            with ui.column().classes("gap-0 w-full"):
                ui.label(f"{each.device}: {each.said}").classes("gw-small")
                for seen in each.seen:
                    ui.label(
                        f"{seen.at:%m-%d %H:%M:%S} {seen.path or seen.kind} {seen.value}"
                    ).classes("gw-mono gw-soft")
        more = shown.device_count - len(shown.devices[:_DEVICES])
        if more:
            ui.label(f"and {more:,} devices more").classes("gw-small gw-soft")
        pieces.head("Road")
        for step in shown.steps:
            with ui.row().classes("gap-3 no-wrap w-full"):
                ui.label(f"{step.at:%m-%d %H:%M:%S}").classes("gw-mono gw-soft").style(
                    "white-space: nowrap"
                )
                ui.label(f"{_STEPS.get(step.step, step.step)}: {step.detail}").classes("gw-small")


def _progress(one: IncidentShape) -> None:
    """How far it has come, stop by stop."""
    come = {
        IncidentState.OPEN: 1,
        IncidentState.PLANNING: 2,
        IncidentState.PROPOSED: 3,
        IncidentState.CLOSED: 4,
    }[IncidentState(one.state)]
    passed = {1, 4} if come == 4 and not one.attempts else set(range(1, come + 1))
    if come == 4 and not one.change:
        passed -= {3}
    with ui.row().classes("items-center gap-2"):
        for number, name in enumerate(_ROAD, 1):
            pieces.chip(name, "brand" if number in passed else "")
            if number < len(_ROAD):
                ui.label("→").classes("gw-soft")
