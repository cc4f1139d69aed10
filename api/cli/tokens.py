"""``gatewright token``: tokens for machines, and on the server's own machine for people."""

import asyncio
from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.durations import duration
from api.cli.token_registers import TokenRegister, TokensHere, TokensThere
from api.cli.users import ROLES, check_no_tenant
from api.local import another_first_token
from api.names import usual_groups
from api.shapes.people import TokenShape
from api.token_keeping import TokenRequest
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.identity import PrincipalKind, Role, TenantId

app = Typer(no_args_is_help=True)


_JOB = frozenset({Role.AUTOMATION})
Tenant = Annotated[str, Option(help="Whose, on this machine; default: GATEWRIGHT_TENANT.")]
Name = Annotated[str, Argument(help="The token's name, with its label: NAME or NAME/LABEL.")]
Expires = Annotated[
    str, Option(help="Valid for so long, such as 30d or 12h; default: GATEWRIGHT_TOKEN_TTL.")
]


@app.callback()
def tokens() -> None:
    """API tokens: on the server that GATEWRIGHT_URL names, for services; else on this very machine.

    On this machine that needs no server, but its data directory.
    """


@command(app, "create")
def create(  # noqa: PLR0913 - one option each
    context: Context,
    name: Annotated[str, Option(help="The person it is for. One name is one person.")] = "",
    service: Annotated[str, Option(help="The service it is for: it can never approve.")] = "",
    owner: Annotated[
        str, Option(help="The person who answers for the service: they never approve for it.")
    ] = "",
    role: Annotated[
        list[Role] | None,
        Option(metavar="ROLE", help=f"{ROLES} For a service: automation."),
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
    """Make a token and show it this once. A service names its owner, who never approves for it."""
    at = desk(context)
    if bool(name) == bool(service):
        raise InvalidInput("give one of --name and --service", field="--name")
    roles = frozenset(role or (_JOB if service else ()))
    is_machine = bool(service) or machine or roles == _JOB
    request = TokenRequest(
        name=name or service,
        tenant=TenantId(tenant) if tenant else at.settings.tenant,
        roles=roles,
        label=label,
        owner=owner,
        groups=frozenset(group) if group is not None else usual_groups(roles),
        kind=PrincipalKind.MACHINE if is_machine else PrincipalKind.PERSON,
        scopes=frozenset(scope) if scope is not None else None,
    )
    made = _register(at, tenant).create(request, expires)
    if at.output.as_json:
        at.output.json(_document(request, made.token))
        return
    at.output.say(made.token)
    until = f"{made.expires_at:%Y-%m-%d %H:%M} UTC" if made.expires_at else "it is revoked"
    at.output.warn(
        f"This is shown once. It is for {request.name} ({', '.join(sorted(roles))}), until "
        f"{until}. Use it as GATEWRIGHT_TOKEN."
    )


@command(app, "list")
def list_(context: Context, tenant: Tenant = "") -> None:
    """Every token: whose it is, what it is good for and until when. Never the token."""
    at = desk(context)
    known = _register(at, tenant).everything()
    if at.output.as_json:
        at.output.json([each.model_dump(mode="json") for each in known])
        return
    if not known:
        at.output.say("No token yet.")
        at.output.hint("Make one: gatewright token create --help")
        return
    columns = ("Name", "For", "Kind", "Owner", "Good for", "Expires", "Last used")
    at.output.table(columns, (_row(each) for each in known))


@command(app, "admin")
def admin(context: Context) -> None:
    """Make the administrator's token anew, on the server's own machine, when it ended or is lost.

    It is written to its file as at the first start. The one before is worth nothing then.
    """
    at = desk(context)
    path, ends = asyncio.run(another_first_token(at.settings))
    if at.output.as_json:
        at.output.json({"file": str(path), "expires_at": ends.isoformat()})
        return
    at.output.say(f"It is in {path}, for you alone, until {ends:%Y-%m-%d %H:%M} UTC.")
    at.output.hint("Give yourself a name of your own: gatewright user add NAME --role admin")


@command(app, "owner")
def owner(
    context: Context,
    service: Annotated[str, Argument(help="The service, as it was named; not its token.")],
    person: Annotated[str, Argument(help="Who answers for it from now on.")],
    tenant: Tenant = "",
) -> None:
    """Say whose a service is: they never approve what it asks for.

    Of a service from before that, nobody's approval counts for what it asks until you say.
    """
    at = desk(context)
    named = _register(at, tenant).name_owner(service, person)
    if at.output.as_json:
        at.output.json(named.model_dump(mode="json"))
    else:
        at.output.say(f"{named.service} is {named.owner}'s, who does not approve what it asks for.")


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
    overlapping = duration(overlap, "--overlap")
    made = _register(at, tenant).rotate(name, expires, overlapping)
    if at.output.as_json:
        at.output.json({"token": made.token, "name": name})
        return
    at.output.say(made.token)
    at.output.warn(f"This is shown once. It takes the place of {name}.")


@command(app, "revoke")
def revoke(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Make a token worthless at once."""
    at = desk(context)
    _register(at, tenant).revoke(name)
    if at.output.as_json:
        at.output.json({"revoked": name})
    else:
        at.output.say(f"Revoked {name}.")


def _register(at: Desk, tenant: str) -> TokenRegister:
    """The server that was named, or this machine."""
    server = at.elsewhere()
    if server is None:
        return TokensHere(at.settings, TenantId(tenant) if tenant else at.settings.tenant)
    check_no_tenant(tenant)
    return TokensThere(server)


def _row(each: TokenShape) -> tuple[object, ...]:
    good_for = "its roles" if each.scopes is None else ", ".join(sorted(each.scopes))
    until = each.expires_at or "until revoked"
    machine = each.kind is PrincipalKind.MACHINE
    owner = each.owner or ("nobody yet: see `token owner`" if machine else "")
    return (each.name, each.principal, each.kind, owner, good_for, until, each.used_at or "never")


def _document(request: TokenRequest, token: str) -> Json:
    return {
        "token": token,
        "name": request.token_name,
        "principal": request.name,
        "tenant": request.tenant,
        "kind": request.kind.value,
        "owner": request.owner or None,
        "roles": [str(each) for each in sorted(request.roles)],
        "groups": [str(each) for each in sorted(request.groups)],
        "scopes": None if request.scopes is None else [*sorted(request.scopes)],
    }
