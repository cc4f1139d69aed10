"""Walks every route under the shipped policy: each role, person and machine, scoped and ended."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import yaml
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api.actions import Action
from api.tokens import new_token, token_hash
from brain.domain.device import Device
from brain.domain.entrance import TokenRecord
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.record import ChangeRecord
from policies.access import Access
from policies.bundle import Bundle
from tests.api.conftest import NORTH, ROLES, SOUTH
from tests.api.rest import test_every_route as walk

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front
    from tests.conftest import FakeClock

PERSONS_ONLY = {
    *("approve", "break_glass", "manage_halt", "manage_policy", "manage_tokens"),
    *("manage_users", "manage_webhooks", "roll_out"),
}
GRANTED: dict[str, list[str]] = yaml.safe_load(ROLES.read_text())
UNLISTED = {"/v1/{rest:path}"}
"""It answers 404 to everybody: whatever is not a route."""


@pytest.fixture(scope="module")
def policy() -> Access:
    return Access(Bundle.load())


@pytest.fixture
def ruled(front: "Front", policy: Access) -> "Front":
    front.wiring.access = policy  # type: ignore[assignment]  # the real one
    return front


async def token_of(
    front: "Front",
    name: str,
    roles: Sequence[Role],
    *,
    kind: PrincipalKind = PrincipalKind.PERSON,
    tenant: TenantId = NORTH,
    scopes: frozenset[str] | None = None,
) -> str:
    """Also for somebody without a role, whom no command makes."""
    who = Principal(id=PrincipalId(name), tenant=tenant, kind=kind, roles=frozenset(roles))
    made, now = new_token(), front.wiring.clock()
    record = TokenRecord(
        tenant=tenant,
        principal=who.id,
        name=name,
        scopes=scopes,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    async with front.wiring.store.begin() as tx:
        await tx.principals.put(who, name)
        await tx.tokens.add(token_hash(made), record)
    return made


def guarded(front: "Front") -> list[tuple[str, str, str]]:
    """Method, path and action of each route that is not open to all."""
    return [
        (method, path, operation["security"][0]["token"][0])
        for method, path, operation in walk.routes(front)
        if (method, path) not in walk.OPEN
    ]


async def passed(front: "Front", token: str, ids: dict[str, str]) -> dict[tuple[str, str], bool]:
    """Of every guarded route, whether policy let this caller through."""
    found = {}
    async with front.client(token) as client:
        for method, path, _ in guarded(front):
            answer = await walk.ask(client, method, path, ids)
            assert answer.status_code not in (401, 500), (method, path)
            found[method, path] = not walk._refused_by_policy(answer)
    return found


def test_the_walk_sees_every_route_that_there_is(ruled: "Front") -> None:
    there = {
        (method, route.path)
        for route in _leaves(ruled.app.routes)
        if route.path not in UNLISTED
        for method in route.methods
    }
    seen = {(method, path) for method, path, _ in walk.routes(ruled)}

    assert seen == there
    assert len(guarded(ruled)) + len(walk.OPEN) == len(there) >= 25


@pytest.mark.parametrize("kind", list(PrincipalKind))
@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.slow
async def test_every_role_as_person_and_machine_passes_exactly_where_it_may(
    ruled: "Front", ids: dict[str, str], role: Role | None, kind: PrincipalKind
) -> None:
    token = await token_of(ruled, "sam", [role] if role else [], kind=kind)
    may = set(GRANTED[role]) if role else set()
    if kind is PrincipalKind.MACHINE:
        may -= PERSONS_ONLY

    seen = await passed(ruled, token, ids)

    expected = {(method, path): action in may for method, path, action in guarded(ruled)}
    assert seen == expected
    assert any(seen.values()) is (role is not None)


@pytest.mark.slow
async def test_a_scoped_token_passes_where_its_scope_is_and_its_roles_allow(
    ruled: "Front", ids: dict[str, str]
) -> None:
    named = {action for _, _, action in guarded(ruled)}
    assert named <= {each.value for each in Action}
    for action in sorted(named):
        token = await token_of(ruled, f"for-{action}", list(Role), scopes=frozenset({action}))
        seen = await passed(ruled, token, ids)
        assert seen == {(method, path): each == action for method, path, each in guarded(ruled)}


async def test_a_token_for_nothing_passes_nowhere(ruled: "Front", ids: dict[str, str]) -> None:
    token = await token_of(ruled, "idle", list(Role), scopes=frozenset())

    assert not any((await passed(ruled, token, ids)).values())


async def test_a_credential_that_ended_is_nobody_on_every_route(
    ruled: "Front", ids: dict[str, str], clock: "FakeClock"
) -> None:
    tokens = {name: await token_of(ruled, name, list(Role)) for name in ("gone", "out", "late")}
    async with ruled.wiring.store.begin() as tx:
        await tx.tokens.revoke(NORTH, "gone")
        await tx.principals.disable(NORTH, PrincipalId("out"), disabled=True)
    clock.advance(days=1)

    statuses = {
        await _status(ruled, token, method, path, ids)
        for token in tokens.values()
        for method, path, _ in guarded(ruled)
    }

    assert statuses <= {401, 429}  # so many wrong tokens are slowed down
    assert 401 in statuses


async def test_nothing_of_another_tenant_is_in_any_answer_or_header(
    ruled: "Front", ids: dict[str, str], device: Device, change: ChangeRecord
) -> None:
    token = await token_of(ruled, "eve", list(Role), tenant=SOUTH)
    theirs = {*ids.values(), device.serial, change.plan.digest, "sam", "north", "hunter2"}
    walked = 0

    async with ruled.client(token) as client:
        for method, path, _ in guarded(ruled):
            answer = await walk.ask(client, method, path, ids)
            told = answer.text + str(answer.headers)
            # A problem repeats what the caller itself asked for.
            sent = {value for name, value in ids.items() if f"{{{name}}}" in path}
            sent |= {ids["device"]} if path == "/v1/cases" else set()
            for value in sent:
                told = told.replace(value, "").replace(quote(value), "")
            named = [each for each in theirs if re.search(rf"\b{re.escape(each)}\b", told)]
            assert named == [], (method, path)
            walked += 1

    assert walked == len(guarded(ruled)) >= 25


async def test_what_is_forbidden_tells_nothing_of_the_thing(
    ruled: "Front", ids: dict[str, str]
) -> None:
    token = await token_of(ruled, "nobody-much", [])
    absent = dict.fromkeys(ids, "no-such-thing")

    async with ruled.client(token) as client:
        for method, path, _ in guarded(ruled):
            there = await walk.ask(client, method, path, ids)
            not_there = await walk.ask(client, method, path, absent)
            assert there.status_code == not_there.status_code == 403
            assert walk._same(there, ids.values()) == walk._same(not_there, ["no-such-thing"])


def _leaves(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """The application's own table, with what its routers hold."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _leaves(router.routes)


async def _status(front: "Front", token: str, method: str, path: str, ids: dict[str, str]) -> int:
    async with front.client(token) as client:
        answer: httpx.Response = await walk.ask(client, method, path, ids)
    return answer.status_code
