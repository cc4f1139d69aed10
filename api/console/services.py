"""The services that call the API, and their tokens."""

from datetime import timedelta

from nicegui import ui

from api.actions import Action
from api.books import books_of
from api.console import pieces
from api.console.asking import attempt, make_sure, shown_once, small_button
from api.console.office import Office
from api.owning import set_owner
from api.token_keeping import (
    TokenRequest,
    add_token,
    check_service,
    revoke_token,
    rotate_token,
)
from brain.domain.entrance import TokenRecord
from brain.domain.identity import Principal, PrincipalKind, Role

_LENGTHS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
_ONCE = "It is shown this once. The service sends it in the header Authorization, after Bearer."


class Services:
    """A form, and every token with what it is good for and until when."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who

    async def show(self) -> None:
        """Draw it."""
        with ui.column().classes("gw-card gap-2"):
            pieces.head("Make a token for a service")
            await self._form()
        self._tokens = ui.column().classes("w-full gap-2")
        await self._draw()

    async def _form(self) -> None:
        most = self._office.door.lifetimes.most.days
        lengths = {days: text for days, text in _LENGTHS.items() if days <= most} or {most: "1 day"}
        actions = {each.value: each.value.replace("_", " ") for each in Action}
        with ui.row().classes("w-full gap-2 items-start gw-form"):
            name = ui.input("Name of the service").props("outlined dense").classes("grow")
            owner = ui.select(
                await self._people(), with_input=True, label="Whose it is: they approve none of it"
            )
            owner.props("outlined dense").classes("grow")
            scopes = ui.select(
                actions, multiple=True, label="Good for; all of its role, unless said"
            )
            scopes.props("outlined dense").classes("grow")
            usual = min(lengths, key=lambda days: abs(days - 90))
            days = ui.select(lengths, value=usual, label="Ends after").props("outlined dense")
            days.classes("grow")

        async def make() -> None:
            asked = TokenRequest(
                name=(name.value or "").strip(),
                tenant=self._who.tenant,
                roles=frozenset({Role.AUTOMATION}),
                kind=PrincipalKind.MACHINE,
                owner=owner.value or "",
                lifetime=self._office.door.lifetimes.of(timedelta(days=days.value), field="days"),
                scopes=frozenset(scopes.value) if scopes.value else None,
            )
            who = await self._still()
            async with books_of(self._office.gatewright, who) as books:
                token = await add_token(books, asked)
            shown_once(f"The token of {asked.name}", token, _ONCE)
            name.value, owner.value, scopes.value = "", None, []
            await self._draw()

        with ui.row().classes("items-center gap-3"):
            ui.button("Make a token", on_click=lambda: attempt(make)).props(
                "no-caps unelevated color=teal-9"
            )
            ui.label("A service never approves, and never hands out power.").classes(
                "gw-small gw-soft"
            )

    async def _draw(self) -> None:
        async with self._office.gatewright.store.read() as tx:
            found = await tx.tokens.list(self._who.tenant)
        self._tokens.clear()
        with self._tokens:
            pieces.head(f"{len(found)} tokens")
            if not found:
                ui.label("No service has a token yet. Make one above.").classes("gw-soft gw-small")
            for record, holder in found:
                self._token(record, holder)

    async def _people(self) -> list[str]:
        async with self._office.gatewright.store.read() as tx:
            return [each.id for each in await tx.principals.people(self._who.tenant)]

    def _token(self, record: TokenRecord, holder: Principal) -> None:
        machine = holder.kind is PrincipalKind.MACHINE
        with ui.column().classes("gw-card gap-1"):
            with ui.row().classes("items-center gap-2 w-full"):
                ui.label(record.name).style("font-weight:650")
                pieces.chip("service" if machine else "a person's")
                if machine and holder.owner is None:
                    pieces.chip("whose?", "bad")
                if self._is_over(record):
                    pieces.chip("ended", "bad")
            ui.label(_good_for(record)).classes("gw-small")
            if machine:
                ui.label(_whose(holder)).classes("gw-small")
            ui.label(_times(record)).classes("gw-small gw-soft")
            with ui.row().classes("gap-1"):
                if machine:
                    small_button("Make anew", lambda: self._ask_rotate(record.name))
                    small_button("Name its owner", lambda: self._ask_owner(holder.id))
                small_button("Revoke", lambda: self._ask_revoke(record.name), danger=True)

    def _is_over(self, record: TokenRecord) -> bool:
        ends = record.expires_at
        return ends is not None and ends <= self._office.gatewright.clock()

    def _ask_rotate(self, name: str) -> None:
        async def rotate() -> None:
            who = await self._still()
            lifetime = self._office.door.lifetimes.of(None, field="days")
            async with books_of(self._office.gatewright, who) as books:
                await check_service(books, who.tenant, name)
                token = await rotate_token(
                    books, who.tenant, name, lifetime=lifetime, overlap=timedelta()
                )
            await self._draw()
            with self._tokens:
                shown_once(f"The new token of {name}", token, _ONCE)

        make_sure(
            f"Make the token {name} anew?",
            "The one before is worth nothing from then on.",
            "Make anew",
            rotate,
        )

    async def _ask_owner(self, service: str) -> None:
        people = await self._people()
        with ui.dialog() as dialog, ui.column().classes("gw-card gap-3").style("width: 420px"):
            ui.label(f"Whose is {service}?").classes("gw-title")
            owner = ui.select(people, with_input=True, label="Who answers for it")
            owner.props("outlined dense").classes("w-full")
            ui.label("They approve nothing that it asks for.").classes("gw-small gw-soft")

            async def name() -> None:
                who = await self._still()
                async with books_of(self._office.gatewright, who) as books:
                    await set_owner(books, who.tenant, service, owner.value or "")
                dialog.close()
                await self._draw()

            ui.button("Name them", on_click=lambda: attempt(name)).props(
                "no-caps unelevated color=teal-9"
            )
        dialog.open()

    def _ask_revoke(self, name: str) -> None:
        async def revoke() -> None:
            who = await self._still()
            async with books_of(self._office.gatewright, who) as books:
                await revoke_token(books, who.tenant, name)
            await self._draw()

        make_sure(
            f"Revoke the token {name}?", "Whoever uses it is refused at once.", "Revoke", revoke
        )

    async def _still(self) -> Principal:
        return await self._office.still(self._who, Action.MANAGE_TOKENS)


def _whose(service: Principal) -> str:
    if service.owner is None:
        return "Nobody said whose it is, so nobody's approval counts for what it asks"
    return f"{service.owner} answers for it, and approves nothing that it asks for"


def _good_for(record: TokenRecord) -> str:
    if record.scopes is None:
        return "Good for all that its roles may do"
    words = ", ".join(each.replace("_", " ") for each in sorted(record.scopes))
    return f"Good for: {words}" if words else "Good for nothing"


def _times(record: TokenRecord) -> str:
    until = f"Until {record.expires_at:%Y-%m-%d %H:%M} UTC" if record.expires_at else "Never ends"
    used = f"last used {record.used_at:%Y-%m-%d %H:%M}" if record.used_at else "never used"
    return f"{until}, {used}"
