"""Behind each seat of a change of the rules sits another human, whatever their principals."""

from dataclasses import replace

import pytest

from api.binding import bind
from api.books import Books
from brain.domain.approval import Answer
from brain.domain.entrance import Binding, identity_of
from brain.domain.errors import Conflict, Forbidden
from brain.domain.identity import Principal
from brain.domain.policy_change import FOUND_HERE, PolicyChange, RulesState
from policies.activation import Activation
from policies.bundle import Bundle
from tests.policies.activation.conftest import LOOSER, NORTH, kept, person

ISSUER = "https://login.example.net"
ANN, BEN, DAN = person("ann", "policy"), person("ben", "policy"), person("dan", "policy")
IDENTITY = replace(person("x", "policy"), id=identity_of(ISSUER, "7"))


@pytest.fixture(autouse=True)
async def people(activation: Activation) -> None:
    async with activation.store.begin() as tx:
        for each in (ANN, BEN, DAN, IDENTITY):
            await tx.principals.put(each, "somebody")


async def says(
    activation: Activation, who: Principal, change: PolicyChange, answer: Answer = Answer.APPROVE
) -> PolicyChange:
    return await activation.answer(who, change.id, revision=change.revision, answer=answer)


async def link(activation: Activation) -> None:
    async with activation.store.begin() as tx:
        now = activation.clock()
        books = Books(tx=tx, audit=activation.audit, by="boss", at=now)
        await bind(books, NORTH, "ann", ISSUER, "7")


async def links(activation: Activation) -> list[Binding]:
    async with activation.store.read() as tx:
        return await tx.bindings.list(NORTH)


async def test_an_identity_that_proposed_rules_is_not_linked_before_that_is_over(
    activation: Activation, bundle: Bundle
) -> None:
    change = await activation.propose(IDENTITY.id, bundle.with_numbers(LOOSER), "")

    with pytest.raises(Conflict, match=f"a change of the rules, {change.id}"):
        await link(activation)
    assert await links(activation) == []

    await says(activation, BEN, change, Answer.REJECT)
    await link(activation)
    assert len(await links(activation)) == 1


async def test_an_identity_that_approved_rules_is_not_linked_before_that_is_over(
    activation: Activation, bundle: Bundle
) -> None:
    change = await activation.propose(FOUND_HERE, bundle.with_numbers(LOOSER), "")
    await says(activation, IDENTITY, change)

    with pytest.raises(Conflict, match=f"a change of the rules, {change.id}"):
        await link(activation)

    assert await links(activation) == []


async def test_a_link_made_all_the_same_makes_both_the_proposer(
    activation: Activation, bundle: Bundle
) -> None:
    change = await activation.propose(IDENTITY.id, bundle.with_numbers(LOOSER), "")
    binding = Binding(
        tenant=NORTH,
        principal=ANN.id,
        issuer=ISSUER,
        subject="7",
        by="boss",
        at=activation.clock(),
    )
    async with activation.store.begin() as tx:
        await tx.bindings.add(binding)  # at the very moment in which it proposed

    with pytest.raises(Forbidden, match="their own"):
        await says(activation, ANN, change)

    assert await kept(activation, change) == change
    assert activation.policy.bundle is bundle
    assert (await says(activation, BEN, change)).state is RulesState.ACTIVE
