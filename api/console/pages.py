"""Puts the console on the application: which address shows which page, to whom."""

from pathlib import Path

from fastapi import FastAPI, Request
from nicegui import ui
from nicegui.storage import Storage

from api.actions import Action
from api.console.chat import ChatPage
from api.console.frame import framed
from api.console.lists import change_page, changes_page, devices_page
from api.console.office import Office
from api.console.reviews import ReviewsPage
from api.console.sign_in import sign_in_page
from api.console.style import TITLE
from api.console.visitors import Visitors


def add_console(app: FastAPI, office: Office, *, cookie_secret: str, folder: Path) -> None:
    """Mount the pages at the root, below everything that the application has already.

    ``folder`` is where NiceGUI may keep what it wants to keep; without it, that is the folder that
    the process happens to run in.
    """
    Storage.path = folder

    @ui.page("/sign-in", title=f"Sign in · {TITLE}")
    def sign_in(request: Request, then: str = "/") -> None:
        sign_in_page(office, request, then)

    @ui.page("/", title=f"Chat · {TITLE}")
    async def chat(device: str = "", case: str = "") -> None:
        await framed(office, "/", Action.CHAT, lambda who: ChatPage(office, who).show(device, case))

    @ui.page("/reviews", title=f"Reviews · {TITLE}")
    async def reviews(change: str = "") -> None:
        await framed(
            office, "/reviews", Action.READ, lambda who: ReviewsPage(office, who).show(change)
        )

    @ui.page("/changes", title=f"Changes · {TITLE}")
    async def changes() -> None:
        await framed(office, "/changes", Action.READ, lambda who: changes_page(office, who))

    @ui.page("/changes/{change}", title=f"Change · {TITLE}")
    async def one_change(change: str) -> None:
        await framed(office, "/changes", Action.READ, lambda who: change_page(office, who, change))

    @ui.page("/devices", title=f"Devices · {TITLE}")
    async def devices() -> None:
        await framed(office, "/devices", Action.READ, lambda who: devices_page(office, who))

    ui.run_with(
        app,
        title=TITLE,
        storage_secret=cookie_secret,
        show_welcome_message=False,
        session_middleware_kwargs={"same_site": "strict", "https_only": False},
    )


def office_of(app: FastAPI) -> Office:
    """What the pages work with: the same parts as the API of this application."""
    state = app.state
    return Office(
        gatewright=state.gatewright,
        conversations=state.conversations,
        mask=state.mask,
        visitors=Visitors(state.gatewright),
    )
