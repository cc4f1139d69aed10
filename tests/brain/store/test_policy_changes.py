"""Changes of the rules: replaced only as they were read, and never by whoever can write SQL."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from brain.domain.errors import Conflict, Unreadable
from brain.domain.identity import TenantId
from brain.domain.policy_change import PolicyChange, RulesState
from brain.store.store import Store

NORTH = TenantId("north")
CHANGE = PolicyChange(
    id="pol_1",
    tenant=NORTH,
    revision="r1",
    base="",
    state=RulesState.PROPOSED,
    proposed_by="ana",
    reason="",
    proposed_at=datetime(2026, 1, 1, tzinfo=UTC),
    loosens=True,
    needed=1,
)
ACTIVE = replace(CHANGE, state=RulesState.ACTIVE)


@pytest.fixture
async def kept(any_store: Store) -> Store:
    async with any_store.begin() as tx:
        await tx.policy_changes.add(CHANGE, b"rules")
    return any_store


async def test_it_comes_back_with_its_rules_and_is_active_only_once_it_is(kept: Store) -> None:
    async with kept.begin() as tx:
        before = await tx.policy_changes.active(NORTH)
        await tx.policy_changes.swap(CHANGE, ACTIVE)
        after = await tx.policy_changes.active(NORTH)
        content = await tx.policy_changes.content(ACTIVE)

    assert (before, after, content) == (None, ACTIVE, b"rules")


async def test_what_was_not_read_as_it_is_is_not_replaced(kept: Store) -> None:
    async with kept.begin() as tx:
        await tx.policy_changes.swap(CHANGE, ACTIVE)

    with pytest.raises(Conflict):
        async with kept.begin() as tx:
            await tx.policy_changes.swap(CHANGE, replace(CHANGE, state=RulesState.REJECTED))

    async with kept.read() as tx:
        assert await tx.policy_changes.get(NORTH, "pol_1") == ACTIVE


@pytest.mark.parametrize(
    "attack", ["state = 'active'", "version = version + 1", "sealed = content", "tenant = 'south'"]
)
async def test_a_row_that_was_altered_is_not_believed(kept: Store, attack: str) -> None:
    async with kept.begin() as tx:
        await tx.policy_changes._db.run(text(f"UPDATE policy_changes SET {attack}"))

    async with kept.read() as tx:
        with pytest.raises(Unreadable):
            await tx.policy_changes.list(TenantId("south" if "south" in attack else "north"))


async def test_rules_put_in_the_place_of_others_are_not_believed(kept: Store) -> None:
    other = replace(CHANGE, id="pol_2")
    async with kept.begin() as tx:
        await tx.policy_changes.add(other, b"other rules")
        await tx.policy_changes._db.run(
            text(
                "UPDATE policy_changes SET content = "
                "(SELECT content FROM policy_changes WHERE id = 'pol_2') WHERE id = 'pol_1'"
            )
        )

    async with kept.read() as tx:
        with pytest.raises(Unreadable):
            await tx.policy_changes.content(CHANGE)


async def test_two_that_are_active_are_an_error_and_no_choice(kept: Store) -> None:
    async with kept.begin() as tx:
        await tx.policy_changes.swap(CHANGE, ACTIVE)
        await tx.policy_changes.add(replace(ACTIVE, id="pol_2"), b"rules")

    async with kept.read() as tx:
        with pytest.raises(Unreadable):
            await tx.policy_changes.active(NORTH)
