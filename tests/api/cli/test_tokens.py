"""``gatewright token``: every token ends, is good for no more than was said, and is never shown."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from brain.ids import utc_now
from tests.api.cli.test_users import whose

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell


BILLING = ("token", "create", "--service", "billing", "--owner", "ana")


@pytest.fixture
async def ana(terminal: "Shell") -> None:
    """Somebody who can answer for a service."""
    await terminal.run("user", "add", "ana", "--role", "support", "--make")


async def services(terminal: "Shell") -> list[Any]:
    return (await terminal.run("token", "list", "--json")).document


@pytest.mark.usefixtures("ana")
async def test_a_service_is_a_machine_with_scopes_and_an_end(terminal: "Shell") -> None:
    made = await terminal.run(
        *(*BILLING, "--scope", "propose", "--scope", "read"),
        *("--expires", "30d", "--json"),
    )
    (listed,) = await services(terminal)

    assert (made.document["kind"], made.document["roles"]) == ("machine", ["automation"])
    assert made.document["token"] not in str(listed)
    assert (listed["name"], listed["kind"], listed["owner"]) == ("billing", "machine", "ana")
    assert listed["scopes"] == ["propose", "read"]
    left = datetime.fromisoformat(listed["expires_at"]) - utc_now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


async def test_a_token_ends_though_nobody_said_so(terminal: "Shell") -> None:
    await terminal.run("token", "create", "--name", "ana", "--role", "support")
    (usual,) = (await terminal.run("token", "list", "--json")).document

    left = datetime.fromisoformat(usual["expires_at"]) - utc_now()
    assert timedelta(days=89) < left <= timedelta(days=90)
    assert (usual["scopes"], usual["used_at"]) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--expires", "366d"], "more than the 365 days"),
        (["--expires", "0d"], "no time at all"),
        (["--expires", "soon"], "no length of time"),
        (["--scope", "aprove"], "there is no action aprove"),
        (["--service", "x"], "--name and --service"),
    ],
)
async def test_what_would_be_too_much_or_nothing_is_refused(
    terminal: "Shell", wrong: list[str], said: str
) -> None:
    ran = await terminal.run("token", "create", "--name", "ana", "--role", "support", *wrong)
    await terminal.run("token", "create", "--name", "ben", "--role", "support")

    assert ran.code == 1
    assert said in ran.err
    listed = (await terminal.run("token", "list", "--json")).document
    assert [each["name"] for each in listed] == ["ben"]


async def test_a_longest_that_the_operator_set_holds_for_the_usual_too(terminal: "Shell") -> None:
    most = {"GATEWRIGHT_TOKEN_TTL_MAX": "P7D"}
    given = ("token", "create", "--name", "ana", "--role", "support")

    refused = await terminal.run(*given, "--expires", "8d", **most)
    await terminal.run(*given, **most)

    (listed,) = (await terminal.run("token", "list", "--json")).document
    assert refused.code == 1
    assert datetime.fromisoformat(listed["expires_at"]) <= utc_now() + timedelta(days=7)


@pytest.mark.usefixtures("ana")
async def test_rotation_gives_the_same_rights_to_a_new_token_alone(terminal: "Shell") -> None:
    given = (*BILLING, "--scope", "read")
    old = (await terminal.run(*given)).out
    new = (await terminal.run("token", "rotate", "billing", "--expires", "9d")).out

    (listed,) = (await terminal.run("token", "list", "--json")).document
    assert await whose(terminal, old) is None
    assert await whose(terminal, new) == "billing"
    assert (listed["name"], listed["scopes"]) == ("billing", ["read"])
    assert (await terminal.run("token", "rotate", "nothing")).code == 1


@pytest.mark.usefixtures("ana")
async def test_an_overlap_keeps_the_old_one_for_so_long(terminal: "Shell") -> None:
    old = (await terminal.run(*BILLING)).out
    new = (await terminal.run("token", "rotate", "billing", "--overlap", "1h")).out

    names = {
        each["name"]: each for each in (await terminal.run("token", "list", "--json")).document
    }
    (retired,) = names.keys() - {"billing"}
    assert await whose(terminal, old) == await whose(terminal, new) == "billing"
    assert retired.startswith("billing~")
    assert datetime.fromisoformat(names[retired]["expires_at"]) <= utc_now() + timedelta(hours=1)


@pytest.mark.parametrize(
    ("owner", "said"),
    [((), "needs an owner"), (("--owner", "nobody"), "nobody is called nobody here")],
)
@pytest.mark.usefixtures("ana")
async def test_a_service_of_nobody_gets_no_token(
    terminal: "Shell", owner: tuple[str, ...], said: str
) -> None:
    ran = await terminal.run("token", "create", "--service", "billing", *owner)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert await services(terminal) == []


@pytest.mark.usefixtures("ana")
async def test_another_owner_is_named_for_a_service_and_for_no_person(terminal: "Shell") -> None:
    await terminal.run("user", "add", "ben", "--role", "support", "--make")
    await terminal.run(*BILLING)

    again = await terminal.run(*BILLING[:-1], "ben", "--label", "two")
    named = await terminal.run("token", "owner", "billing", "ben")
    of_a_person = await terminal.run("token", "owner", "ana", "ben")

    assert (again.code, named.code, of_a_person.code) == (1, 0, 1)
    assert "ana's already" in again.err
    assert "ben" in named.out
    assert [each["owner"] for each in await services(terminal)] == ["ben"]


async def test_a_misspelt_setting_is_refused_with_the_right_one(terminal: "Shell") -> None:
    ran = await terminal.run("token", "list", GATEWRIGHT_DATABASE_URI="postgresql://x/y")

    assert ran.code == 1
    assert "GATEWRIGHT_DATABASE_URI" in ran.err
    assert "Did you mean GATEWRIGHT_DATABASE_URL?" in ran.err
    assert not (terminal.data_dir / "gatewright.db").exists()


async def test_the_administrators_token_is_made_anew_and_not_shown(terminal: "Shell") -> None:
    ran = await terminal.run("token", "admin")
    token = (terminal.data_dir / "admin.token").read_text().strip()

    assert ran.code == 0
    assert await whose(terminal, token) == "admin"
    assert token not in ran.out + ran.err
    assert str(terminal.data_dir / "admin.token") in ran.out.replace("\n", "")
