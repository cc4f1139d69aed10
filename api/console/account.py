"""The menu under one's name: what one is trusted with, being away, the password, the way out."""

from nicegui import ui

from api.console.office import Office
from api.problems import NotReady
from brain.domain.entrance import Session, Way
from brain.domain.identity import Principal


async def account_menu(office: Office, who: Principal, *, may_be_away: bool) -> None:
    """A button with the name of whoever is signed in, and what is theirs behind it."""
    async with office.gatewright.store.read() as tx:
        known_as = await tx.principals.name(who.tenant, who.id)
        has_password = who.id in await tx.users.names(who.tenant)
    with ui.dropdown_button(known_as or who.id, auto_close=True).props(
        "flat dense no-caps text-color=white"
    ):
        ui.label(_trusted_with(who)).classes("gw-small gw-soft px-4 py-2")
        if may_be_away:
            ui.item("While I am away", on_click=lambda: ui.navigate.to("/away"))
        if has_password:
            ui.item("Change password", on_click=lambda: ui.navigate.to("/sign-in/new-password"))
        ui.item("Sign out", on_click=lambda: _leave(office))
        ui.item("Sign out everywhere", on_click=lambda: _leave_everywhere(office))


def _trusted_with(who: Principal) -> str:
    said = ", ".join(sorted(str(role) for role in who.roles)) or "no role"
    groups = ", ".join(sorted(who.groups))
    return f"{said}; of {groups}" if groups else said


async def _leave(office: Office) -> None:
    session = await office.visitors.session()
    await office.visitors.sign_out()
    ui.navigate.to(await _onward(office, session) or "/sign-in")


async def _onward(office: Office, session: Session | None) -> str:
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
