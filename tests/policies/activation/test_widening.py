"""Whoever may do more under other rules is found, whichever way it comes about."""

from typing import Any

import pytest

from policies.bundle import Bundle
from policies.widening import widened


def with_access(bundle: Bundle, rule: str) -> Bundle:
    modules = dict(bundle.modules)
    modules["gatewright/access/access.rego"] += f"\n{rule}\n"
    return Bundle.of(modules, bundle.data)


def roles(bundle: Bundle, **more: list[str]) -> Bundle:
    table: Any = bundle.data["roles"]
    return bundle.with_numbers({"roles": {role: [*table[role], *more[role]] for role in more}})


async def test_the_same_and_fewer_are_no_gain(bundle: Bundle) -> None:
    fewer = bundle.with_numbers({"roles": {"support": ["read"]}})

    assert await widened(bundle, bundle) == ()
    assert await widened(bundle, fewer) == ()


async def test_a_role_that_gains_an_action_is_said_once(bundle: Bundle) -> None:
    found = await widened(bundle, roles(bundle, support=["approve"]))

    assert found == ("support: approve",)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('allow if input.action == "fly"', "support: fly in another tenant"),
        ('allow if "support" in input.principal.roles', "support (machine): approve"),
    ],
)
async def test_a_rule_that_grants_is_found_as_well_as_a_table(
    bundle: Bundle, rule: str, said: str
) -> None:
    assert said in await widened(bundle, with_access(bundle, rule))


async def test_what_takes_two_roles_is_found(bundle: Bundle) -> None:
    rule = (
        'allow if {\n\t"support" in input.principal.roles\n'
        '\t"approver" in input.principal.roles\n\tinput.action == "fly"\n}'
    )

    assert "approver and support: fly" in await widened(bundle, with_access(bundle, rule))


async def test_a_group_of_the_identity_provider_that_is_worth_more_is_found(
    bundle: Bundle,
) -> None:
    def with_group(*roles: str) -> Bundle:
        worth: Any = {"tenant": "default", "roles": [*roles], "groups": []}
        return bundle.with_numbers({"identity": {"groups": {"staff": worth}}})

    assert await widened(bundle, with_group("support")) == ("identity provider's staff: support",)
    assert await widened(with_group("support", "admin"), with_group("support")) == ()
