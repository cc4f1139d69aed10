"""Nobody gets in without a living token, and nobody does what policy does not let them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import pytest
from fastapi import Security
from structlog.testing import capture_logs

from api.auth import caller
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Principal, Role, TenantId

if TYPE_CHECKING:
    from tests.api.conftest import Front
    from tests.conftest import FakeClock


@pytest.mark.parametrize("token", ["", "hunter2", "gwt_", "gwt_" + "x" * 43])
async def test_without_a_known_token_the_door_stays_shut(front: "Front", token: str) -> None:
    async with front.client(token) as client:
        response = await client.get("/v1/devices")

    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"
    assert "gatewright token create" in response.json()["remedy"]
    assert front.wiring.access.asked == []


async def test_an_expired_token_is_as_good_as_none(front: "Front", clock: "FakeClock") -> None:
    token = await front.token("sam", Role.SUPPORT, lifetime=timedelta(days=1))
    clock.advance(days=1)

    async with front.client(token) as client:
        assert (await client.get("/v1/me")).status_code == 401


async def test_a_revoked_token_is_as_good_as_none(front: "Front") -> None:
    token = await front.token("sam", Role.SUPPORT)
    async with front.wiring.store.begin() as tx:
        assert await tx.tokens.revoke(TenantId("north"), "sam")

    async with front.client(token) as client:
        assert (await client.get("/v1/me")).status_code == 401


async def test_other_ways_to_say_who_one_is_are_not_heard(front: "Front") -> None:
    token = await front.token("sam", Role.SUPPORT)

    async with front.client() as client:
        by_query = await client.get("/v1/me", params={"token": token})
        by_cookie = await client.get("/v1/me", headers={"Cookie": f"token={token}"})
        by_basic = await client.get("/v1/me", headers={"Authorization": f"Basic {token}"})

    assert [each.status_code for each in (by_query, by_cookie, by_basic)] == [401, 401, 401]


async def test_a_caller_is_told_who_they_are_and_what_they_may(front: "Front") -> None:
    async with await front.caller("sam", Role.SUPPORT, groups=["night"]) as client:
        me = (await client.get("/v1/me")).json()

    assert me == {
        "id": "sam",
        "name": "sam",
        "tenant": "north",
        "kind": "person",
        "roles": ["support"],
        "groups": ["night"],
        "scopes": None,
        "actions": ["read", "chat", "propose", "comment", "end_sessions"],
    }


async def test_what_policy_does_not_let_a_role_do_is_forbidden_and_not_done(
    front: "Front",
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.put("/v1/halt", json={"halted": True})

    assert response.status_code == 403
    assert "manage_halt" in response.json()["detail"]
    async with front.wiring.store.read() as tx:
        assert not await tx.halts.is_halted(TenantId("north"))


async def test_a_scoped_token_does_what_it_is_for_and_nothing_else(front: "Front") -> None:
    who = await front.caller("olga", Role.OPERATOR, scopes=frozenset({"read"}))
    async with who as client:
        me = (await client.get("/v1/me")).json()
        refused = await client.put("/v1/halt", json={"halted": True})

    assert (me["scopes"], me["actions"]) == (["read"], ["read"])
    assert refused.status_code == 403


async def test_wrong_tokens_are_slowed_down_and_a_right_one_beside_them_is_not(
    front: "Front", clock: "FakeClock"
) -> None:
    right = await front.token("sam", Role.SUPPORT)
    async with front.client("gwt_" + "x" * 43) as guesser, front.client(right) as sam:
        statuses = [(await guesser.get("/v1/me")).status_code for _ in range(31)]
        held = await guesser.get("/v1/me")

        assert statuses == [401] * 30 + [429]
        assert (held.status_code, held.headers["retry-after"]) == (429, "60")
        assert held.json()["code"] == "too_many_requests"
        assert (await sam.get("/v1/me")).status_code == 200
        clock.advance(minutes=1)
        assert (await guesser.get("/v1/me")).status_code == 401


async def test_who_sends_no_token_guesses_nothing(front: "Front") -> None:
    async with front.client() as nobody:
        statuses = {(await nobody.get("/v1/me")).status_code for _ in range(40)}

    assert statuses == {401}


async def test_the_use_of_a_token_is_noted_to_the_minute(
    front: "Front", clock: "FakeClock"
) -> None:
    async def used() -> datetime | None:
        async with front.wiring.store.read() as tx:
            record = await tx.tokens.get(TenantId("north"), "sam")
        return record.used_at if record else None

    async with await front.caller("sam", Role.SUPPORT) as client:
        first, began = await used(), clock()
        await client.get("/v1/me")
        clock.advance(seconds=30)
        await client.get("/v1/me")
        second = await used()
        clock.advance(seconds=31)
        await client.get("/v1/me")

    assert (first, second, await used()) == (None, began, clock())


async def test_the_log_names_the_caller_by_id_and_never_the_token(front: "Front") -> None:
    token = await front.token("sam", Role.SUPPORT)

    with capture_logs() as lines:
        async with front.client(token) as client:
            await client.get("/v1/me", params={"token": token})

    assert lines
    assert token not in str(lines)


async def test_the_store_never_learns_the_token(front: "Front", tmp_path: object) -> None:
    token = await front.token("sam", Role.SUPPORT)

    async with front.wiring.store.read() as tx:
        assert await tx.tokens.by_hash(token, now=front.wiring.clock()) is None


async def test_a_route_that_names_no_action_is_for_nobody(front: "Front") -> None:
    reached = []

    @front.app.get("/odd")
    async def odd(who: Annotated[Principal, Security(caller)]) -> None:
        reached.append(who)

    async with await front.caller("sam", *Role) as client:
        response = await client.get("/odd")

    assert response.status_code == 403
    assert reached == []


async def test_when_policy_cannot_be_asked_that_is_what_a_caller_is_told(
    front: "Front", monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_: object, **__: object) -> bool:
        raise PolicyUnavailable("policy cannot be asked, so nobody may do anything just now: busy")

    monkeypatch.setattr(front.wiring.access, "allowed", unavailable)
    async with await front.caller("ops", Role.OPERATOR) as client:
        response = await client.put("/v1/halt", json={"halted": True})

    assert response.status_code == 503
    assert response.json()["code"] == "policy_unavailable"
    assert "policy cannot be asked" in response.json()["detail"]
    assert "roles" not in response.json()["detail"]
    async with front.wiring.store.read() as tx:
        assert not await tx.halts.is_halted(TenantId("north"))
