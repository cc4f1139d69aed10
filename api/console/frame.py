"""What every page has around it: the bar, who is signed in, the halt, and the way to sign in."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.actions import Action
from api.auth import check_may
from api.console.account import account_menu
from api.console.halt import halt_button, halted_banner
from api.console.office import Office
from api.console.sign_in import onward_page
from api.console.style import SHEET
from brain.domain.errors import Forbidden, PolicyUnavailable
from brain.domain.identity import Principal

PLACES = (
    ("/", "Chat"),
    ("/reviews", "Reviews"),
    ("/changes", "Changes"),
    ("/rollouts", "Rollouts"),
    ("/devices", "Devices"),
    ("/remediation", "Remediation"),
    ("/break-glass", "Break-glass"),
    ("/policy", "Policy"),
    ("/autonomy", "Autonomy"),
)
FOR_SOME = (
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
    trouble = await office.gatewright.policy.trouble()
    allowed = await _allowed(office, who)
    with ui.row().classes("gw-bar items-center gap-0 px-6"):
        ui.label("Gatewright").classes("gw-word mr-4")
        for path, name in (*PLACES, *(place[:2] for place in FOR_SOME if place[2] in allowed)):
            link = ui.link(name, path)
            if path == here:
                link.classes("here")
        ui.space()
        if not halted and Action.MANAGE_HALT in allowed:
            halt_button(office, who)
        await account_menu(office, who, may_be_away=Action.APPROVE in allowed)
    if halted:
        halted_banner(office, who, may_lift=Action.MANAGE_HALT in allowed)
    if trouble:
        ui.label(f"Policy cannot be asked, so nothing is allowed: {trouble}").classes("gw-halt")


async def _allowed(office: Office, who: Principal) -> frozenset[Action]:
    """Which of the things that the bar offers they may do; none while policy cannot be asked."""
    asked = (Action.APPROVE, Action.MANAGE_HALT, *(action for _, _, action in FOR_SOME))
    try:
        return frozenset(
            [each for each in asked if await office.gatewright.access.allowed(who, each)]
        )
    except PolicyUnavailable:
        return frozenset()
