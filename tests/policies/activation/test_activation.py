"""Rules that loosen nothing are active at once; all others wait for another person."""

import json
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.approval import Answer
from brain.domain.errors import Conflict, Forbidden, NotFound, PolicyUnavailable
from brain.domain.identity import Principal, PrincipalKind
from brain.domain.policy_change import PolicyChange, RulesState
from policies.activation import Activation
from policies.bundle import Bundle
from tests.policies.activation.conftest import LOOSER, NORTH, SOUTH, STRICTER, kept, kinds, person

pytestmark = pytest.mark.slow

BEN, CAT = person("ben", "policy"), person("cat", "approvers")


async def test_rules_that_loosen_nothing_are_active_at_once(
    activation: Activation, bundle: Bundle, reviewed: str, told: list[str]
) -> None:
    new = bundle.with_numbers(STRICTER)

    change = await activation.propose("ana", new, "smaller plans")

    assert (change.state, change.loosens) == (RulesState.ACTIVE, False)
    assert activation.policy.bundle.revision == new.revision
    assert told == [new.revision]
    async with activation.store.read() as tx:
        active = await tx.policy_changes.active(NORTH)
        states = [each.state for each in await tx.policy_changes.list(NORTH)]
    assert active == change
    assert sorted(states) == [RulesState.ACTIVE, RulesState.RETIRED]
    assert await kinds(activation) == ["policy.activated", "policy.proposed", "policy.activated"]


async def test_rules_that_loosen_a_past_review_wait_for_another_person(
    activation: Activation, bundle: Bundle, reviewed: str, told: list[str]
) -> None:
    change = await activation.propose("ana", bundle.with_numbers(LOOSER), "fewer reviews")

    assert (change.state, change.loosens, change.needed) == (RulesState.PROPOSED, True, 1)
    assert activation.policy.bundle is bundle
    assert (json.loads(change.replay)["looser"], told) == (1, [])
    assert reviewed not in change.replay, "the decision is another tenant's"

    approved = await activation.answer(
        BEN, change.id, revision=change.revision, answer=Answer.APPROVE
    )

    assert approved.state is RulesState.ACTIVE
    assert activation.policy.bundle.revision == change.revision
    assert told == [change.revision]
    assert (await kinds(activation))[-2:] == ["policy.approved", "policy.activated"]


async def test_nobody_approves_their_own_and_no_machine_and_no_stranger_to_the_group(
    activation: Activation, bundle: Bundle, reviewed: str
) -> None:
    change = await activation.propose("ben", bundle.with_numbers(LOOSER), "")

    for who in (BEN, CAT, person("job", "policy", kind=PrincipalKind.MACHINE)):
        with pytest.raises(Forbidden):
            await activation.answer(who, change.id, revision=change.revision, answer=Answer.APPROVE)
    south = replace(BEN, tenant=SOUTH)
    with pytest.raises(NotFound):
        await activation.answer(south, change.id, revision=change.revision, answer=Answer.APPROVE)
    with pytest.raises(Conflict):
        await activation.answer(
            person("dan", "policy"), change.id, revision="0" * 64, answer=Answer.APPROVE
        )

    assert activation.policy.bundle is bundle
    assert await kept(activation, change) == change


async def test_two_people_are_asked_where_the_active_rules_ask_for_two_and_each_counts_once(
    activation: Activation, bundle: Bundle, reviewed: str
) -> None:
    two = bundle.with_numbers({"limits": {"approvals": {"policy": 2}}})
    await activation.policy.exchange(two)
    async with activation.store.begin() as tx:
        await activation.begin(tx, two, reason="two people")
    change = await activation.propose("ana", two.with_numbers(LOOSER), "")

    async def says(who: Principal, answer: Answer) -> PolicyChange:
        return await activation.answer(who, change.id, revision=change.revision, answer=answer)

    dan = person("dan", "policy")
    for who, answer in ((BEN, Answer.APPROVE), (BEN, Answer.APPROVE), (BEN, Answer.TAKE_BACK)):
        assert (await says(who, answer)).state is RulesState.PROPOSED
    assert (await says(dan, Answer.APPROVE)).state is RulesState.PROPOSED
    assert activation.policy.bundle is two
    assert (await says(BEN, Answer.APPROVE)).state is RulesState.ACTIVE


