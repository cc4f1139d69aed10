"""Whoever gave somebody a role with SQL let nobody in, and the audit trail and the log say so."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update
from structlog.testing import capture_logs

from api.sessions import Clocks, Proof, Sessions
from brain.domain.entrance import Way
from brain.domain.identity import PrincipalId, Role, TenantId
from brain.store.principals import principals

if TYPE_CHECKING:
    from tests.api.conftest import Front

NORTH = TenantId("north")
PASSWORD = "four words of her own"


async def give_with_sql(front: "Front", name: str) -> None:
    given = update(principals).where(principals.c.id == name)
    async with front.wiring.store.begin() as tx:
        await tx.principals._db.run(given.values(roles=frozenset({Role.ADMIN})))


async def altered(front: "Front") -> list[dict[str, str]]:
    async with front.wiring.store.read() as tx:
        entries = await tx.audit.range(NORTH)
    return [json.loads(each.payload) for each in entries if each.kind == "grant.altered"]


async def test_a_token_of_theirs_is_worth_nothing_and_it_is_said(front: "Front") -> None:
    sam = await front.caller("sam", Role.SUPPORT)
    assert (await sam.get("/v1/me")).status_code == 200
    await give_with_sql(front, "sam")

    with capture_logs() as logs:
        answers = [(await sam.get(path)).status_code for path in ("/v1/me", "/v1/tokens")]

    assert answers == [401, 401]
    assert {"what": "trust", "principal": "sam"} in await altered(front)
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["grant_altered"] * 2
    assert front.wiring.access.asked == [("sam", "read"), *front.wiring.access.asked[1:]]
    assert all(who == "sam" for who, _ in front.wiring.access.asked)


async def test_so_many_tries_do_not_fill_the_trail(front: "Front") -> None:
    sam = await front.caller("sam", Role.SUPPORT)
    await give_with_sql(front, "sam")

    statuses = [(await sam.get("/v1/me")).status_code for _ in range(50)]

    assert set(statuses) == {401, 429}


async def test_a_browser_of_theirs_is_signed_out_and_it_is_said_once(front: "Front") -> None:
    await front.token("sam", Role.SUPPORT)
    sessions = Sessions(gatewright=front.wiring, clocks=Clocks(idle=timedelta(hours=1)))
    async with front.wiring.store.begin() as tx:
        who = await tx.principals.get(NORTH, PrincipalId("sam"))
        assert who is not None
        cookie = await sessions.begin(tx, who, Proof(way=Way.PASSWORD))
    await give_with_sql(front, "sam")

    assert [await sessions.find(cookie) for _ in range(3)] == [None, None, None]
    assert await altered(front) == [{"what": "trust", "principal": "sam"}]
