"""The same words reach a server that was named: people, services, sessions and webhooks."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role
from tests.api.rest.test_sessions import begin

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front


@pytest.fixture
async def root(front: "Front") -> str:
    return await front.token("root", Role.ADMIN)


async def test_a_person_is_added_changed_shut_out_and_let_in(shell: "Shell", root: str) -> None:
    async def user(*words: str, stdin: str = "") -> tuple[int, str]:
        ran = await shell.run("user", *words, token=root, stdin=stdin)
        return ran.code, ran.out

    added = await shell.run("user", "add", "ana", "--role", "approver", "--make", token=root)
    changed = await user("roles", "ana", "--role", "support", "--group", "noc")
    given = await user("password", "ana", stdin="four words of her own\n")
    out = await user("disable", "ana")
    (ana, _) = (await shell.run("user", "list", "--json", token=root)).document
    back = await user("enable", "ana")
    signed = await user("sign-out", "ana")

    assert [changed[0], given[0], out[0], back[0], signed[0]] == [0] * 5
    assert len(added.out.strip()) >= 23
    assert "shown once" in added.err
    assert "four words" not in given[1]
    assert (ana["name"], ana["roles"], ana["groups"]) == ("ana", ["support"], ["noc"])
    assert (ana["disabled"], ana["must_change_password"]) == (True, True)
    assert not (shell.data_dir / "gatewright.db").exists()  # nothing was done here


async def test_a_service_gets_a_token_that_is_renewed_and_revoked(
    shell: "Shell", root: str, front: "Front"
) -> None:
    given = (
        "--service",
        "billing",
        "--owner",
        "root",
        "--label",
        "eu",
        "--scope",
        "read",
        "--expires",
        "2d",
    )
    made = await shell.run("token", "create", *given, "--json", token=root)
    renewed = await shell.run("token", "rotate", "billing/eu", "--overlap", "1h", token=root)
    names = [
        each["name"] for each in (await shell.run("token", "list", "--json", token=root)).document
    ]
    revoked = await shell.run("token", "revoke", "billing/eu", token=root)

    assert (made.document["kind"], made.document["owner"]) == ("machine", "root")
    assert renewed.out.startswith("gwt_")
    assert sum(name.startswith("billing/eu") for name in names) == 2
    assert revoked.code == 0
    assert (await front.client(renewed.out.strip()).get("/v1/me")).status_code == 401
    assert (await front.client(made.document["token"]).get("/v1/me")).status_code == 200


async def test_a_server_makes_no_token_for_a_person_and_takes_no_tenant(
    shell: "Shell", root: str
) -> None:
    person = await shell.run("token", "create", "--name", "a", "--role", "admin", token=root)
    foreign = await shell.run("user", "list", "--tenant", "south", token=root)

    assert (person.code, foreign.code) == (1, 1)
    assert "--service" in person.err
    assert "--tenant" in foreign.err


async def test_sessions_are_listed_and_ended(shell: "Shell", front: "Front") -> None:
    sam = await front.token("sam", Role.SUPPORT)
    for _ in range(3):
        await begin(front, "sam")

    listed = (await shell.run("session", "list", "--json", token=sam)).document["items"]
    one = await shell.run("session", "end", listed[0]["id"], token=sam)
    neither = await shell.run("session", "end", token=sam)
    rest = await shell.run("session", "end", "--all", token=sam)

    assert (one.code, neither.code) == (0, 2)
    assert "out of 2 browsers" in rest.out
    assert "no browser" in (await shell.run("session", "list", token=sam)).out


async def test_a_webhook_is_switched_off_and_on(shell: "Shell", root: str) -> None:
    url = "https://tickets.example.net/hook"
    hook = (
        await shell.run("webhook", "add", url, "--event", "change.paged", "--json", token=root)
    ).document["id"]

    off = await shell.run("webhook", "disable", hook, "--json", token=root)
    on = await shell.run("webhook", "enable", hook, "--json", token=root)

    assert (off.document["enabled"], on.document["enabled"]) == (False, True)
