"""Services get tokens that end and are shown once; nobody makes one for a person from afar."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import PrincipalId, Role, TenantId

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

NORTH = TenantId("north")
BILLING = {"service": "billing", "owner": "root"}


@pytest.fixture
async def root(front: "Front") -> "httpx.AsyncClient":
    return await front.caller("root", Role.ADMIN)


async def kinds(front: "Front") -> list[str]:
    async with front.wiring.store.read() as tx:
        return [each.kind for each in await tx.audit.range(NORTH)]


async def test_a_token_is_shown_once_and_good_for_what_was_said(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    wanted = {**BILLING, "scopes": ["read"], "expires_in": 3600}
    made = await root.post("/v1/tokens", json=wanted)
    listed = await root.get("/v1/tokens")

    token = made.json()["token"]
    (shown,) = (each for each in listed.json()["items"] if each["name"] == "billing")
    assert made.headers["cache-control"] == "no-store"
    assert token not in listed.text
    assert (shown["kind"], shown["scopes"]) == ("machine", ["read"])
    ends = datetime.fromisoformat(shown["expires_at"])
    assert ends == front.wiring.clock() + timedelta(hours=1)
    async with front.client(token) as service:
        assert (await service.get("/v1/devices")).status_code == 200
        assert (await service.get("/v1/metrics")).status_code in (403, 404)
        assert (await service.post("/v1/policy/replay", content=b"")).status_code == 403
    assert (await kinds(front))[-1] == "token.created"


async def test_it_ends_though_nobody_said_so_and_never_after_the_longest(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    usual = await root.post("/v1/tokens", json=BILLING)
    endless = {**BILLING, "service": "crm", "expires_in": 366 * 86400}
    too_long = await root.post("/v1/tokens", json=endless)

    ends = datetime.fromisoformat(usual.json()["expires_at"])
    assert ends == front.wiring.clock() + timedelta(days=90)
    assert (too_long.status_code, too_long.json()["field"]) == (422, "expires_in")
    assert "365 days" in too_long.json()["detail"]


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"service": "a b"}, "name"),
        ({"scopes": ["aprove"]}, "scopes"),
        ({"roles": []}, "roles"),
        ({"kind": "person"}, "kind"),
        ({"expires_in": 0}, "expires_in"),
        ({"owner": ""}, "owner"),
        ({"owner": "nobody"}, "owner"),
        ({"owner": None}, "owner"),
    ],
)
async def test_what_is_not_right_makes_none(
    front: "Front", root: "httpx.AsyncClient", but: dict[str, object], field: str
) -> None:
    refused = await root.post("/v1/tokens", json=BILLING | but)

    assert (refused.status_code, refused.json()["field"]) == (422, field)
    async with front.wiring.store.read() as tx:
        assert [record.name for record, _ in await tx.tokens.list(NORTH)] == ["root"]


async def test_a_person_never_gets_a_token_so(front: "Front", root: "httpx.AsyncClient") -> None:
    alex = await front.caller("alex", Role.APPROVER)
    before = await kinds(front)

    as_service = await root.post(
        "/v1/tokens", json={"service": "alex", "owner": "root", "label": "two"}
    )
    rotated = await root.post("/v1/tokens/alex/rotate", json={})

    assert (as_service.status_code, rotated.status_code) == (409, 403)
    assert "gwt_" not in as_service.text + rotated.text
    assert (await alex.get("/v1/me")).json()["roles"] == ["approver"]
    assert await kinds(front) == before


async def test_a_new_one_takes_the_place_of_the_old_at_once_or_after_an_overlap(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    first = (await root.post("/v1/tokens", json=BILLING)).json()["token"]
    second = (await root.post("/v1/tokens/billing/rotate", json={})).json()["token"]
    third = (await root.post("/v1/tokens/billing/rotate", json={"overlap": 600})).json()["token"]

    answers = [(await front.client(each).get("/v1/me")).status_code for each in (first, second)]
    assert answers == [401, 200]
    assert (await front.client(third).get("/v1/me")).json()["kind"] == "machine"
    async with front.wiring.store.read() as tx:
        names = [record.name for record, _ in await tx.tokens.list(NORTH)]
    assert len([name for name in names if name.startswith("billing~")]) == 1


async def test_what_is_revoked_is_worth_nothing_one_label_at_a_time(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    plain = (await root.post("/v1/tokens", json=BILLING)).json()["token"]
    labelled = {**BILLING, "label": "eu"}
    other = (await root.post("/v1/tokens", json=labelled)).json()["token"]

    gone = await root.delete("/v1/tokens/billing?label=eu")
    again = await root.delete("/v1/tokens/billing?label=eu")

    assert (gone.status_code, again.status_code) == (200, 404)
    assert gone.json()["name"] == "billing/eu"
    assert (await front.client(other).get("/v1/me")).status_code == 401
    assert (await front.client(plain).get("/v1/me")).status_code == 200
    assert (await kinds(front))[-1] == "token.revoked"


async def test_two_tenants_have_each_their_own(front: "Front", root: "httpx.AsyncClient") -> None:
    ours = (await root.post("/v1/tokens", json=BILLING)).json()["token"]
    async with await front.caller("eve", Role.ADMIN, tenant=TenantId("south")) as eve:
        listed = await eve.get("/v1/tokens")
        assert [each["name"] for each in listed.json()["items"]] == ["eve"]
        assert (await eve.delete("/v1/tokens/billing")).status_code == 404

    assert (await front.client(ours).get("/v1/me")).status_code == 200
    async with front.wiring.store.read() as tx:
        assert await tx.principals.get(TenantId("south"), PrincipalId("billing")) is None


async def test_a_service_says_whose_it_is_and_is_given_to_another(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    await front.token("ana", Role.SUPPORT)
    made = await root.post("/v1/tokens", json=BILLING | {"owner": "ana"})

    named = await root.put("/v1/tokens/billing/owner", json={"owner": "root"})
    handed_on = await root.put("/v1/tokens/billing/owner", json={"owner": "ana"})

    assert made.json()["owner"] == "ana"
    assert named.json() == {"service": "billing", "owner": "root"}
    assert handed_on.status_code == 403  # they could approve what it asks for from then on
    async with front.wiring.store.read() as tx:
        billing = await tx.principals.get(NORTH, PrincipalId("billing"))
        (*_, last) = await tx.audit.range(NORTH)
    assert billing is not None
    assert billing.owner == "root"
    assert (last.kind, "ana" in last.payload) == ("token.owner_named", True)


@pytest.mark.parametrize(
    ("service", "owner", "status"),
    [
        ("billing", "nobody", 422),
        ("billing", "billing", 422),
        ("billing", "eve", 422),
        ("ana", "root", 404),
        ("crm", "root", 404),
    ],
)
async def test_only_a_person_who_is_here_owns_and_only_a_service_is_owned(
    front: "Front", root: "httpx.AsyncClient", service: str, owner: str, status: int
) -> None:
    await front.token("ana", Role.SUPPORT)
    await front.token("eve", Role.SUPPORT, tenant=TenantId("south"))
    await root.post("/v1/tokens", json=BILLING | {"owner": "ana"})

    refused = await root.put(f"/v1/tokens/{service}/owner", json={"owner": owner})

    assert refused.status_code == status
    async with front.wiring.store.read() as tx:
        billing = await tx.principals.get(NORTH, PrincipalId("billing"))
    assert billing is not None
    assert billing.owner == "ana"
