"""Whoever may do more under other rules is found, whichever way it comes about."""

from typing import Any

import pytest

from brain.domain.policy_change import RulesState
from policies.activation import Activation
from policies.bundle import Bundle
from policies.widening import BRAKES, lost, widened

pytestmark = pytest.mark.slow  # each lets a process of its own try the rules


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


async def test_a_role_that_loses_one_of_the_brakes_is_said(bundle: Bundle) -> None:
    table: Any = bundle.data["roles"]
    kept = [each for each in table["operator"] if each not in ("approve", "manage_halt")]
    fewer = bundle.with_numbers({"roles": {"operator": kept}})

    assert await lost(bundle, fewer) == ("operator: approve", "operator: manage_halt")
    assert await widened(bundle, fewer) == ()
    assert await lost(fewer, bundle) == ()


async def test_a_role_that_loses_something_else_loses_no_brake(bundle: Bundle) -> None:
    assert await lost(bundle, bundle.with_numbers({"roles": {"support": ["read"]}})) == ()


async def test_a_rule_that_takes_a_brake_away_is_found_as_well_as_a_table(bundle: Bundle) -> None:
    modules = dict(bundle.modules)
    modules["gatewright/access/access.rego"] = modules["gatewright/access/access.rego"].replace(
        "_granted if {", '_granted if {\n\tinput.action != "manage_halt"'
    )

    found = await lost(bundle, Bundle.of(modules, bundle.data))

    assert "operator: manage_halt" in found
    assert not any("approve" in each.partition(": ")[2] for each in found)


@pytest.mark.parametrize("brake", BRAKES)
async def test_nobody_takes_a_brake_from_everybody_alone(
    activation: Activation, bundle: Bundle, brake: str
) -> None:
    table: Any = bundle.data["roles"]
    none = {role: [each for each in may if each != brake] for role, may in table.items()}

    change = await activation.propose("ana", bundle.with_numbers({"roles": {**none}}), "quiet")

    assert change.state is RulesState.PROPOSED
    assert any(
        "no longer stop or approve anything: " in each and brake in each for each in change.why
    )
    assert activation.policy.bundle is bundle
