"""``gatewright user``: people who come in, on this machine or on a server that was named."""

import sys
from getpass import getpass
from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.registers import Here, Register, There
from api.shapes.people import UserRequest, UserShape
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.identity import Role, TenantId

app = Typer(no_args_is_help=True)

Name = Annotated[str, Argument(help="What they sign in as: small letters.")]
Tenant = Annotated[str, Option(help="Whose people, on this machine; default: GATEWRIGHT_TENANT.")]
ROLES = f"What they are trusted with: {', '.join(Role)}; may be given again."
# Named by a word: a list of them would be broken anywhere in a narrow terminal.
Roles = Annotated[list[Role], Option(metavar="ROLE", help=ROLES)]
Groups = Annotated[
    list[str] | None,
    Option(help="A group of reviewers; default for those who may approve: approvers."),
]
Issuer = Annotated[str, Option(help="The provider, as GATEWRIGHT_OIDC_ISSUER names it.")]
Subject = Annotated[str, Option(help="What the provider calls them: the claim sub.")]
Temporary = Annotated[
    bool, Option("--temporary", help="They have to change the password before they do anything.")
]
Make = Annotated[
    bool, Option("--make", help="Make a password and show it this once; it is temporary.")
]


@app.callback()
def users() -> None:
    """People who come in: on the server that GATEWRIGHT_URL names, else on this very machine.

    On this machine that needs no server, but its data directory. A server gives nobody a password
    that they need not change. The password is asked for without showing it, or read from standard
    input.
    """


@command(app, "add")
def add(  # noqa: PLR0913 - one option each
    context: Context,
    name: Name,
    role: Roles,
    group: Groups = None,
    tenant: Tenant = "",
    temporary: Temporary = False,
    make: Make = False,
) -> None:
    """Let somebody sign in with a password."""
    at = desk(context)
    wanted = UserRequest(
        name=name, roles=role, groups=group, password=None if make else ask_password(name)
    )
    made = register_of(at, tenant).add(wanted, temporary=temporary)
    document: dict[str, Json] = {"added": name}
    sentence = f"{name} can sign in now ({', '.join(sorted(made.roles))})."
    _say_once(at, sentence, document, made.password)


@command(app, "list")
def list_(context: Context, tenant: Tenant = "") -> None:
    """Everybody who may come in, and who was shut out."""
    at = desk(context)
    known = register_of(at, tenant).everybody()
    if at.output.as_json:
        at.output.json([each.model_dump(mode="json") for each in known])
        return
    if not known:
        at.output.say("Nobody has been added yet.")
        at.output.hint("Add somebody: gatewright user add NAME --role support")
        return
    columns = ("Name", "Known as", "Roles", "Groups", "")
    at.output.table(columns, (_row(each) for each in known))


@command(app, "password")
def password(
    context: Context,
    name: Name,
    tenant: Tenant = "",
    temporary: Temporary = False,
    make: Make = False,
) -> None:
    """Give somebody a new password, and sign them out everywhere."""
    at = desk(context)
    register = register_of(at, tenant)
    made = register.password(name, None if make else ask_password(name), temporary=temporary)
    sentence = f"{name} has a new password and is signed out everywhere."
    _say_once(at, sentence, {"changed": name}, made.password)


@command(app, "roles")
def roles(
    context: Context, name: Name, role: Roles, group: Groups = None, tenant: Tenant = ""
) -> None:
    """Give somebody other roles: these, and no others."""
    at, given = desk(context), frozenset(role)
    register_of(at, tenant).roles(name, given, group)
    _say(at, f"{name} is now {', '.join(sorted(given))}.", {"changed": name})


@command(app, "disable")
def disable(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Shut somebody out at once: password, tokens and every open browser. Machines, too."""
    at = desk(context)
    register_of(at, tenant).disable(name, disabled=True)
    _say(at, f"{name} is shut out.", {"disabled": name})


@command(app, "enable")
def enable(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Let somebody in again who was disabled."""
    at = desk(context)
    register_of(at, tenant).disable(name, disabled=False)
    _say(at, f"{name} can come in again.", {"enabled": name})


@command(app, "sign-out")
def sign_out_(context: Context, name: Name, tenant: Tenant = "") -> None:
    """Sign somebody out of every browser."""
    at = desk(context)
    count = register_of(at, tenant).sign_out(name).sessions
    _say(at, f"{name} is signed out of {count} browsers.", {"signed_out": name, "count": count})


@command(app, "link")
def link(
    context: Context, name: Name, issuer: Issuer, subject: Subject, tenant: Tenant = ""
) -> None:
    """Say that an identity at the provider is this person: both ways in are one from then on.

    The audit trail has issuer and subject of whoever was turned away: `user.not_linked`.
    """
    at = desk(context)
    register_of(at, tenant).link(name, issuer, subject)
    _say(at, f"{name} comes in through the provider, too, as one person.", {"linked": name})


@command(app, "unlink")
def unlink(
    context: Context, name: Name, issuer: Issuer, subject: Subject, tenant: Tenant = ""
) -> None:
    """Take that back, and sign them out everywhere."""
    at = desk(context)
    register_of(at, tenant).unlink(name, issuer, subject)
    _say(at, f"That identity is no longer {name}.", {"unlinked": name})


def ask_password(name: str) -> str:
    """Asked for twice without showing it on a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise InvalidInput(
                "none was given, and there is no terminal to ask at",
                field="password",
                remedy="Use --make to have one made, or write it to standard input.",
            )
        return given
    first = getpass(f"Password for {name}: ")
    if getpass("The same again: ") != first:
        raise InvalidInput("the two are not the same", field="password", remedy="Try again.")
    return first


def register_of(at: Desk, tenant: str) -> Register:
    """The server that was named, or this machine. InvalidInput for a tenant of a server."""
    server = at.elsewhere()
    if server is None:
        return Here(at.settings, TenantId(tenant) if tenant else at.settings.tenant)
    check_no_tenant(tenant)
    return There(server)


def check_no_tenant(tenant: str) -> None:
    """Raise InvalidInput: a server knows the tenant of whoever asks, and no other."""
    if tenant:
        raise InvalidInput(
            "cannot be chosen on a server: your token has its tenant",
            field="--tenant",
            remedy="Leave it out, or unset GATEWRIGHT_URL to work on this machine.",
        )


def _row(each: UserShape) -> tuple[object, ...]:
    standing = "no password here" if not each.has_password else ""
    if each.must_change_password:
        standing = "must change password"
    return (
        each.name,
        each.known_as,
        ", ".join(sorted(each.roles)),
        ", ".join(sorted(each.groups)),
        "disabled" if each.disabled else standing,
    )


def _say_once(at: Desk, sentence: str, document: dict[str, Json], password: str | None) -> None:
    """With the password that was made, if one was."""
    if password is None:
        _say(at, sentence, document)
    elif at.output.as_json:
        at.output.json({**document, "password": password})
    else:
        at.output.say(password)
        at.output.warn(f"This is shown once. {sentence} They have to change it at once.")


def _say(at: Desk, sentence: str, document: Json) -> None:
    if at.output.as_json:
        at.output.json(document)
    else:
        at.output.say(sentence)
