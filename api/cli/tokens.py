"""``gatewright token``: tokens for people and machines, made on the server's own machine."""

import asyncio
from datetime import timedelta
from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import command, desk
from api.local import TokenRequest, create_token, revoke_token
from brain.domain.canonical import Json
from brain.domain.identity import PrincipalKind, Role, TenantId

app = Typer(help="Make API tokens.", no_args_is_help=True)


_JOB = frozenset({Role.AUTOMATION})
Tenant = Annotated[str, Option(help="Whose devices; default: GATEWRIGHT_TENANT.")]


@app.callback()
def tokens() -> None:
    """Make API tokens, in the local store: needs no server, but its data directory."""


@command(app, "create")
def create(  # noqa: PLR0913 - one option each
    context: Context,
    name: Annotated[str, Option(help="Who it is for. One name is one person.")],
    role: Annotated[list[Role], Option(help="What they are trusted with; may be given again.")],
    tenant: Tenant = "",
    label: Annotated[str, Option(help="Tells several tokens of one name apart.")] = "",
    group: Annotated[
        list[str] | None,
        Option(help="A group of reviewers; default for those who may approve: approvers."),
    ] = None,
    machine: Annotated[bool, Option("--machine", help="A job: it can never approve.")] = False,
    days: Annotated[int, Option(min=0, help="Valid for so long; 0: until revoked.")] = 0,
) -> None:
    """Make a token and show it this once."""
    at = desk(context)
    roles = frozenset(role)
    request = TokenRequest(
        name=name,
        tenant=TenantId(tenant) if tenant else at.settings.tenant,
        roles=roles,
        label=label,
        groups=frozenset(group) if group is not None else usual_groups(roles),
        kind=PrincipalKind.MACHINE
        if machine or roles == {Role.AUTOMATION}
        else PrincipalKind.PERSON,
        lifetime=timedelta(days=days) if days else None,
    )
    token = asyncio.run(create_token(at.settings, request))
    if at.output.as_json:
        at.output.json(_document(request, token))
        return
    at.output.say(token)
    at.output.warn(
        f"This is shown once. It is for {request.name} ({', '.join(sorted(roles))}) in "
        f"{request.tenant}. Use it as GATEWRIGHT_TOKEN."
    )


@command(app, "revoke")
def revoke(
    context: Context,
    name: Annotated[str, Argument(help="The token's name, with its label: NAME or NAME/LABEL.")],
    tenant: Tenant = "",
) -> None:
    """Make a token worthless at once."""
    at = desk(context)
    whose = TenantId(tenant) if tenant else at.settings.tenant
    asyncio.run(revoke_token(at.settings, whose, name))
    if at.output.as_json:
        at.output.json({"revoked": name})
    else:
        at.output.say(f"Revoked {name}.")


def usual_groups(roles: frozenset[Role]) -> frozenset[str]:
    """Reviews ask for somebody of a group: without one, a reviewer could answer nothing."""
    return frozenset({"approvers"}) if roles & {Role.APPROVER, Role.OPERATOR} else frozenset()


def _document(request: TokenRequest, token: str) -> Json:
    return {
        "token": token,
        "name": request.token_name,
        "principal": request.name,
        "tenant": request.tenant,
        "kind": request.kind.value,
        "roles": [str(each) for each in sorted(request.roles)],
        "groups": [str(each) for each in sorted(request.groups)],
    }
