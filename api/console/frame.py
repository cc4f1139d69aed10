"""What every page has around it: the bar, who is signed in, the halt, and the way to sign in."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.actions import Action
from api.auth import check_may
from api.console.halt import halt_button, halted_banner
from api.console.office import Office
from api.console.sign_in import onward_page
from api.console.style import SHEET
from api.problems import NotReady
from brain.domain.entrance import Session, Way
from brain.domain.errors import Forbidden, PolicyUnavailable
from brain.domain.identity import Principal

PLACES = (
    ("/", "Chat"),
    ("/reviews", "Reviews"),
    ("/changes", "Changes"),
    ("/devices", "Devices"),
    ("/break-glass", "Break-glass"),
    ("/policy", "Policy"),
)
FOR_SOME = (
    ("/away", "Away", Action.APPROVE),
    ("/people", "People", Action.MANAGE_USERS),
    ("/webhooks", "Webhooks", Action.MANAGE_WEBHOOKS),
)
"""Shown only to whoever may go there."""

Body = Callable[[Principal], Awaitable[None]]


async def framed(office: Office, here: str, action: str, body: Body) -> Response | None:
    """Show a page to whoever is signed in and may do ``action``; else lead to the way in."""
    request = ui.context.client.request
    who = await office.visitors.of(request)
    if who is None:
        return _way_in(request)
    ui.add_css(SHEET)
    await _bar(office, here, who)
    try:
        await check_may(office.gatewright, who, action)
    except (Forbidden, PolicyUnavailable) as refused:
        with ui.column().classes("p-6"):
            ui.label(str(refused)).classes("gw-said bad")
        return None
    await body(who)
    return None


def _way_in(request: Request) -> Response:
    """Where to sign in; but first try again from a page of ours, if another site led here.

    A browser then keeps the session back, and whoever followed a link is signed in after all.
    """
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") == "cross-site":
        return onward_page(wanted)
    return RedirectResponse(f"/sign-in?then={quote(wanted, safe='')}", status_code=303)


async def _bar(office: Office, here: str, who: Principal) -> None:
    async with office.gatewright.store.read() as tx:
        halted = await tx.halts.is_halted(who.tenant)
        known_as = await tx.principals.name(who.tenant, who.id)
        has_password = who.id in await tx.users.names(who.tenant)
    trouble = await office.gatewright.policy.trouble()
    places = [*PLACES, *await _places_for(office, who)]
    with ui.row().classes("gw-bar items-center gap-1 px-6"):
        ui.label("Gatewright").classes("gw-word mr-4")
        for path, name in places:
            link = ui.link(name, path)
            if path == here:
                link.classes("here")
        ui.space()
        roles = ", ".join(sorted(str(role) for role in who.roles))
        ui.label(f"{known_as or who.id} · {roles}").classes("gw-small").style("color:#dff3ee")
        if not halted:
            await halt_button(office, who)
        with ui.dropdown_button("Sign out", split=True, on_click=lambda: _leave(office)).props(
            "flat dense no-caps text-color=white"
        ):
            ui.item("Sign out everywhere", on_click=lambda: _leave_everywhere(office))
            if has_password:
                ui.item("Change password", on_click=lambda: ui.navigate.to("/sign-in/new-password"))
    if halted:
        await halted_banner(office, who)
    if trouble:
        ui.label(f"Policy cannot be asked, so nothing is allowed: {trouble}").classes("gw-halt")


async def _places_for(office: Office, who: Principal) -> list[tuple[str, str]]:
    allowed = office.gatewright.access.allowed
    return [(path, name) for path, name, action in FOR_SOME if await allowed(who, action)]


async def _leave(office: Office) -> None:
    session = await office.visitors.session()
    await office.visitors.sign_out()
    ui.navigate.to(await _away_to(office, session) or "/sign-in")


async def _away_to(office: Office, session: Session | None) -> str:
    """Whoever came through the identity provider leaves there, too, if it can be asked."""
    if office.provider is None or session is None or session.way is not Way.OIDC:
        return ""
    try:
        return await office.provider.farewell(f"{office.visitors.public_url}/sign-in")
    except NotReady:
        return ""


async def _leave_everywhere(office: Office) -> None:
    who = await office.visitors.principal()
    if who is not None:
        await office.visitors.sessions.end_all(who)
    ui.navigate.to("/sign-in")
