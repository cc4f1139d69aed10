"""Builds the web application: every route, and what each request passes through."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.api_page import add_api_page
from api.conversation import Conversations
from api.door import Door
from api.limits import BodyLimit
from api.masking import Mask
from api.metrics import Metrics
from api.needs import Gatewright
from api.openapi import describe
from api.origins import OwnPagesOnly
from api.problems import add_problem_handlers
from api.replaying import Replays
from api.rest import (
    answers,
    audit,
    autonomy,
    break_glass,
    bundle,
    cases,
    changes,
    devices,
    diagnostics,
    enrolment,
    halt,
    health,
    history,
    inventory,
    me,
    metrics,
    policy,
    policy_changes,
    proposals,
    remediation,
    reviews,
    rollouts,
    sessions,
    standing_in,
    tokens,
    users,
    webhooks,
)
from api.shapes.inventory import Inventory
from api.traffic import Traffic
from api.version import product_version
from brain.datamodel.catalogue import catalogue
from brain.domain.errors import NotFound

LARGEST_BODY = 64 * 1024

_ROUTERS = (
    me,
    sessions,
    users,
    tokens,
    devices,
    diagnostics,
    history,
    cases,
    proposals,
    changes,
    rollouts,
    answers,
    reviews,
    standing_in,
    break_glass,
    autonomy,
    halt,
    remediation,
    webhooks,
    audit,
    inventory,
    enrolment,
    policy,
    policy_changes,
    bundle,
    metrics,
    health,
)

_DESCRIPTION = """\
A planner proposes changes to the devices in subscribers' homes, policy and people decide, executors
apply them, read back and roll back.

* Send an API token: `Authorization: Bearer gwt_...`. You see your own tenant and nothing else.
* Every error is a problem document (RFC 9457) with a `code`, the `field` and a `remedy`.
* Open a case, say what hurts, follow the planner's events; then review the change by its digest.
"""

_TAGS = [
    {"name": "me", "description": "Who you are here, and what you may do."},
    {"name": "sessions", "description": "The browsers that you are signed in with."},
    {"name": "users", "description": "People: what they are trusted with, and shutting them out."},
    {"name": "tokens", "description": "What services come in with."},
    {"name": "devices", "description": "What is out there, what it said, what happened to it."},
    {"name": "chat", "description": "Cases: say what hurts, follow the planner."},
    {"name": "proposals", "description": "What the planner claims would help."},
    {"name": "changes", "description": "Plans, and the whole road of each."},
    {"name": "rollouts", "description": "One change for many devices, a few at a time."},
    {"name": "approvals", "description": "Reviews, answers, comments, and who stands in for whom."},
    {"name": "break-glass", "description": "Emergencies, and the reviews that follow them."},
    {"name": "autonomy", "description": "What may be done unattended, and what that rests on."},
    {"name": "halt", "description": "The kill switch."},
    {"name": "remediation", "description": "Events, incidents, and what is done unattended."},
    {"name": "webhooks", "description": "Other systems are told of what happens, signed."},
    {"name": "audit", "description": "Who did what, in a chain that shows any tampering."},
    {"name": "policy", "description": "The rules, and what other rules would have decided."},
    {"name": "inventory", "description": "What the operator knows."},
    {"name": "enrolment", "description": "Who may come in: registrations, and strangers."},
    {"name": "metrics", "description": "For Prometheus."},
    {"name": "health", "description": "For whatever restarts and routes."},
]


_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


async def _no_such_route(rest: str) -> None:
    """Before the console, which answers everything else with pages."""
    raise NotFound(
        "there is no such route with this method", remedy="See /openapi.json for what there is."
    )


def create_app(gatewright: Gatewright, door: Door | None = None) -> FastAPI:
    """The API over one open application, which the caller opens and closes."""
    door = door or Door()
    metrics_kept = Metrics()
    conversations = Conversations(gatewright, metrics_kept)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await conversations.close()

    app = FastAPI(
        title="Gatewright",
        version=product_version(),
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # Spans would carry whole URLs and the texts of exceptions.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.gatewright = gatewright
    app.state.metrics = metrics_kept
    app.state.conversations = conversations
    app.state.door = door
    app.state.replays = Replays()
    app.state.mask = Mask([catalogue("tr181-cwmp"), catalogue("tr181-usp")])
    add_problem_handlers(app)
    app.add_middleware(
        BodyLimit,
        usual=LARGEST_BODY,
        larger={
            inventory.router.prefix: inventory.LARGEST,
            enrolment.REGISTRATIONS: enrolment.LARGEST,
            remediation.EVENTS: remediation.LARGEST,
            rollouts.router.prefix: rollouts.LARGEST,
            **policy.LARGER,
        },
    )
    app.add_middleware(OwnPagesOnly, public_url=door.public_url)
    # Added last, so outermost: what the limit refuses is counted and logged too.
    app.add_middleware(Traffic, metrics=metrics_kept, new_id=gatewright.new_id)
    for module in _ROUTERS:
        app.include_router(module.router)
    app.add_api_route("/v1/{rest:path}", _no_such_route, methods=_METHODS, include_in_schema=False)
    describe(app, also=Inventory)
    add_api_page(app)
    return app
