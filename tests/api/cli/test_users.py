"""``gatewright user``: passwords are read and never shown, and whoever is shut out is out."""

import json
from typing import TYPE_CHECKING

from brain.domain.identity import PrincipalId, TenantId
from brain.ids import utc_now
from brain.keys import Keys
from brain.store.cipher import Cipher
from brain.store.store import Store

if TYPE_CHECKING:
    from tests.api.cli.conftest import Ran, Shell

WORDS = "four words of her own"
HOME = TenantId("default")


async def add(terminal: "Shell", *more: str, password: str = WORDS) -> "Ran":
    given = ("user", "add", "ana", "--role", "approver", *more)
    return await terminal.run(*given, stdin=f"{password}\n")


async def opened(terminal: "Shell") -> Store:
    keys = Keys.open(terminal.data_dir)
    return await Store.open(
        f"sqlite:///{terminal.data_dir / 'gatewright.db'}", Cipher(keys.store_encryption)
    )


async def test_a_user_is_added_listed_and_never_shown_with_a_password(terminal: "Shell") -> None:
    added = await add(terminal)
    listed = await terminal.run("user", "list", "--json")

    assert added.code == 0
    assert WORDS not in added.out + added.err + listed.out
    assert listed.document == [
        {
            "name": "ana",
            "known_as": "ana",
            "roles": ["approver"],
            "groups": ["approvers"],
            "has_password": True,
            "must_change_password": False,
            "disabled": False,
            "links": [],
        }
    ]


async def test_neither_the_disk_nor_the_audit_trail_holds_a_password_or_its_hash(
    terminal: "Shell",
) -> None:
    await add(terminal)
    await terminal.run("user", "password", "ana", stdin="other words of her own\n")
    store = await opened(terminal)
    async with store.read() as tx:
        user = await tx.users.by_name("ana")
        trail = await tx.audit.range(HOME)
    await store.close()

    assert user is not None
    assert user.password_hash.startswith("$argon2id$")
    assert [each.kind for each in trail] == ["user.created", "user.password_changed"]
    written = b"".join(file.read_bytes() for file in terminal.data_dir.iterdir() if file.is_file())
    for secret in (WORDS, "other words of her own", user.password_hash, "$argon2id$"):
        assert secret.encode() not in written
        assert secret not in json.dumps([each.payload for each in trail])
        assert secret not in repr(user)


async def test_a_password_that_is_not_good_enough_makes_nobody(terminal: "Shell") -> None:
    refused = await add(terminal, password="short")
    await add(terminal, "--tenant", "south", password=WORDS)

    assert refused.code == 1
    assert "5 characters" in refused.err
    assert "short" not in refused.err.replace("5 characters", "")
    assert (await terminal.run("user", "list", "--json")).document == []


async def test_without_a_terminal_and_without_a_password_the_way_out_is_named(
    terminal: "Shell",
) -> None:
    ran = await terminal.run("user", "add", "ana", "--role", "support", stdin="")

    assert ran.code == 1
    assert "--make" in ran.err
    assert "0 characters" not in ran.err
    assert not (terminal.data_dir / "gatewright.db").exists()


async def test_a_name_is_one_in_the_whole_installation(terminal: "Shell") -> None:
    await add(terminal)

    again = await add(terminal)
    elsewhere = await add(terminal, "--tenant", "south")
    capital = await terminal.run("user", "add", "Ana", "--role", "support", stdin=f"{WORDS}\n")

    assert [each.code for each in (again, elsewhere, capital)] == [1, 1, 1]
    assert "there is a user ana already" in again.err
    assert "that name cannot be had" in elsewhere.err
    assert "ana" not in elsewhere.err
    assert "already" not in elsewhere.err
    assert "small letters" in capital.err


async def test_a_machine_never_becomes_a_person_or_a_person_a_machine(terminal: "Shell") -> None:
    owned = ("--role", "automation", "--owner", "ben")
    await terminal.run("user", "add", "ben", "--role", "support", stdin=f"{WORDS}\n")
    await terminal.run("token", "create", "--name", "ana", *owned)
    person = await add(terminal)
    machine = await terminal.run("token", "create", "--name", "ben", *owned)

    assert (person.code, machine.code) == (1, 1)
    assert "a machine already" in person.err
    assert "a person already" in machine.err


async def test_who_is_disabled_loses_tokens_too_and_keeps_them_lost(terminal: "Shell") -> None:
    await add(terminal)
    token = (await terminal.run("token", "create", "--name", "ana", "--role", "approver")).out
    assert await whose(terminal, token) == "ana"

    await terminal.run("user", "disable", "ana")
    assert await whose(terminal, token) is None
    await terminal.run("token", "create", "--name", "ana", "--label", "b", "--role", "approver")
    assert await whose(terminal, token) is None

    await terminal.run("user", "enable", "ana")
    assert await whose(terminal, token) == "ana"


async def test_roles_are_replaced_and_groups_stay_unless_given(terminal: "Shell") -> None:
    await add(terminal)
    await terminal.run("user", "roles", "ana", "--role", "support")
    (first,) = (await terminal.run("user", "list", "--json")).document
    await terminal.run("user", "roles", "ana", "--role", "admin", "--group", "noc")
    (second,) = (await terminal.run("user", "list", "--json")).document

    assert (first["roles"], first["groups"]) == (["support"], ["approvers"])
    assert (second["roles"], second["groups"]) == (["admin"], ["noc"])


async def test_nothing_is_done_to_a_user_of_another_tenant(terminal: "Shell") -> None:
    await add(terminal)
    for words in (
        ["password"],
        ["disable"],
        ["enable"],
        ["sign-out"],
        ["roles", "--role", "admin"],
    ):
        ran = await terminal.run(
            "user", words[0], "ana", *words[1:], "--tenant", "south", stdin=f"{WORDS}\n"
        )
        assert ran.code == 1
        assert "there is no" in ran.err

    (ana,) = (await terminal.run("user", "list", "--json")).document
    assert (ana["disabled"], ana["roles"]) == (False, ["approver"])


async def whose(terminal: "Shell", token: str) -> PrincipalId | None:
    from api.tokens import token_hash

    store = await opened(terminal)
    async with store.read() as tx:
        found = await tx.tokens.by_hash(token_hash(token.strip()), now=utc_now())
    await store.close()
    return found.id if found else None
