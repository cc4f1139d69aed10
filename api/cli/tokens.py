"""``gatewright token``: tokens for people and machines, made on the server's own machine."""

import asyncio
from datetime import timedelta
from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.durations import duration, lifetime
from api.local import TokenRequest, create_token, list_tokens, revoke_token, rotate_token
from brain.domain.canonical import Json
from brain.domain.entrance import TokenRecord
from brain.domain.errors import InvalidInput
from brain.domain.identity import PrincipalKind, Role, TenantId

app = Typer(help="Make API tokens.", no_args_is_help=True)


_JOB = frozenset({Role.AUTOMATION})
Tenant = Annotated[str, Option(help="Whose devices; default: GATEWRIGHT_TENANT.")]
Name = Annotated[str, Argument(help="The token's name, with its label: NAME or NAME/LABEL.")]
Expires = Annotated[
    str, Option(help="Valid for so long, such as 30d or 12h; default: GATEWRIGHT_TOKEN_TTL.")
]


@app.callback()
def tokens() -> None:
    """Make API tokens, in the local store: needs no server, but its data directory."""


@command(app, "create")
def create(  # noqa: PLR0913 - one option each
    context: Context,
    name: Annotated[str, Option(help="The person it is for. One name is one person.")] = "",
    service: Annotated[str, Option(help="The service it is for: it can never approve.")] = "",
    role: Annotated[
        list[Role] | None,
        Option(help="What they are trusted with; may be given again; a service: automation."),
    ] = None,
    scope: Annotated[
        list[str] | None,
        Option(help="Good for this action only; may be given again; default: all of the roles."),
    ] = None,
    tenant: Tenant = "",
    label: Annotated[str, Option(help="Tells several tokens of one name apart.")] = "",
    group: Annotated[
        list[str] | None,
        Option(help="A group of reviewers; default for those who may approve: approvers."),
    ] = None,
    machine: Annotated[bool, Option("--machine", help="--name is a service.")] = False,
    expires: Expires = "",
) -> None:
    """Make a token and show it this once."""
    at = desk(context)
    if bool(name) == bool(service):
        raise InvalidInput("give one of --name and --service", field="--name")
    roles = frozenset(role or (_JOB if service else ()))
    is_machine = bool(service) or machine or roles == _JOB
    request = TokenRequest(
        name=name or service,
        tenant=_tenant(at, tenant),
        roles=roles,
        label=label,
        groups=frozenset(group) if group is not None else usual_groups(roles),
        kind=PrincipalKind.MACHINE if is_machine else PrincipalKind.PERSON,
        lifetime=_lifetime(at, expires),
        scopes=frozenset(scope) if scope is not None else None,
    )
    token = asyncio.run(create_token(at.settings, request))
    if at.output.as_json:
        at.output.json(_document(request, token))
        return
    at.output.say(token)
    at.output.warn(
        f"This is shown once. It is for {request.name} ({', '.join(sorted(roles))}) in "
        f"{request.tenant}, for {_lifetime(at, expires).days} days. Use it as GATEWRIGHT_TOKEN."
    )


@command(app, "list")
def list_(context: Context, tenant: Tenant = "") -> None:
    """Every token: whose it is, what it is good for and until when. Never the token."""
    at = desk(context)
    known = asyncio.run(list_tokens(at.settings, _tenant(at, tenant)))
    if at.output.as_json:
        at.output.json([_known(record, kind) for record, kind in known])
        return
    columns = ("Name", "For", "Kind", "Good for", "Expires", "Last used")
    at.output.table(columns, (_row(record, kind) for record, kind in known))


@command(app, "rotate")
def rotate(
    context: Context,
    name: Name,
    tenant: Tenant = "",
    expires: Expires = "",
    overlap: Annotated[
        str, Option(help="The one before stays good for so long, such as 1h; default: not at all.")
    ] = "0s",
) -> None:
    """Make a token anew, for the same one and the same actions, and show it this once."""
    at = desk(context)
    token = asyncio.run(
        rotate_token(
            at.settings,
            _tenant(at, tenant),
            name,
            lifetime=_lifetime(at, expires),
            overlap=duration(overlap, "--overlap"),
        )
    )
    if at.output.as_json:
        at.output.json({"token": token, "name": name})
        return
    at.output.say(token)
    at.output.warn(f"This is shown once. It takes the place of {name}.")


@command(app, "revoke")
def revoke(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Make a token worthless at once."""
    at = desk(context)
    asyncio.run(revoke_token(at.settings, _tenant(at, tenant), name))
    if at.output.as_json:
        at.output.json({"revoked": name})
    else:
        at.output.say(f"Revoked {name}.")


def usual_groups(roles: frozenset[Role]) -> frozenset[str]:
    """Reviews ask for somebody of a group: without one, a reviewer could answer nothing."""
    return frozenset({"approvers"}) if roles & {Role.APPROVER, Role.OPERATOR} else frozenset()


def _tenant(at: Desk, given: str) -> TenantId:
    return TenantId(given) if given else at.settings.tenant


def _lifetime(at: Desk, expires: str) -> timedelta:
    return lifetime(expires, usual=at.settings.token_ttl, most=at.settings.token_ttl_max)


def _row(record: TokenRecord, kind: PrincipalKind) -> tuple[object, ...]:
    good_for = "its roles" if record.scopes is None else ", ".join(sorted(record.scopes))
    until = record.expires_at or "until revoked"
    return (record.name, record.principal, kind.value, good_for, until, record.used_at or "never")


def _known(record: TokenRecord, kind: PrincipalKind) -> Json:
    def said(field: str) -> str | None:
        moment = getattr(record, field)
        return moment.isoformat() if moment else None

    return {
        "name": record.name,
        "principal": record.principal,
        "kind": kind.value,
        "scopes": None if record.scopes is None else [*sorted(record.scopes)],
        **{field: said(field) for field in ("created_at", "expires_at", "used_at")},
    }


def _document(request: TokenRequest, token: str) -> Json:
    return {
        "token": token,
        "name": request.token_name,
        "principal": request.name,
        "tenant": request.tenant,
        "kind": request.kind.value,
        "roles": [str(each) for each in sorted(request.roles)],
        "groups": [str(each) for each in sorted(request.groups)],
        "scopes": None if request.scopes is None else [*sorted(request.scopes)],
    }
