"""``gatewright user``: people who sign in with a password, made on the server's own machine."""

import asyncio
import sys
from getpass import getpass
from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.tokens import usual_groups
from api.local_users import (
    NewUser,
    add_user,
    list_users,
    set_disabled,
    set_password,
    set_roles,
    sign_out,
)
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.identity import Role, TenantId

app = Typer(help="People who sign in with a name and a password.", no_args_is_help=True)

Name = Annotated[str, Argument(help="What they sign in as: small letters.")]
Tenant = Annotated[str, Option(help="Whose people; default: GATEWRIGHT_TENANT.")]
Roles = Annotated[list[Role], Option(help="What they are trusted with; may be given again.")]
Groups = Annotated[
    list[str] | None,
    Option(help="A group of reviewers; default for those who may approve: approvers."),
]
Temporary = Annotated[
    bool, Option("--temporary", help="They have to change the password before they do anything.")
]


@app.callback()
def users() -> None:
    """People who sign in with a name and a password: needs no server, but its data directory.

    The password is asked for without showing it, or read from standard input.
    """


@command(app, "add")
def add(
    context: Context,
    name: Name,
    role: Roles,
    group: Groups = None,
    tenant: Tenant = "",
    temporary: Temporary = False,
) -> None:
    """Let somebody sign in with a password."""
    at, roles = desk(context), frozenset(role)
    groups = frozenset(group) if group is not None else usual_groups(roles)
    new = NewUser(name=name, tenant=_tenant(at, tenant), roles=roles, groups=groups)
    asyncio.run(add_user(at.settings, new, ask_password(name), must_change=temporary))
    _say(at, f"{name} can sign in now ({', '.join(sorted(roles))}).", {"added": name})


@command(app, "list")
def list_(context: Context, tenant: Tenant = "") -> None:
    """Everybody who signs in with a password."""
    at = desk(context)
    known = asyncio.run(list_users(at.settings, _tenant(at, tenant)))
    if at.output.as_json:
        at.output.json(
            [
                {
                    "name": each.name,
                    "roles": [str(role) for role in sorted(each.roles)],
                    "groups": [str(group) for group in sorted(each.groups)],
                    "disabled": each.disabled,
                    "must_change_password": each.must_change,
                }
                for each in known
            ]
        )
        return
    rows = [
        (
            each.name,
            ", ".join(sorted(each.roles)),
            ", ".join(sorted(each.groups)),
            "disabled" if each.disabled else "must change password" if each.must_change else "",
        )
        for each in known
    ]
    at.output.table(("Name", "Roles", "Groups", ""), rows)


@command(app, "password")
def password(
    context: Context, name: Name, tenant: Tenant = "", temporary: Temporary = False
) -> None:
    """Give somebody a new password, and sign them out everywhere."""
    at = desk(context)
    whose, new = _tenant(at, tenant), ask_password(name)
    asyncio.run(set_password(at.settings, whose, name, new, must_change=temporary))
    _say(at, f"{name} has a new password and is signed out everywhere.", {"changed": name})


@command(app, "roles")
def roles(
    context: Context, name: Name, role: Roles, group: Groups = None, tenant: Tenant = ""
) -> None:
    """Give somebody other roles: these, and no others."""
    at, given = desk(context), frozenset(role)
    groups = frozenset(group) if group is not None else None
    asyncio.run(set_roles(at.settings, _tenant(at, tenant), name, roles=given, groups=groups))
    _say(at, f"{name} is now {', '.join(sorted(given))}.", {"changed": name})


@command(app, "disable")
def disable(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Shut somebody out at once: password, tokens and every open browser. Machines, too."""
    at = desk(context)
    asyncio.run(set_disabled(at.settings, _tenant(at, tenant), name, disabled=True))
    _say(at, f"{name} is shut out.", {"disabled": name})


@command(app, "enable")
def enable(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Let somebody in again who was disabled."""
    at = desk(context)
    asyncio.run(set_disabled(at.settings, _tenant(at, tenant), name, disabled=False))
    _say(at, f"{name} can come in again.", {"enabled": name})


@command(app, "sign-out")
def sign_out_(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Sign somebody out of every browser."""
    at = desk(context)
    count = asyncio.run(sign_out(at.settings, _tenant(at, tenant), name))
    _say(at, f"{name} is signed out of {count} browsers.", {"signed_out": name, "count": count})


def ask_password(name: str) -> str:
    """Asked for twice without showing it on a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass(f"Password for {name}: ")
    if getpass("The same again: ") != first:
        raise InvalidInput("the two are not the same", field="password", remedy="Try again.")
    return first


def _tenant(at: Desk, given: str) -> TenantId:
    return TenantId(given) if given else at.settings.tenant


def _say(at: Desk, sentence: str, document: Json) -> None:
    if at.output.as_json:
        at.output.json(document)
    else:
        at.output.say(sentence)
