"""Harm that shows after a success: the case is told of it, once, in plain words."""

from typing import TYPE_CHECKING

from brain.domain.life import State
from brain.errands import Ending

if TYPE_CHECKING:
    from tests.brain.conversation.conftest import Talk

WISH = "Put the 2.4 GHz wifi on channel 11"
WHY = "it did harm elsewhere: looking up names was Enabled and is Error"


async def test_a_case_that_was_told_of_a_success_is_told_that_it_was_undone(talk: "Talk") -> None:
    done = await talk.carried_out(await talk.one(WISH))
    assert done.state is State.SUCCEEDED
    bench = talk.bench
    tell = Ending(
        store=bench.store, ledger=bench.ledger, planner=talk.planner, clock=bench.clock
    ).tell
    await tell(done.id)  # a second time, and nothing is new
    heard = await _said(talk)
    back = await bench.ledger.move(done, State.VERIFYING, reason=WHY)
    await bench.ledger.move(back, State.ROLLED_BACK, reason=WHY)

    await tell(done.id)
    await tell(done.id)

    assert (await _said(talk))[len(heard) :] == [
        "It was taken back: the device is as it was before. "
        "It did harm elsewhere: looking up names was Enabled and is Error."
    ]


async def _said(talk: "Talk") -> list[str]:
    async with talk.bench.store.read() as tx:
        messages = await tx.messages.of_case(talk.case.tenant, talk.case.id)
    return [each.text for each in messages if each.role == "assistant"]
