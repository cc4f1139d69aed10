"""Break-glass: going ahead in an emergency, and the reviews that follow."""

from nicegui import ui

from api.actions import Action
from api.auth import check_may
from api.console import pieces
from api.console.office import Office
from api.shapes.break_glass import BrokenGlassShape
from api.shapes.changes import ChangeShape
from brain.domain.errors import Forbidden, GatewrightError, PolicyUnavailable
from brain.domain.identity import BrokenGlassId, ChangeId, Principal
from brain.domain.life import State

_NOT_BEGUN = (State.AWAITING_APPROVAL, State.APPROVED)


async def glass_page(office: Office, who: Principal) -> None:
    """Every broken glass of the tenant; those that wait for a review come first."""
    async with office.gatewright.store.read() as tx:
        found = []
        for each in await tx.broken_glasses.list(who.tenant, limit=100):
            record = await tx.changes.get(who.tenant, each.change)
            if record is not None:
                found.append(BrokenGlassShape.of(each, record))
    waiting = [each for each in found if each.review is None]
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 900px"):
        ui.label("Break-glass").classes("gw-title")
        ui.label(
            "Changes that went ahead without waiting for approval or a window. Somebody who had "
            "no part in it reviews each of them afterwards."
        ).classes("gw-soft gw-small")
        pieces.head(f"{len(waiting)} waiting for a review")
        if not waiting:
            ui.label("None.").classes("gw-soft gw-small")
        for broken in waiting:
            _waiting(office, who, broken)
        if len(found) > len(waiting):
            pieces.head("Reviewed")
        for broken in found:
            if broken.review is not None:
                with ui.column().classes("gw-card gap-1"):
                    _told(broken)


def _waiting(office: Office, who: Principal, broken: BrokenGlassShape) -> None:
    with ui.column().classes("gw-card gap-2"):
        _told(broken)
        ui.label(f"To be reviewed by somebody else of: {broken.reviewers}.").classes("gw-small")
        comment = ui.input("What you looked at, and what you found").props("outlined dense")
        comment.classes("w-full")

        async def review(justified: bool) -> None:
            try:
                await office.gatewright.ledger.afterwards.review(
                    await office.still(who, Action.APPROVE),
                    BrokenGlassId(broken.id),
                    justified=justified,
                    comment=comment.value or "",
                )
            except GatewrightError as refused:
                ui.notify(str(refused), type="negative", timeout=8000)
                return
            ui.navigate.to("/break-glass")

        with ui.row().classes("gap-2"):
            ui.button("It was justified", on_click=lambda: review(True)).props(
                "no-caps unelevated color=teal-9"
            )
            ui.button("It could have waited", on_click=lambda: review(False)).props(
                "no-caps outline color=red-9"
            )


def _told(broken: BrokenGlassShape) -> None:
    with ui.row().classes("items-center gap-2 w-full no-wrap"):
        ui.link(f"{broken.glass.ticket} · {broken.device}", f"/changes/{broken.change}").classes(
            "gw-link"
        )
        ui.space()
        pieces.state_chip(broken.state)
    ui.label(
        f"{broken.glass.by} broke the glass on {broken.glass.at:%Y-%m-%d %H:%M} UTC for a change "
        f"that {broken.asked_by} asked for."
    ).classes("gw-small gw-soft")
    ui.label(f"“{broken.glass.reason}”").classes("gw-small")
    ui.label(f"What became of it: {broken.outcome}").classes("gw-small")
    if broken.review is not None:
        said = "justified" if broken.review.justified else "it could have waited"
        ui.label(f"{broken.review.by}: {said}. “{broken.review.comment}”").classes("gw-small")


async def break_glass_button(office: Office, who: Principal, change: ChangeShape) -> None:
    """The way to go ahead now, for whoever policy lets; nothing for everybody else."""
    if change.state not in _NOT_BEGUN:
        return
    try:
        await check_may(office.gatewright, who, Action.BREAK_GLASS)
    except (Forbidden, PolicyUnavailable):
        return
    dialog = _dialog(office, who, change)
    ui.button("Break the glass …", on_click=dialog.open).props("no-caps flat color=red-9")


async def _may_break(office: Office, who: Principal, change: ChangeShape) -> Principal:
    """Who it is now; somebody who may no longer is on record for having tried."""
    try:
        return await office.still(who, Action.BREAK_GLASS)
    except Forbidden as refused:
        now = await office.visitors.principal()
        if now is not None and (now.tenant, now.id) == (who.tenant, who.id):
            await office.gatewright.ledger.refusals.note(now, ChangeId(change.id), refused)
        raise


def _dialog(office: Office, who: Principal, change: ChangeShape) -> ui.dialog:
    with ui.dialog() as dialog, ui.column().classes("gw-card gap-2").style("max-width: 520px"):
        ui.label("Go ahead without approval?").classes("gw-title")
        ui.label(
            "For an emergency only. What policy denies stays denied. A person is called now, and "
            "somebody who had no part in it reviews it afterwards."
        ).classes("gw-small")
        ticket = ui.input("Ticket").props("outlined dense").classes("w-full")
        reason = ui.textarea("What cannot wait").props("outlined dense").classes("w-full")
        typed = ui.input("Type the device's id to confirm").props("outlined dense")
        typed.classes("w-full")
        ui.label(change.device).classes("gw-mono gw-soft")

        async def go() -> None:
            if (typed.value or "").strip() != change.device:
                ui.notify("What you typed is not the id of this device.", type="negative")
                return
            try:
                await office.gatewright.ledger.break_glass(
                    await _may_break(office, who, change),
                    ChangeId(change.id),
                    digest=change.plan.digest,
                    ticket=ticket.value or "",
                    reason=reason.value or "",
                )
            except GatewrightError as refused:
                ui.notify(str(refused), type="negative", timeout=12000)
                return
            ui.navigate.to(f"/changes/{change.id}")

        with ui.row().classes("gap-2"):
            ui.button("Break the glass", on_click=go).props("no-caps unelevated color=red-9")
            ui.button("Cancel", on_click=dialog.close).props("no-caps flat color=grey-8")
    return dialog
