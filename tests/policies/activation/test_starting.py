"""At a start the rules that were active decide, not those that lie there."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from brain.domain.approval import Answer
from brain.domain.errors import InvalidInput
from brain.domain.policy_change import PolicyChange, RulesState
from policies.activation import Activation
from policies.bundle import Bundle
from policies.packed import members, pack
from policies.starting import rules_at_start, settle
from tests.policies.activation.conftest import LOOSER, NORTH, STRICTER, kinds, person

pytestmark = pytest.mark.slow


async def test_at_a_start_the_active_rules_decide_and_those_here_are_proposed_once(
    activation: Activation, bundle: Bundle, reviewed: str
) -> None:
    here = bundle.with_numbers(LOOSER)

    serving = await rules_at_start(activation.store, NORTH, here)
    first = await settle(activation, here)
    second = await settle(activation, here)

    assert serving == bundle
    assert first is not None
    assert (first.state, first.proposed_by) == (RulesState.PROPOSED, "gatewright")
    assert second is None
    assert activation.policy.bundle is bundle


async def test_rules_found_here_take_two_people_since_one_of_them_may_have_put_them_there(
    activation: Activation, bundle: Bundle, reviewed: str
) -> None:
    change = await settle(activation, bundle.with_numbers(LOOSER))
    assert change is not None

    async def approved_by(name: str) -> PolicyChange:
        who, revision = person(name, "policy"), change.revision
        return await activation.answer(who, change.id, revision=revision, answer=Answer.APPROVE)

    assert change.needed == 2
    assert (await approved_by("ed")).state is RulesState.PROPOSED
    assert (await approved_by("ed")).state is RulesState.PROPOSED, "one person, however often"
    assert activation.policy.bundle is bundle
    assert (await approved_by("ben")).state is RulesState.ACTIVE


async def test_rules_here_that_loosen_nothing_become_active_after_the_start(
    activation: Activation, bundle: Bundle
) -> None:
    here = bundle.with_numbers(STRICTER)

    change = await settle(activation, here)

    assert change is not None
    assert change.state is RulesState.ACTIVE
    assert await rules_at_start(activation.store, NORTH, bundle) == here


async def test_active_rules_that_cannot_be_read_stop_the_start_unless_those_here_are_adopted(
    activation: Activation, bundle: Bundle
) -> None:
    here = bundle.with_numbers(STRICTER)
    files = members(bundle.modules, {"limits": {}}, "an older shape")
    async with activation.store.begin() as tx:
        active = await tx.policy_changes.active(NORTH)
        assert active is not None
        older = replace(active, id="pol_old", revision="an older shape")
        await tx.policy_changes.swap(active, active.moved(RulesState.RETIRED, active.proposed_at))
        await tx.policy_changes.add(older, pack(files))

    with pytest.raises(InvalidInput, match="cannot read the active rules") as stopped:
        await rules_at_start(activation.store, NORTH, here)
    assert here.revision in stopped.value.remedy
    with pytest.raises(InvalidInput):
        await rules_at_start(activation.store, NORTH, here, adopt=bundle.revision)
    assert await rules_at_start(activation.store, NORTH, here, adopt=here.revision) is here

    await activation.policy.exchange(here)
    adopted = await settle(activation, here)
    assert adopted is not None
    assert adopted.state is RulesState.ACTIVE
    assert (await kinds(activation))[-1] == "policy.adopted"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE policy_changes SET state = 'retired'", "DELETE FROM policy_changes"],
)
async def test_rules_whose_rows_were_taken_away_by_sql_are_not_begun_with_anew(
    activation: Activation, bundle: Bundle, statement: str
) -> None:
    looser = bundle.with_numbers(LOOSER)
    async with activation.store.begin() as tx:
        await tx.policy_changes._db.run(text(statement))

    with pytest.raises(InvalidInput, match="gone from the database") as stopped:
        await rules_at_start(activation.store, NORTH, looser)
    assert f"GATEWRIGHT_ADOPT_POLICY={looser.revision}" in stopped.value.remedy
    assert await settle(activation, looser) is None
    async with activation.store.read() as tx:
        assert await tx.policy_changes.active(NORTH) is None
    assert await kinds(activation) == ["policy.activated"]


async def test_they_are_adopted_where_an_operator_says_so_and_the_audit_trail_says_it_too(
    activation: Activation, bundle: Bundle
) -> None:
    here = bundle.with_numbers(STRICTER)
    async with activation.store.begin() as tx:
        await tx.policy_changes._db.run(text("DELETE FROM policy_changes"))

    adopt = here.revision
    assert await rules_at_start(activation.store, NORTH, here, adopt=adopt) is here
    adopted = await settle(activation, here, adopt=adopt)

    assert adopted is not None
    assert (adopted.state, adopted.loosens) == (RulesState.ACTIVE, True)
    assert await kinds(activation) == ["policy.activated", "policy.adopted"]
