"""Walks every route: as nobody, as every role, and from another tenant. A new one is walked too."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from api.actions import Action
from brain.domain.device import Device
from brain.domain.identity import Role, TenantId
from brain.domain.record import ChangeRecord

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

OPEN = {("GET", "/health/live"), ("GET", "/health/ready")}

LEVEL = {
    "cause": "wan.wrong_dns",
    "manufacturer": "Acme",
    "model": "G1",
    "level": "act_with_approval",
    "reason": "to see",
}

BODIES: dict[str, object] = {
    "/v1/break-glass/{broken_glass}/review": {"justified": True, "comment": "it was"},
    "/v1/changes/{change}/break-glass": {"digest": "0" * 64, "ticket": "INC-7", "reason": "now"},
    "/v1/devices/{device}/diagnostics/{kind}": {"inputs": {"Host": "192.0.2.1"}},
    "/v1/cases": {"device": "{device}"},
    "/v1/cases/{case}/messages": {"text": "it is slow"},
    "/v1/changes/{change}/approve": {"digest": "0" * 64},
    "/v1/changes/{change}/comments": {"text": "why now?"},
    "/v1/reviews/answers": {
        "answer": "approve",
        "changes": [{"change": "chg_none", "digest": "0" * 64}],
    },
    "/v1/delegations": {"to": "nobody", "group": "noc", "until": "2026-01-02T12:00:00Z"},
    "/v1/absences": {"until": "2026-01-02T12:00:00Z"},
    "/v1/changes/{change}/reject": {"digest": "0" * 64},
    "/v1/halt": {"halted": False},
    "/v1/remediation": {"stopped": False},
    "/v1/rollouts": {"name": "x", "steps": [{"path": "Device.Reboot()"}], "devices": ["none"]},
    "/v1/rollouts/{rollout}/stop": {"reason": "to see"},
    "/v1/events": {"events": [{"device": "none", "at": "2026-01-01T12:00:00Z"}]},
    "/v1/autonomy/raise": LEVEL,
    "/v1/autonomy/lower": LEVEL,
    "/v1/webhooks": {"url": "https://tickets.example.net/", "events": ["change.paged"]},
    "/v1/users": {"name": "ingrid", "roles": ["support"]},
    "/v1/users/{user}/links": {"issuer": "https://login.example.net", "subject": "7"},
    "/v1/users/{user}/password": {},
    "/v1/users/{user}/roles": {"roles": ["support"]},
    "/v1/tokens": {"service": "nightly", "owner": "ingrid"},
    "/v1/tokens/{token}/owner": {"owner": "ingrid"},
    "/v1/tokens/{token}/rotate": {},
    "/v1/inventory": {},
    "/v1/registrations": {},
    "/v1/policy/changes/{policy_change}/answer": {"revision": "0" * 64, "answer": "reject"},
}


def routes(front: "Front") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path template and description of each operation, as OpenAPI has them."""
    for path, methods in front.app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def filled(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace("{" + name + "}", value)
    assert "{" not in path, f"the walk does not know how to fill {path}"
    return path


async def ask(
    client: "httpx.AsyncClient", method: str, path: str, ids: dict[str, str]
) -> "httpx.Response":
    body = BODIES.get(path) if method in ("POST", "PUT") else None
    if body is not None:
        body = json.loads(json.dumps(body).replace("{device}", ids["device"]))
    return await client.request(method, filled(path, ids), json=body)


async def test_every_route_but_health_asks_who_is_calling(
    front: "Front", ids: dict[str, str]
) -> None:
    async with front.client() as nobody:
        answers = {
            (method, path): (await ask(nobody, method, path, ids)).status_code
            for method, path, _ in routes(front)
        }

    assert len(answers) > 20
    assert {route for route, status in answers.items() if status != 401} == OPEN


def test_every_route_but_health_names_exactly_one_action(front: "Front") -> None:
    named = {
        (method, path): [scope for need in operation.get("security", []) for scope in need["token"]]
        for method, path, operation in routes(front)
    }

    assert {route for route, actions in named.items() if not actions} == OPEN
    assert all(len(actions) == 1 for route, actions in named.items() if route not in OPEN)
    assert {actions[0] for actions in named.values() if actions} <= {str(each) for each in Action}


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_do_exactly_what_policy_says(
    front: "Front", ids: dict[str, str], role: Role
) -> None:
    granted = set(front.wiring.access.roles.get(role, []))
    expected, seen = {}, {}

    async with await front.caller("sam", role) as client:
        for method, path, operation in routes(front):
            if (method, path) in OPEN:
                continue
            (action,) = operation["security"][0]["token"]
            answer = await ask(client, method, path, ids)
            expected[method, path] = action in granted
            seen[method, path] = not _refused_by_policy(answer)

    assert seen == expected


async def test_what_policy_does_not_name_is_for_nobody(front: "Front", ids: dict[str, str]) -> None:
    front.wiring.access.roles = {}

    async with await front.caller("sam", *Role) as client:
        statuses = {
            (await ask(client, method, path, ids)).status_code
            for method, path, _ in routes(front)
            if (method, path) not in OPEN
        }

    assert statuses == {403}


def _refused_by_policy(answer: "httpx.Response") -> bool:
    """The ledger forbids, too, but in other words."""
    return answer.status_code == 403 and "your roles" in answer.json()["detail"]


async def test_from_another_tenant_there_is_nothing_and_nothing_is_told(
    front: "Front", ids: dict[str, str], device: Device
) -> None:
    stranger = await front.caller(
        "eve", *Role, tenant=TenantId("south"), groups=["approvers", "noc"]
    )
    walked = 0

    async with stranger as client:
        for method, path, _ in routes(front):
            if "{" not in path and path != "/v1/cases":
                continue
            foreign = await ask(client, method, path, ids)
            nothing = dict.fromkeys(ids, "no-such-thing") | {"kind": ids["kind"]}
            absent = await ask(client, method, path, nothing)
            if path == "/v1/cases" and method == "GET":
                assert foreign.json()["items"] == []
                continue
            walked += 1
            assert (method, path, foreign.status_code) == (method, path, 404)
            assert _same(foreign, ids.values()) == _same(absent, ["no-such-thing"])

    assert walked >= 12
    async with front.wiring.store.read() as tx:
        assert await tx.cases.list(TenantId("south")) == []


@pytest.mark.parametrize(
    "path",
    ["/v1/devices", "/v1/devices?search=SN1", "/v1/cases", "/v1/proposals", "/v1/changes"],
)
async def test_lists_of_another_tenant_are_empty(
    front: "Front", change: ChangeRecord, path: str
) -> None:
    async with await front.caller("eve", Role.SUPPORT, tenant=TenantId("south")) as client:
        theirs = (await client.get(path)).json()["items"]
    async with await front.caller("sam", Role.SUPPORT) as client:
        ours = (await client.get(path)).json()["items"]

    assert theirs == []
    assert len(ours) == 1


async def test_a_tenants_audit_trail_is_its_own(front: "Front", change: ChangeRecord) -> None:
    await front.token("sam", Role.SUPPORT)

    async with await front.caller("eve", Role.ADMIN, tenant=TenantId("south")) as client:
        entries = (await client.get("/v1/audit")).json()["items"]

    assert [json.loads(each["payload"])["principal"] for each in entries] == ["eve"]


def _same(response: "httpx.Response", asked: Iterable[str]) -> str:
    """A problem without what the caller itself sent."""
    problem = response.json()
    text = json.dumps({name: problem[name] for name in problem if name not in _OWN})
    for name in asked:
        text = text.replace(name, "...")
    return text


_OWN = ("instance", "request_id")
