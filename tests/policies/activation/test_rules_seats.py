"""Behind each seat of a change of the rules sits another human, whatever their principals."""

from dataclasses import replace

import pytest

from api.binding import bind
from api.books import Books
from brain.domain.approval import Answer
from brain.domain.entrance import Binding, identity_of
from brain.domain.errors import Conflict, Forbidden
from brain.domain.identity import Principal, PrincipalKind
from brain.domain.policy_change import FOUND_HERE, PolicyChange, RulesState
from policies.activation import Activation
from policies.bundle import Bundle
from policies.starting import settle
from tests.policies.activation.conftest import LOOSER, NORTH, kept, person

pytestmark = pytest.mark.slow  # each lets a process of its own try the rules
ISSUER = "https://login.example.net"
ANN, BEN, DAN = person("ann", "policy"), person("ben", "policy"), person("dan", "policy")
JOB = person("job", kind=PrincipalKind.MACHINE)
IDENTITY = replace(person("x", "policy"), id=identity_of(ISSUER, "7"))


@pytest.fixture(autouse=True)
async def people(activation: Activation) -> None:
    async with activation.store.begin() as tx:
        for each in (ANN, IDENTITY, JOB):
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


async def found(activation: Activation, bundle: Bundle) -> PolicyChange:
    """Rules on the machine, which take two people."""
    return await activation.propose(FOUND_HERE, bundle.with_numbers(LOOSER), "")


async def keep(activation: Activation, who: Principal) -> None:
    async with activation.store.begin() as tx:
        await tx.principals.put(who, "somebody")


async def shut_out(activation: Activation, who: Principal) -> None:
    async with activation.store.begin() as tx:
        await tx.principals.disable(NORTH, who.id, disabled=True)


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
    change = await found(activation, bundle)
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


@pytest.mark.parametrize("how", ["shut out", "out of the group"])
async def test_an_approver_of_rules_who_is_gone_counts_no_more(
    activation: Activation, bundle: Bundle, how: str
) -> None:
    change = await found(activation, bundle)
    await says(activation, BEN, change)
    if how == "shut out":
        await shut_out(activation, BEN)
    else:
        await keep(activation, replace(BEN, groups=frozenset()))

    waits = await says(activation, DAN, change)

    assert waits.state is RulesState.PROPOSED
    assert activation.policy.bundle is bundle
    assert (await says(activation, ANN, change)).state is RulesState.ACTIVE


async def test_the_owner_of_a_service_does_not_approve_the_rules_that_it_proposed(
    activation: Activation, bundle: Bundle
) -> None:
    change = await activation.propose("job", bundle.with_numbers(LOOSER), "")

    with pytest.raises(Forbidden, match="nobody knows whose service job is"):
        await says(activation, BEN, change)
    await keep(activation, replace(JOB, owner=BEN.id))
    with pytest.raises(Forbidden, match="their own"):
        await says(activation, BEN, change)

    assert await kept(activation, change) == change
    assert (await says(activation, DAN, change)).state is RulesState.ACTIVE


async def test_whoever_becomes_the_owner_after_they_approved_the_rules_counts_no_more(
    activation: Activation, bundle: Bundle
) -> None:
    two = bundle.with_numbers({"limits": {"approvals": {"policy": 2}}})
    await activation.policy.exchange(two)
    async with activation.store.begin() as tx:
        await activation.begin(tx, two, reason="two people")
    await keep(activation, replace(JOB, owner=ANN.id))
    change = await activation.propose("job", two.with_numbers(LOOSER), "")
    await says(activation, BEN, change)
    await keep(activation, replace(JOB, owner=BEN.id))

    assert (await says(activation, DAN, change)).state is RulesState.PROPOSED

    assert activation.policy.bundle is two


async def approved_but_for_a_crash(
    activation: Activation, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> PolicyChange:
    change = await activation.propose("ana", bundle.with_numbers(LOOSER), "")

    async def ends(_bundle: Bundle) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(activation.policy, "prepared", ends)
        with pytest.raises(SystemExit):
            await says(activation, BEN, change)
    return change


async def test_rules_that_were_approved_when_the_process_ended_are_taken_up_at_the_start(
    activation: Activation, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await approved_but_for_a_crash(activation, bundle, monkeypatch)

    taken = await settle(activation, bundle)

    assert taken is not None
    assert (taken.id, taken.state) == (change.id, RulesState.ACTIVE)
    assert activation.policy.bundle.revision == change.revision


async def test_and_not_when_whoever_approved_them_was_shut_out_meanwhile(
    activation: Activation, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await approved_but_for_a_crash(activation, bundle, monkeypatch)
    await shut_out(activation, BEN)

    assert await settle(activation, bundle) is None

    assert activation.policy.bundle is bundle
    after = await kept(activation, change)
    assert after is not None
    assert after.state is RulesState.PROPOSED


async def test_whoever_approved_and_left_the_group_is_not_among_those_who_count(
    activation: Activation, bundle: Bundle
) -> None:
    change = await found(activation, bundle)
    for each in (BEN, DAN):
        await keep(activation, each)
    change = await says(activation, BEN, change)
    assert await activation.counted(change) == {BEN.id}

    await keep(activation, replace(BEN, groups=frozenset()))
    assert change.approvers == {BEN.id}
    assert await activation.counted(change) == frozenset()

    await keep(activation, BEN)
    await shut_out(activation, BEN)
    assert await activation.counted(change) == frozenset()
