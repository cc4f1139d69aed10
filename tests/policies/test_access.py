"""Who may do what: asked of the bundle, and no unless it is a plain yes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput, PolicyUnavailable
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from policies.access import Access, Entry
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
        (Role.AUTOMATION, "chat", True),
        (Role.AUTOMATION, "approve", False),
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


@pytest.mark.parametrize("answer", [None, 1, "true", {}, [True], False])
async def test_anything_but_a_plain_yes_is_no(
    bundle: Bundle, told: Callable[..., "Told"], answer: object
) -> None:
    engine = told(answer)

    assert not await Access(bundle, engine=engine).allowed(principal(Role.ADMIN), "read")
    assert [entrypoint for entrypoint, _ in engine.asked] == [ACCESS]


LEADS: dict[str, Json] = {"tenant": "north", "roles": ["approver"], "groups": ["noc"]}


async def test_groups_of_the_identity_provider_are_worth_what_the_operator_said(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("identity: {groups: {leads: {tenant: north, roles: [approver], groups: [noc]}}}")
    bundle = Bundle.load(data=own)
    access = Access(bundle)

    assert await access.entry(["gardeners", "leads"]) == Entry(
        tenant=TenantId("north"),
        roles=frozenset({Role.APPROVER}),
        groups=frozenset({"noc"}),
        revision=bundle.revision,
    )
    assert await access.entry(["gardeners"]) is None
    assert await access.entry([]) is None


async def test_as_shipped_no_group_is_worth_anything(access: Access) -> None:
    assert await access.entry(["admin", "operator", "leads", ""]) is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        True,
        [],
        {},
        {**LEADS, "tenant": ""},
        {**LEADS, "tenant": None},
        {**LEADS, "roles": []},
        {**LEADS, "roles": ["king"]},
        {**LEADS, "roles": "approver"},
        {**LEADS, "groups": None},
        {**LEADS, "groups": [1]},
        {**LEADS, "more": 1},
    ],
)
async def test_what_cannot_be_read_lets_nobody_in(
    bundle: Bundle, told: Callable[..., "Told"], answer: object
) -> None:
    assert await Access(bundle, engine=told(LEADS)).entry(["leads"]) is not None
    assert await Access(bundle, engine=told(answer)).entry(["leads"]) is None


@pytest.mark.parametrize(
    "worth",
    [
        "{tenant: north, roles: [king], groups: []}",
        "{tenant: north, roles: [], groups: []}",
        "{tenant: '', roles: [support], groups: []}",
        "{roles: [support], groups: []}",
        "{tenant: north, roles: [support], groups: [], more: 1}",
    ],
)
def test_a_mapping_that_is_not_right_is_refused_at_the_start(tmp_path: Path, worth: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"identity: {{groups: {{leads: {worth}}}}}")

    with pytest.raises(InvalidInput, match="policy data: identity"):
        Bundle.load(data=own)


@pytest.mark.parametrize("said", [(PolicyUnavailable("down"),), (True, "other"), (LEADS, "other")])
async def test_when_policy_cannot_be_asked_nobody_is_told_that_their_roles_lack_something(
    bundle: Bundle, told: Callable[..., "Told"], said: tuple[object, ...]
) -> None:
    access = Access(bundle, engine=told(*said))

    with pytest.raises(PolicyUnavailable, match="policy cannot be asked"):
        await access.allowed(principal(Role.ADMIN), "read")
    with pytest.raises(PolicyUnavailable, match="policy cannot be asked"):
        await access.entry(["leads"])
