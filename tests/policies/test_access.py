"""Who may do what: asked of the bundle, and no unless it is a plain yes."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from policies.access import Access
from policies.bundle import Bundle
from policies.engine import ACCESS

if TYPE_CHECKING:
    from tests.policies.conftest import Told


def principal(*roles: Role, kind: PrincipalKind = PrincipalKind.PERSON) -> Principal:
    return Principal(
        id=PrincipalId("ann"), tenant=TenantId("north"), kind=kind, roles=frozenset(roles)
    )


@pytest.fixture(scope="module")
def access(bundle: Bundle) -> Access:
    return Access(bundle)


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        (Role.SUPPORT, "propose", True),
        (Role.SUPPORT, "approve", False),
        (Role.APPROVER, "approve", True),
        (Role.APPROVER, "propose", False),
        (Role.OPERATOR, "manage_halt", True),
        (Role.AUTOMATION, "chat", False),
        (Role.ADMIN, "manage_tokens", True),
        (Role.ADMIN, "approve", False),
        (Role.ADMIN, "", False),
        (Role.ADMIN, "anything", False),
    ],
)
async def test_a_role_may_do_what_it_is_for(
    access: Access, role: Role, action: str, may: bool
) -> None:
    assert await access.allowed(principal(role), action) is may


async def test_a_scope_takes_away_and_never_gives(access: Access) -> None:
    for scopes, action, may in (
        ({"read"}, "read", True),
        ({"read"}, "propose", False),
        (set(), "read", False),
        ({"approve"}, "approve", False),
    ):
        who = replace(principal(Role.SUPPORT), scopes=frozenset(scopes))
        assert await access.allowed(who, action) is may


async def test_without_a_role_nobody_may_read(access: Access) -> None:
    assert not await access.allowed(principal(), "read")


async def test_a_machine_does_not_approve(access: Access) -> None:
    job = principal(Role.APPROVER, kind=PrincipalKind.MACHINE)

    assert await access.allowed(job, "read")
    assert not await access.allowed(job, "approve")


async def test_another_tenant_is_out_of_reach(access: Access) -> None:
    who = principal(Role.SUPPORT)

    assert await access.allowed(who, "read", tenant=TenantId("north"))
    assert not await access.allowed(who, "read", tenant=TenantId("south"))
    assert not await access.allowed(who, "read", tenant=TenantId(""))


@pytest.mark.parametrize("answer", [None, 1, "true", {}, [True], PolicyUnavailable("down"), False])
async def test_anything_but_a_plain_yes_is_no(
    bundle: Bundle, told: Callable[..., "Told"], answer: object
) -> None:
    engine = told(answer)

    assert not await Access(bundle, engine=engine).allowed(principal(Role.ADMIN), "read")
    assert [entrypoint for entrypoint, _ in engine.asked] == [ACCESS]


async def test_a_yes_of_another_bundle_is_no(bundle: Bundle, told: Callable[..., "Told"]) -> None:
    assert await Access(bundle, engine=told(True)).allowed(principal(Role.ADMIN), "read")
    assert not await Access(bundle, engine=told(True, "other")).allowed(
        principal(Role.ADMIN), "read"
    )
