"""Everybody sees and ends their own browsers, and nobody else's; administrators end anybody's."""

from datetime import timedelta
from typing import TYPE_CHECKING

from api.sessions import Clocks, Proof, Sessions
from brain.domain.entrance import Way
from brain.domain.identity import Principal, PrincipalId, Role, TenantId

if TYPE_CHECKING:
    from tests.api.conftest import Front
    from tests.conftest import FakeClock

NORTH = TenantId("north")


async def begin(front: "Front", name: str) -> tuple[Principal, Sessions, str]:
    """A browser of somebody who has been here: the person, and the id in its cookie."""
    sessions = Sessions(gatewright=front.wiring, clocks=Clocks(idle=timedelta(hours=1)))
    async with front.wiring.store.begin() as tx:
        who = await tx.principals.get(NORTH, PrincipalId(name))
        assert who is not None
        return who, sessions, await sessions.begin(tx, who, Proof(way=Way.PASSWORD))


async def test_one_of_ones_own_is_ended_and_the_others_stay(front: "Front") -> None:
    sam = await front.caller("sam", Role.SUPPORT)
    _, sessions, first = await begin(front, "sam")
    _, _, second = await begin(front, "sam")

    one, other = (await sam.get("/v1/sessions")).json()["items"]
    ended = await sam.post(f"/v1/sessions/{one['id']}/end")

    assert first not in one["id"]
    assert ended.json()["way"] == "password"
    assert (await sessions.find(first), await sessions.find(second) is None) == (None, False)
    assert [each["id"] for each in (await sam.get("/v1/sessions")).json()["items"]] == [other["id"]]
    assert (await sam.post(f"/v1/sessions/{one['id']}/end")).status_code == 404
    async with front.wiring.store.read() as tx:
        assert (await tx.audit.range(NORTH))[-1].kind == "session.ended"


async def test_nobody_ends_anothers_or_sees_it(front: "Front") -> None:
    await front.token("sam", Role.SUPPORT)
    who, sessions, cookie = await begin(front, "sam")
    (known,) = await sessions.of(who)

    async with await front.caller("ben", Role.SUPPORT) as ben:
        assert (await ben.get("/v1/sessions")).json()["items"] == []
        refused = await ben.post(f"/v1/sessions/{known.known_as}/end")
        everywhere = await ben.post("/v1/sessions/end")

    assert (refused.status_code, everywhere.json()["sessions"]) == (404, 0)
    assert await sessions.find(cookie) is not None


async def test_what_idled_away_is_no_session(front: "Front", clock: "FakeClock") -> None:
    sam = await front.caller("sam", Role.SUPPORT)
    await begin(front, "sam")

    clock.advance(hours=1)

    assert (await sam.get("/v1/sessions")).json()["items"] == []


async def test_an_administrator_sees_somebodys_and_signs_them_out(front: "Front") -> None:
    await front.token("sam", Role.SUPPORT)
    _, sessions, cookie = await begin(front, "sam")

    async with await front.caller("root", Role.ADMIN) as root:
        seen = (await root.get("/v1/users/sam/sessions")).json()["items"]
        done = await root.post("/v1/users/sam/sign-out")

    assert [each["way"] for each in seen] == ["password"]
    assert done.json() == {"name": "sam", "sessions": 1}
    assert await sessions.find(cookie) is None
    async with front.wiring.store.read() as tx:
        last = (await tx.audit.range(NORTH))[-1]
    assert (last.kind, last.actor) == ("session.ended", "root")
