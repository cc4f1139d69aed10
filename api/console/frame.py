"""What every page has around it: the bar, who is signed in, the halt, and the way to sign in."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.auth import check_may
from api.console.office import Office
from api.console.style import SHEET
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal

PLACES = (("/", "Chat"), ("/reviews", "Reviews"), ("/changes", "Changes"), ("/devices", "Devices"))

Body = Callable[[Principal], Awaitable[None]]


async def framed(office: Office, here: str, action: str, body: Body) -> None:
    """Show a page to whoever is signed in and may do ``action``; else the way to sign in."""
    ui.add_css(SHEET)
    who = await office.visitors.principal()
    if who is None:
        ui.navigate.to(f"/sign-in?then={here}")
        return
    await _bar(office, here, who)
    try:
        await check_may(office.gatewright, who, action)
    except Forbidden as refused:
        with ui.column().classes("p-6"):
            ui.label(str(refused)).classes("gw-said bad")
        return
    await body(who)


async def _bar(office: Office, here: str, who: Principal) -> None:
    async with office.gatewright.store.read() as tx:
        halted = await tx.halts.is_halted(who.tenant)
    with ui.row().classes("gw-bar items-center gap-1 px-6"):
        ui.label("Gatewright").classes("gw-word mr-4")
        for path, name in PLACES:
            link = ui.link(name, path)
            if path == here:
                link.classes("here")
        ui.space()
        roles = ", ".join(sorted(str(role) for role in who.roles))
        ui.label(f"{who.id} · {roles}").classes("gw-small").style("color:#dff3ee")
        ui.button("Sign out", on_click=lambda: _leave(office)).props(
            "flat dense no-caps text-color=white"
        )
    if halted:
        ui.label("Halted: no change is carried out until an operator lifts it.").classes("gw-halt")


def _leave(office: Office) -> None:
    office.visitors.sign_out()
    ui.navigate.to("/sign-in")
