"""People and access: who may come in, with which roles, and from which browsers they are."""

from nicegui import ui

from api.actions import Action
from api.books import books_of
from api.console import pieces
from api.console.asking import attempt, make_sure, shown_once, small_button
from api.console.office import Office
from api.console.services import Services
from api.names import usual_groups
from api.people import (
    Known,
    NewUser,
    add_user,
    check_another,
    check_new,
    list_people,
    password_for,
    set_disabled,
    set_password,
    set_roles,
    sign_out,
)
from brain.domain.entrance import Session
from brain.domain.identity import Principal, Role

_ROLES = {role.value: role.value for role in Role if role is not Role.AUTOMATION}
_ONCE = "It is shown this once. They have to choose another when they sign in."


class PeoplePage:
    """The people of the tenant, and below them the services."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who

    async def show(self) -> None:
        """Draw the page."""
        with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1000px"):
            ui.label("People and access").classes("gw-title")
            self._form()
            self._people = ui.column().classes("w-full gap-2")
            if await self._office.gatewright.access.allowed(self._who, Action.MANAGE_TOKENS):
                await Services(self._office, self._who).show()
        await self._draw()

    def _form(self) -> None:
        with ui.column().classes("gw-card gap-2"):
            pieces.head("Let somebody in")
            with ui.row().classes("w-full gap-2 items-start gw-form"):
                name = ui.input("Name they sign in with").props("outlined dense").classes("grow")
                roles = ui.select(_ROLES, multiple=True, label="Roles").props("outlined dense")
                roles.classes("grow")
                groups = ui.input("Groups, if other than usual").props("outlined dense")
                groups.classes("grow")

            async def add() -> None:
                password = await self._add(
                    (name.value or "").strip(), _roles(roles.value), groups.value or ""
                )
                shown_once(f"The password of {name.value}", password, _ONCE)
                name.value, roles.value, groups.value = "", [], ""
                await self._draw()

            with ui.row().classes("items-center gap-3"):
                ui.button("Add and make a password", on_click=lambda: attempt(add)).props(
                    "no-caps unelevated color=teal-9"
                )
                ui.label("Approvers are put in the group approvers, unless you say.").classes(
                    "gw-small gw-soft"
                )

    async def _add(self, name: str, roles: frozenset[Role], groups: str) -> str:
        who = await self._still()
        named = frozenset(groups.replace(",", " ").split()) or usual_groups(roles)
        new = NewUser(name=name, tenant=who.tenant, roles=roles, groups=named)
        made, hashed = await self._password(name)
        async with books_of(self._office.gatewright, who) as books:
            await check_new(books, new)
            await add_user(books, new, hashed, must_change=True)
        return made

    async def _draw(self) -> None:
        async with self._office.gatewright.store.read() as tx:
            known = await list_people(tx, self._who.tenant)
            at = {
                each.name: await tx.sessions.of_principal(self._who.tenant, each.name)
                for each in known
            }
        now = self._office.gatewright.clock()
        self._people.clear()
        with self._people:
            pieces.head(f"{len(known)} people")
            for each in known:
                self._person(each, [one for one in at[each.name] if now < one.ends_at])

    def _person(self, each: Known, sessions: list[Session]) -> None:
        with ui.column().classes("gw-card gap-1"):
            with ui.row().classes("items-center gap-2 w-full"):
                ui.label(each.known_as).style("font-weight:650")
                if each.known_as != each.name:
                    ui.label(each.name).classes("gw-mono gw-soft")
                for text, colour in _standing(each):
                    pieces.chip(text, colour)
            groups = f" · groups {', '.join(sorted(each.groups))}" if each.groups else ""
            roles = ", ".join(sorted(each.roles)) or "no role"
            ui.label(f"{roles}{groups}").classes("gw-small")
            ui.label(_browsers(sessions)).classes("gw-small gw-soft")
            if each.name == self._who.id:
                ui.label("That is you: another administrator changes what you may do.").classes(
                    "gw-small gw-soft"
                )
                return
            self._acts(each, signed_in=bool(sessions))

    def _acts(self, each: Known, *, signed_in: bool) -> None:
        with ui.row().classes("gap-1"):
            if each.disabled:
                small_button("Let in again", lambda: attempt(lambda: self._shut(each, out=False)))
                return
            if each.has_password:
                small_button("Change roles", lambda: self._roles_dialog(each))
                small_button("New password", lambda: self._ask_password(each))
            if signed_in:
                small_button("Sign out everywhere", lambda: attempt(lambda: self._leave(each)))
            small_button("Shut out", lambda: self._ask_shut(each), danger=True)

    def _roles_dialog(self, each: Known) -> None:
        with ui.dialog() as dialog, ui.column().classes("gw-card gap-3").style("width: 420px"):
            ui.label(f"What {each.known_as} may do").classes("gw-title")
            now = [role.value for role in sorted(each.roles) if role.value in _ROLES]
            roles = ui.select(_ROLES, multiple=True, value=now, label="Roles")
            roles.props("outlined dense use-chips").classes("w-full")
            groups = ui.input("Groups", value=", ".join(sorted(each.groups)))
            groups.props("outlined dense").classes("w-full")
            ui.label("It holds from their next click on.").classes("gw-small gw-soft")

            async def change() -> None:
                named = frozenset((groups.value or "").replace(",", " ").split())
                who = await self._still()
                check_another(who, each.name)
                async with books_of(self._office.gatewright, who) as books:
                    await set_roles(
                        books, who.tenant, each.name, roles=_roles(roles.value), groups=named
                    )
                dialog.close()
                await self._draw()

            with ui.row().classes("gap-2"):
                ui.button("Change", on_click=lambda: attempt(change)).props(
                    "no-caps unelevated color=teal-9"
                )
                ui.button("Cancel", on_click=dialog.close).props("no-caps flat color=grey-8")
        dialog.open()

    def _ask_password(self, each: Known) -> None:
        async def change() -> None:
            who = await self._still()
            check_another(who, each.name)
            made, hashed = await self._password(each.name)
            async with books_of(self._office.gatewright, who) as books:
                await set_password(books, who.tenant, each.name, hashed, must_change=True)
            await self._draw()
            with self._people:
                shown_once(f"The new password of {each.known_as}", made, _ONCE)

        make_sure(
            f"Make a new password for {each.known_as}?",
            "The one they have is worth nothing then, and they are signed out everywhere.",
            "Make a new password",
            change,
        )

    def _ask_shut(self, each: Known) -> None:
        make_sure(
            f"Shut {each.known_as} out?",
            "At once: password, tokens, single sign-on and every open browser.",
            "Shut out",
            lambda: self._shut(each, out=True),
        )

    async def _shut(self, each: Known, *, out: bool) -> None:
        who = await self._still()
        check_another(who, each.name)
        async with books_of(self._office.gatewright, who) as books:
            await set_disabled(books, who.tenant, each.name, disabled=out)
        await self._draw()

    async def _leave(self, each: Known) -> None:
        who = await self._still()
        async with books_of(self._office.gatewright, who) as books:
            await sign_out(books, who.tenant, each.name)
        await self._draw()

    async def _still(self) -> Principal:
        return await self._office.still(self._who, Action.MANAGE_USERS)

    async def _password(self, name: str) -> tuple[str, str]:
        least = self._office.door.password_least
        made, hashed = await password_for(None, name=name, least=least)
        return made or "", hashed


def _roles(chosen: object) -> frozenset[Role]:
    return frozenset(map(Role, chosen)) if isinstance(chosen, list) else frozenset()


def _standing(each: Known) -> list[tuple[str, str]]:
    if each.disabled:
        return [("shut out", "bad")]
    if each.must_change_password:
        return [("has to change the password", "warn")]
    return [] if each.has_password else [("no password here", "")]


def _browsers(sessions: list[Session]) -> str:
    if not sessions:
        return "Not signed in with any browser"
    last = max(each.seen_at for each in sessions)
    count = "one browser" if len(sessions) == 1 else f"{len(sessions)} browsers"
    return f"Signed in with {count}, last seen {last:%Y-%m-%d %H:%M} UTC"
