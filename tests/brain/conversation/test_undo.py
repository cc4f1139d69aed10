"""Undo that: the backed-up values come back, through the same gate as every change."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import PrincipalId
from brain.domain.life import State
from brain.domain.proposal import Author, Cause
from brain.domain.verdict import Decision
from evals.workbench import CHANNEL

if TYPE_CHECKING:
    from tests.brain.conversation.conftest import Talk

WISH = "Put the 2.4 GHz wifi on channel 11"


@pytest.mark.parametrize(
    "words",
    ["undo that", "mach das rückgängig", "draai dat terug", "deshazlo por favor", "annule ça"],
)
async def test_the_last_applied_change_is_taken_back_by_a_proposal(
    talk: "Talk", words: str
) -> None:
    first = await talk.carried_out(await talk.one(WISH))
    assert talk.bench.tree[CHANNEL] == "11"

    said = await talk.one(words)
    record = await talk.change(said)

    assert talk.bench.tree[CHANNEL] == "11"  # a proposal only
    assert (first.state, record.case, record.author) == (
        State.SUCCEEDED,
        talk.case.id,
        Author.RULES,
    )
    assert [(c.path, c.before, c.after) for c in record.plan.sets] == [(CHANNEL, "11", "6")]
    assert record.cause is Cause.REQUESTED
    assert first.id in said.text
    assert (await talk.carried_out(said)).state is State.SUCCEEDED
    assert talk.bench.tree[CHANNEL] == "6"


async def test_policy_judges_the_undoing_as_it_judges_every_change(talk: "Talk") -> None:
    first = await talk.carried_out(await talk.one(WISH))

    record = await talk.change(await talk.one("undo that"))

    assert record.verdict.decision is first.verdict.decision is Decision.REVIEW
    assert record.verdict.obligations.approvals == first.verdict.obligations.approvals
    assert record.state is State.AWAITING_APPROVAL
    assert record.verdict.decision_id != first.verdict.decision_id


async def test_undoing_somebody_elses_change_needs_an_approval_of_its_own(talk: "Talk") -> None:
    await talk.carried_out(await talk.one(WISH))
    tina = replace(talk.bench.sam, id=PrincipalId("tina"))
    async with talk.bench.store.begin() as tx:
        await tx.principals.put(tina, "Tina")

    record = await talk.change(await talk.one("undo that", tina))

    assert record.asked_by == "tina"
    assert record.state is State.AWAITING_APPROVAL
    async with talk.bench.store.read() as tx:
        assert await tx.approvals.of_change(record.tenant, record.id) == []
    assert talk.bench.tree[CHANNEL] == "11"


async def test_nothing_to_undo_is_said(talk: "Talk") -> None:
    said = await talk.one("undo that")

    assert said.kind == "text"
    assert "nothing to undo: no change of this case was applied" in said.text
    assert await talk.changes() == []


async def test_a_change_of_another_case_is_not_this_cases_to_undo(talk: "Talk") -> None:
    bench = talk.bench
    await bench.run((await bench.approved(bench.proposal(case="cas_2"))).id)
    assert bench.tree[CHANNEL] == "11"

    said = await talk.one("undo that")

    assert "nothing to undo" in said.text
    assert len(await talk.changes()) == 1


async def test_what_waits_for_approval_is_withdrawn_not_undone(talk: "Talk") -> None:
    await talk.one(WISH)

    said = await talk.one("no, undo that")

    assert "waits for approval" in said.text
    assert "Withdraw it" in said.text
    assert len(await talk.changes()) == 1


async def test_what_somebody_wrote_since_is_not_overwritten(talk: "Talk") -> None:
    await talk.carried_out(await talk.one(WISH))
    talk.bench.tree[CHANNEL] = "3"

    said = await talk.one("undo that")

    assert "somebody changed it since" in said.text
    assert len(await talk.changes()) == 1
    assert talk.bench.tree[CHANNEL] == "3"


async def test_what_is_as_it_was_needs_no_undoing(talk: "Talk") -> None:
    await talk.carried_out(await talk.one(WISH))
    talk.bench.tree[CHANNEL] = "6"

    assert "the device is as it was before" in (await talk.one("undo that")).text
    assert len(await talk.changes()) == 1


async def test_a_command_cannot_be_undone_and_that_is_said(talk: "Talk") -> None:
    await talk.carried_out(await talk.one("please reboot the box"))

    said = await talk.one("undo that")

    assert "cannot be undone" in said.text
    assert len(await talk.changes()) == 1


async def test_an_undoing_can_be_undone(talk: "Talk") -> None:
    await talk.carried_out(await talk.one(WISH))
    await talk.carried_out(await talk.one("undo that"))

    again = await talk.change(await talk.one("undo that"))

    assert [(c.before, c.after) for c in again.plan.sets] == [("6", "11")]


async def test_a_new_wish_beside_the_words_is_a_wish_and_no_undoing(talk: "Talk") -> None:
    await talk.carried_out(await talk.one(WISH))

    record = await talk.change(await talk.one("put it back: set the 2.4 GHz wifi to channel 1"))

    assert [c.after for c in record.plan.sets] == ["1"]


async def test_not_to_undo_is_not_an_order(talk: "Talk") -> None:
    await talk.carried_out(await talk.one(WISH))

    await talk.say("please do not undo that")

    assert len(await talk.changes()) == 1