async def test_a_rejection_ends_it_and_an_approval_after_that_counts_for_nothing(
    activation: Activation, bundle: Bundle, reviewed: str
) -> None:
    change = await activation.propose("ana", bundle.with_numbers(LOOSER), "")

    rejected = await activation.answer(
        BEN, change.id, revision=change.revision, answer=Answer.REJECT, comment="no"
    )

    assert rejected.state is RulesState.REJECTED
    with pytest.raises(Conflict):
        await activation.answer(
            person("dan", "policy"), change.id, revision=change.revision, answer=Answer.APPROVE
        )
    assert activation.policy.bundle is bundle


async def test_what_was_compared_with_other_rules_than_the_active_ones_is_proposed_anew(
    activation: Activation, bundle: Bundle, reviewed: str
) -> None:
    change = await activation.propose("ana", bundle.with_numbers(LOOSER), "")
    await activation.propose("ana", bundle.with_numbers(STRICTER), "")

    with pytest.raises(Conflict, match="compared"):
        await activation.answer(BEN, change.id, revision=change.revision, answer=Answer.APPROVE)

    assert activation.policy.bundle.data["limits"] == bundle.with_numbers(STRICTER).data["limits"]


async def test_a_role_that_gains_an_action_needs_a_person_whatever_the_past_says(
    activation: Activation, bundle: Bundle
) -> None:
    roles: Any = dict(bundle.data["roles"])  # type: ignore[arg-type]  # a mapping
    more = bundle.with_numbers({"roles": {"support": [*roles["support"], "approve"]}})
    less = bundle.with_numbers({"roles": {"support": ["read"]}})

    wider = await activation.propose("ana", more, "")
    narrower = await activation.propose("ana", less, "")

    assert wider.widened == ("support: approve",)
    assert (wider.state, narrower.state) == (RulesState.PROPOSED, RulesState.ACTIVE)


async def test_rules_that_no_engine_takes_are_not_even_proposed(
    activation: Activation, bundle: Bundle
) -> None:
    broken = dict(bundle.modules)
    broken["gatewright/core/core.rego"] += "\n_broken if {\n"

    with pytest.raises(PolicyUnavailable):
        await activation.propose("ana", Bundle.of(broken, bundle.data), "")
    with pytest.raises(Conflict, match="already"):
        await activation.propose("ana", bundle, "")

    assert activation.policy.bundle is bundle
    assert await kinds(activation) == ["policy.activated"]


async def test_rules_that_crash_the_engine_do_not_crash_whoever_they_are_proposed_to(
    activation: Activation, bundle: Bundle, crashing: Bundle
) -> None:
    with pytest.raises(PolicyUnavailable, match="does not take"):
        await activation.propose("ana", crashing, "")

    assert activation.policy.bundle is bundle
    assert await kinds(activation) == ["policy.activated"]


async def test_a_looser_number_that_no_past_decision_touched_waits_and_says_why(
    activation: Activation, bundle: Bundle
) -> None:
    numbers: dict[str, Any] = {"limits": {"machines": {"tried": 1}}}

    change = await activation.propose("ana", bundle.with_numbers(numbers), "faster")

    assert change.state is RulesState.PROPOSED
    why, *_ = change.why
    assert "limits.machines.tried goes from 30 to 1" in why
    assert activation.policy.bundle is bundle


async def test_source_that_no_past_decision_touched_waits_and_says_why(
    activation: Activation, bundle: Bundle
) -> None:
    never = dict(bundle.modules)
    name = "gatewright/change/resets/resets.rego"
    head = next(line for line in never[name].splitlines() if line.startswith("deny contains"))
    never[name] = never[name].replace(head, head + "\n\tfalse", 1)

    change = await activation.propose("ana", Bundle.of(never, bundle.data), "resets")

    assert change.state is RulesState.PROPOSED
    why, *_ = change.why
    assert f"{name} changes in more than its comments" in why
    assert activation.policy.bundle is bundle
