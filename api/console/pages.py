"""Puts the console on the application: which address shows which page, to whom."""

from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from nicegui import app as pages
from nicegui import ui
from nicegui.storage import Storage
from starlette.responses import Response

from api.actions import Action
from api.console.autonomy import autonomy_page
from api.console.away import AwayPage
from api.console.chat import ChatPage
from api.console.device import device_page
from api.console.devices import DevicesPage
from api.console.doorkeeper import SignedInOnly
from api.console.entrance import Entrance
from api.console.frame import framed
from api.console.glass import glass_page
from api.console.lists import change_page, changes_page
from api.console.missing import nothing_here
from api.console.office import Office
from api.console.oidc import OidcEntrance
from api.console.people import PeoplePage
from api.console.policy import policy_page
from api.console.remediation import incident_page, remediation_page
from api.console.reviews import ReviewsPage
from api.console.rollouts import rollout_page, rollouts_page
from api.console.strangers import StrangersPage
from api.console.style import TITLE
from api.console.visitors import Visitors
from api.console.webhooks import WebhooksPage
from api.door import Door
from api.oidc import Provider
from api.passwords import Passwords
from api.sessions import Sessions
from api.signing_in import SigningIn
from brain.store.cipher import Cipher


def add_console(
    app: FastAPI, office: Office, entrance: Entrance, *, cookie_secret: str, folder: Path
) -> None:
    """Mount the pages at the root, below everything that the application has already.

    ``folder`` is where NiceGUI may keep what it wants to keep; without it, that is the folder that
    the process happens to run in.
    """
    Storage.path = folder

    app.include_router(entrance.router())
    if office.provider is not None:
        app.include_router(_oidc(office.provider, entrance, cookie_secret).router())
    app.add_middleware(SignedInOnly, visitors=office.visitors)

    @ui.page("/", title=f"Chat · {TITLE}")
    async def chat(device: str = "", case: str = "") -> Response | None:
        return await framed(
            office, "/", Action.CHAT, lambda who: ChatPage(office, who).show(device, case)
        )

    @ui.page("/reviews", title=f"Reviews · {TITLE}")
    async def reviews(change: str = "") -> Response | None:
        return await framed(
            office, "/reviews", Action.READ, lambda who: ReviewsPage(office, who).show(change)
        )

    @ui.page("/changes", title=f"Changes · {TITLE}")
    async def changes() -> Response | None:
        return await framed(office, "/changes", Action.READ, lambda who: changes_page(office, who))

    @ui.page("/changes/{change}", title=f"Change · {TITLE}")
    async def one_change(change: str) -> Response | None:
        return await framed(
            office, "/changes", Action.READ, lambda who: change_page(office, who, change)
        )

    @ui.page("/break-glass", title=f"Break-glass · {TITLE}")
    async def broken() -> Response | None:
        return await framed(
            office, "/break-glass", Action.READ, lambda who: glass_page(office, who)
        )

    @ui.page("/policy", title=f"Policy · {TITLE}")
    async def policy() -> Response | None:
        return await framed(office, "/policy", Action.READ, lambda who: policy_page(office, who))

    _add_remediation(office)
    _add_rollouts(office)
    _add_devices(office)
    _add_pages_for_some(office)
    pages.exception_handler(404)(nothing_here)
    ui.run_with(
        app,
        title=TITLE,
        storage_secret=cookie_secret,
        show_welcome_message=False,
        session_middleware_kwargs={
            "same_site": "strict",
            "https_only": office.visitors.public_url.startswith("https:"),
        },
    )


def _add_remediation(office: Office) -> None:
    """What is looked after unattended."""

    @ui.page("/remediation", title=f"Remediation · {TITLE}")
    async def remediation() -> Response | None:
        return await framed(
            office, "/remediation", Action.READ, lambda who: remediation_page(office, who)
        )

    @ui.page("/remediation/{incident}", title=f"Incident · {TITLE}")
    async def one_incident(incident: str) -> Response | None:
        return await framed(
            office, "/remediation", Action.READ, lambda who: incident_page(office, who, incident)
        )


def _add_rollouts(office: Office) -> None:
    """One change for many devices."""

    @ui.page("/rollouts", title=f"Rollouts · {TITLE}")
    async def rollouts() -> Response | None:
        return await framed(
            office, "/rollouts", Action.READ, lambda who: rollouts_page(office, who)
        )

    @ui.page("/rollouts/{rollout}", title=f"Rollout · {TITLE}")
    async def one_rollout(rollout: str) -> Response | None:
        return await framed(
            office, "/rollouts", Action.READ, lambda who: rollout_page(office, who, rollout)
        )


def _add_devices(office: Office) -> None:
    """The pages of all devices, and of one."""

    @ui.page("/devices", title=f"Devices · {TITLE}")
    async def devices() -> Response | None:
        return await framed(
            office, "/devices", Action.READ, lambda who: DevicesPage(office, who).show()
        )

    @ui.page("/devices/{device}", title=f"Device · {TITLE}")
    async def one_device(device: str) -> Response | None:
        return await framed(
            office, "/devices", Action.READ, lambda who: device_page(office, who, device)
        )

    @ui.page("/strangers", title=f"Strangers · {TITLE}")
    async def strangers() -> Response | None:
        return await framed(
            office, "/devices", Action.READ, lambda who: StrangersPage(office, who).show()
        )


def _add_pages_for_some(office: Office) -> None:
    """The pages that not everybody works with, or may open."""

    @ui.page("/autonomy", title=f"Autonomy · {TITLE}")
    async def autonomy() -> Response | None:
        return await framed(
            office, "/autonomy", Action.READ, lambda who: autonomy_page(office, who)
        )

    @ui.page("/away", title=f"While I am away · {TITLE}")
    async def away() -> Response | None:
        return await framed(
            office, "/away", Action.APPROVE, lambda who: AwayPage(office, who).show()
        )

    @ui.page("/people", title=f"People and access · {TITLE}")
    async def people() -> Response | None:
        return await framed(
            office, "/people", Action.MANAGE_USERS, lambda who: PeoplePage(office, who).show()
        )

    @ui.page("/webhooks", title=f"Webhooks · {TITLE}")
    async def webhooks() -> Response | None:
        return await framed(
            office,
            "/webhooks",
            Action.MANAGE_WEBHOOKS,
            lambda who: WebhooksPage(office, who).show(),
        )


def _oidc(provider: Provider, entrance: Entrance, secret: str) -> OidcEntrance:
    return OidcEntrance(
        provider=provider,
        signing_in=entrance.signing_in,
        visitors=entrance.visitors,
        cipher=Cipher(sha256(f"sign-in at a provider:{secret}".encode()).digest()),
    )


def office_of(app: FastAPI) -> Office:
    """What the pages work with: the same parts as the API of this application."""
    state = app.state
    door: Door = state.door
    sessions = Sessions(gatewright=state.gatewright, clocks=door.clocks)
    return Office(
        gatewright=state.gatewright,
        conversations=state.conversations,
        mask=state.mask,
        visitors=Visitors(sessions=sessions, public_url=door.public_url),
        door=door,
    )


def entrance_of(office: Office) -> Entrance:
    """The way in to that office."""
    signing_in = SigningIn(
        gatewright=office.gatewright,
        passwords=Passwords(least=office.door.password_least),
        sessions=office.visitors.sessions,
    )
    name = office.provider.options.name if office.provider else ""
    return Entrance(signing_in=signing_in, visitors=office.visitors, provider=name)
