"""Rollouts: how far each has come, and the button that stops it."""

from nicegui import ui

from api.actions import Action
from api.auth import check_may
from api.console import pieces
from api.console.office import Office
from api.rolling import known, rollouts_of, shown
from api.shapes.rollouts import RolloutDeviceShape, RolloutShape
from brain.domain.errors import Forbidden, GatewrightError, PolicyUnavailable
from brain.domain.identity import Principal
from brain.domain.rollout import RolloutId, RolloutState

_LOOK_EVERY = 3.0
_SHOWN, _DEVICES = 20, 200
_COLOURS = {
    RolloutState.RUNNING: "brand",
    RolloutState.STOPPING: "warn",
    RolloutState.STOPPED: "bad",
    RolloutState.DONE: "good",
}


async def rollouts_page(office: Office, who: Principal) -> None:
    """The newest, which follow what happens."""
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1100px"):
        ui.label("Rollouts").classes("gw-title")
        rows = ui.column().classes("gap-3 w-full")

        async def look() -> None:
            async with office.gatewright.store.read() as tx:
                found = await tx.rollouts.newest(who.tenant, limit=_SHOWN)
                items = [await shown(tx, each, office.mask) for each in found]
            rows.clear()
            with rows:
                if not items:
                    ui.label("No rollout yet: gatewright rollout begin.").classes("gw-soft")
                for each in items:
                    with ui.column().classes("gw-card gap-2"):
                        _summary(each, link=True)

        await look()
        ui.timer(_LOOK_EVERY, look)


async def rollout_page(office: Office, who: Principal, rollout: str) -> None:
    """One of them, with its devices, followed until it has ended."""
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 900px"):
        body = ui.column().classes("w-full gap-3")
        if await _may(office, who):
            _stop(office, who, rollout)

    async def look() -> None:
        try:
            async with office.gatewright.store.read() as tx:
                one = await known(tx, who.tenant, rollout)
                summary = await shown(tx, one, office.mask)
                devices = await tx.rollouts.devices(who.tenant, one.id, limit=_DEVICES)
        except GatewrightError as error:
            body.clear()
            with body:
                ui.label(str(error)).classes("gw-said bad")
            return
        body.clear()
        with body:
            with ui.column().classes("gw-card gap-2"):
                _summary(summary, link=False)
            _table([RolloutDeviceShape.of(*each) for each in devices], summary.total)

    await look()
    ui.timer(_LOOK_EVERY, look)


def _summary(each: RolloutShape, *, link: bool) -> None:
    with ui.row().classes("items-center gap-3 w-full"):
        if link:
            ui.link(each.name, f"/rollouts/{each.id}").classes("gw-link")
        else:
            ui.label(each.name).classes("gw-title")
        pieces.chip(each.state, _COLOURS[RolloutState(each.state)])
        ui.space()
        ui.label(f"{each.created_at:%Y-%m-%d %H:%M} by {each.asked_by}").classes("gw-small gw-soft")
    for step in each.steps:
        ui.label(f"{step.path} {step.value or ''}".strip()).classes("gw-mono")
    bar = ui.linear_progress(value=1 - each.waiting / each.total, show_value=False)
    bar.props("instant-feedback color=teal-9")
    waiting = f" ({each.awaiting_approval} wait for people)" if each.awaiting_approval else ""
    ui.label(
        f"{each.succeeded} of {each.total} succeeded · {each.open} under way{waiting} · "
        f"{each.failed} failed, of at most {each.most_failed} · {each.not_done} not done · "
        f"{each.waiting} to come"
    ).classes("gw-small")
    if each.reason:
        ui.label(f"Stopped by {each.stopped_by}: {each.reason}").classes("gw-small")


def _table(devices: list[RolloutDeviceShape], total: int) -> None:
    with ui.column().classes("gw-card gap-1"):
        for each in devices:
            with ui.row().classes("items-center gap-3 w-full no-wrap"):
                ui.link(each.device, f"/devices/{each.device}").classes("gw-link gw-small")
                ui.space()
                ui.label(each.note).classes("gw-small gw-soft")
                if each.change:
                    ui.link("change", f"/changes/{each.change}").classes("gw-link gw-small")
                pieces.chip(each.state.replace("_", " "))
        if total > len(devices):
            ui.label(f"and {total - len(devices):,} devices more").classes("gw-small gw-soft")


async def _may(office: Office, who: Principal) -> bool:
    try:
        await check_may(office.gatewright, who, Action.MANAGE_HALT)
    except (Forbidden, PolicyUnavailable):
        return False
    return True


def _stop(office: Office, who: Principal, rollout: str) -> None:
    reason = ui.input("Why", validation={"Say why it is stopped.": bool})
    reason.props("outlined dense").classes("w-full")

    async def stop() -> None:
        if not reason.validate():
            return
        try:
            now = await office.still(who, Action.MANAGE_HALT)
            door = rollouts_of(office.gatewright)
            await door.stop(now, RolloutId(rollout), reason=reason.value)
        except GatewrightError as refused:
            ui.notify(str(refused), type="negative", timeout=8000)

    ui.button("Stop this rollout", on_click=stop).props("no-caps unelevated color=red-9")
