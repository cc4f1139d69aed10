"""Administrators add people, trust them with roles and shut them out; nobody does so themselves."""

import json
from typing import TYPE_CHECKING

import pytest

from api.passwords import Passwords
from brain.domain.identity import PrincipalId, Role, TenantId

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

NORTH = TenantId("north")
ANA = {"name": "ana", "roles": ["approver"]}


@pytest.fixture
async def boss(front: "Front") -> "httpx.AsyncClient":
    return await front.caller("boss", Role.ADMIN)


async def trail(front: "Front") -> list[tuple[str, str, dict[str, object]]]:
    async with front.wiring.store.read() as tx:
        entries = await tx.audit.range(NORTH)
    return [(each.kind, each.actor, json.loads(each.payload)) for each in entries]


async def test_a_password_is_made_shown_once_and_has_to_be_changed(
    front: "Front", boss: "httpx.AsyncClient"
) -> None:
    made = await boss.post("/v1/users", json=ANA)
    listed = await boss.get("/v1/users")

    password = made.json()["password"]
    assert made.headers["cache-control"] == "no-store"
    assert len(password) >= 23
    assert password not in listed.text
    shown = {each["name"]: each for each in listed.json()["items"]}
    assert (shown["ana"]["groups"], shown["ana"]["has_password"]) == (["approvers"], True)
    assert shown["ana"]["must_change_password"]
    assert not shown["boss"]["has_password"]
    async with front.wiring.store.read() as tx:
        user = await tx.users.by_name("ana")
    assert user is not None
    assert (await Passwords().check(user.password_hash, password)).right
    kind, actor, about = (await trail(front))[-1]
    assert (kind, actor) == ("user.created", "boss")
    assert about == {"user": "ana", "roles": ["approver"], "groups": ["approvers"]}
    assert password not in str(await trail(front))


async def test_two_passwords_that_are_made_are_not_the_same(boss: "httpx.AsyncClient") -> None:
    first = (await boss.post("/v1/users", json=ANA)).json()["password"]
    second = (await boss.post("/v1/users/ana/password", json={})).json()["password"]

    assert first != second


async def test_one_that_was_chosen_is_not_repeated_and_is_temporary_all_the_same(
    boss: "httpx.AsyncClient",
) -> None:
    chosen = {"password": "four words of her own"}
    made = await boss.post("/v1/users", json=ANA | chosen)
    short = await boss.post("/v1/users/ana/password", json={"password": "short"})

    assert made.json()["password"] is None
    assert made.json()["must_change_password"]
    assert "four words" not in made.text
    assert (short.status_code, short.json()["field"]) == (422, "password")
    assert "short" not in short.text.replace("5 characters", "")


async def test_of_another_tenants_user_nothing_is_told_but_that_the_name_cannot_be_had(
    front: "Front", boss: "httpx.AsyncClient"
) -> None:
    await boss.post("/v1/users", json=ANA)
    async with await front.caller("eve", Role.ADMIN, tenant=TenantId("south")) as eve:
        refused = await eve.post("/v1/users", json=ANA)
        listed = await eve.get("/v1/users")

    assert refused.status_code == 409
    assert refused.json()["detail"] == "that name cannot be had"
    assert "ana" not in refused.text
    assert [each["name"] for each in listed.json()["items"]] == ["eve"]


async def test_from_afar_nobody_gets_the_password_of_somebody_who_is_here(
    front: "Front", boss: "httpx.AsyncClient"
) -> None:
    await front.token("alex", Role.APPROVER)

    taken = await boss.post("/v1/users", json={"name": "alex", "roles": ["admin"]})

    assert taken.status_code == 409
    async with front.wiring.store.read() as tx:
        alex = await tx.principals.get(NORTH, PrincipalId("alex"))
        assert await tx.users.by_name("alex") is None
    assert alex is not None
    assert alex.roles == {Role.APPROVER}


@pytest.mark.parametrize(
    ("method", "verb", "body"),
    [
        ("PUT", "roles", {"roles": ["approver"], "groups": ["approvers"]}),
        ("POST", "disable", None),
        ("POST", "password", {}),
    ],
)
async def test_nobody_changes_what_they_may_do_themselves(
    front: "Front", boss: "httpx.AsyncClient", method: str, verb: str, body: object
) -> None:
    before = await trail(front)

    refused = await boss.request(method, f"/v1/users/boss/{verb}", json=body)

    assert (refused.status_code, refused.json()["field"]) == (403, "user")
    assert "another administrator" in refused.json()["remedy"]
    assert await trail(front) == before
    async with front.wiring.store.read() as tx:
        root_now = await tx.principals.get(NORTH, PrincipalId("boss"))
    assert root_now is not None
    assert root_now.roles == {Role.ADMIN}


async def test_roles_are_replaced_and_groups_stay_unless_named(
    front: "Front", boss: "httpx.AsyncClient"
) -> None:
    await boss.post("/v1/users", json=ANA)

    first = await boss.put("/v1/users/ana/roles", json={"roles": ["support"]})
    second = await boss.put("/v1/users/ana/roles", json={"roles": ["admin"], "groups": ["noc"]})

    assert (first.json()["roles"], first.json()["groups"]) == (["support"], ["approvers"])
    assert (second.json()["roles"], second.json()["groups"]) == (["admin"], ["noc"])
    assert [kind for kind, _, _ in await trail(front)][-2:] == ["user.roles_changed"] * 2


async def test_who_is_shut_out_is_out_until_let_in_again(
    front: "Front", boss: "httpx.AsyncClient"
) -> None:
    alex = await front.caller("alex", Role.SUPPORT)

    shut = await boss.post("/v1/users/alex/disable")
    out = await alex.get("/v1/me")
    await boss.post("/v1/users/alex/enable")

    assert shut.json()["disabled"]
    assert out.status_code == 401
    assert (await alex.get("/v1/me")).status_code == 200
    assert [kind for kind, _, _ in await trail(front)][-2:] == ["user.disabled", "user.enabled"]


async def test_a_service_can_be_shut_out_too(front: "Front", boss: "httpx.AsyncClient") -> None:
    made = await boss.post("/v1/tokens", json={"service": "billing", "owner": "boss"})

    shut = await boss.post("/v1/users/billing/disable")

    assert shut.json()["disabled"]
    assert (await front.client(made.json()["token"]).get("/v1/me")).status_code == 401
    assert "billing" not in (await boss.get("/v1/users")).text


async def test_people_of_another_tenant_are_not_listed(front: "Front") -> None:
    await front.token("sam", Role.SUPPORT)
    async with await front.caller("eve", Role.ADMIN, tenant=TenantId("south")) as eve:
        listed = (await eve.get("/v1/users")).json()["items"]

    assert [each["name"] for each in listed] == ["eve"]
