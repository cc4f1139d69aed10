"""The way in: an API token, typed or pasted."""

from fastapi import Request
from nicegui import ui

from api.console.office import Office
from api.console.style import SHEET
from brain.domain.errors import GatewrightError


def sign_in_page(office: Office, request: Request, then: str) -> None:
    """Ask for a token; on the way go to the page that was wanted."""
    ui.add_css(SHEET)

    async def enter() -> None:
        try:
            await office.visitors.sign_in(token.value.strip(), request)
        except GatewrightError as refused:
            problem.set_text(f"{refused.message[:1].upper()}{refused.message[1:]}.")
            return
        ui.navigate.to(_inside(then))

    with (
        ui.column().classes("w-full items-center").style("padding-top: 12vh"),
        ui.column().classes("gw-card gap-3").style("max-width: 440px"),
    ):
        ui.label("Gatewright").classes("gw-title").style("color: var(--brand); font-size: 22px")
        ui.label("Sign in with your access token.").classes("gw-soft")
        token = ui.input("Access token", password=True).classes("w-full").props("outlined")
        token.on("keydown.enter", enter)
        problem = ui.label("").style("color: var(--bad)").classes("gw-small")
        ui.button("Sign in", on_click=enter).props("unelevated no-caps color=teal-9").classes(
            "w-full"
        )
        ui.label("Make one with: gatewright token create --name YOU --role support").classes(
            "gw-mono gw-soft"
        )


def _inside(then: str) -> str:
    """Only a page of this console, never an address elsewhere."""
    return then if then.startswith("/") and not then.startswith(("//", "/\\")) else "/"
