"""Work that waits for a device: handed over in order, once, or certainly not at all."""

import asyncio

import pytest

from brain.domain.errors import DeviceUnreachable
from brain.domain.identity import DeviceId
from brain.domain.ports import NewId
from executors.acs import messages as m
from executors.acs.errors import SoapError
from executors.acs.mailbox import Errand, Mailbox
from executors.acs.mailroom import Mailroom

DEVICE = DeviceId("001122-Box-S1")


def nothing() -> None:
    """Ends a session that has nothing to end."""


@pytest.fixture
def room(new_id: NewId) -> Mailroom:
    return Mailroom(new_id=new_id, patience=0.05)


async def errand(box: Mailbox) -> Errand:
    """The next errand, once its asker has run."""
    await box.arrival(1)
    taken = await box.take()
    assert taken is not None
    return taken


async def test_the_answer_reaches_who_asked(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot("k"), repeatable=False))

    taken = await errand(box)
    taken.settle(m.RebootResponse())

    assert taken.message == m.Reboot("k")
    assert await asking == m.RebootResponse()


async def test_work_is_handed_over_in_order(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)
    asking = [
        asyncio.create_task(room.ask(DEVICE, m.Reboot(key), repeatable=False)) for key in "abc"
    ]

    keys = [(await errand(box)).message for _ in asking]

    assert keys == [m.Reboot("a"), m.Reboot("b"), m.Reboot("c")]
    assert await asyncio.gather(*asking) == [None, None, None]


async def test_a_device_that_does_not_come_is_never_sent_it_later(room: Mailroom) -> None:
    with pytest.raises(DeviceUnreachable):
        await room.ask(DEVICE, m.Reboot(), repeatable=False)

    assert await room.enter(DEVICE, nothing).take() is None


async def test_what_nobody_waits_for_any_more_is_not_sent(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot(), repeatable=False))
    await asyncio.sleep(0)

    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert await box.take() is None


async def test_a_question_that_nobody_waits_for_any_more_is_not_asked_again(
    room: Mailroom,
) -> None:
    box = room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask(DEVICE, m.GetRPCMethods(), repeatable=True))
    taken = await errand(box)
    assert await asking is None

    box.broken(taken)

    assert await box.take() is None


async def test_a_write_past_its_time_is_not_handed_over_even_before_its_asker_wakes(
    room: Mailroom,
) -> None:
    box = room.enter(DEVICE, nothing)
    late = Errand(m.Reboot(), said_id="1", repeatable=False, patience=-1)
    box.put(late)

    assert await box.take() is None
    assert not late.sent.done()


async def test_no_answer_is_not_a_success(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot(), repeatable=False))
    await errand(box)

    assert await asking is None


async def test_a_write_is_lost_with_its_session_and_never_sent_again(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot(), repeatable=False))
    taken = await errand(box)

    box.broken(taken)

    assert await asking is None
    assert await box.take() is None


async def test_a_question_outlives_its_session_once_and_keeps_its_place(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)
    first, second = m.GetParameterValues(("A",)), m.GetParameterValues(("B",))
    asking = [
        asyncio.create_task(room.ask(DEVICE, each, repeatable=True)) for each in (first, second)
    ]
    taken = await errand(box)

    box.broken(taken)

    again = await errand(box)
    assert again is taken
    box.broken(again)
    assert (await errand(box)).message == second
    assert await asking[0] is None
    await asking[1]


async def test_forgetting_everything_voids_writes_and_keeps_questions(room: Mailroom) -> None:
    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot(), repeatable=False))
    reading = asyncio.create_task(room.ask(DEVICE, m.GetParameterValues(("A",)), repeatable=True))
    await asyncio.sleep(0)
    box = room.enter(DEVICE, nothing)

    box.void_writes()

    assert (await errand(box)).message == m.GetParameterValues(("A",))
    with pytest.raises(DeviceUnreachable):
        await asking
    await reading


async def test_a_new_session_ends_the_one_before(room: Mailroom) -> None:
    ended: list[str] = []
    first, second = (lambda: ended.append("first")), (lambda: ended.append("second"))
    room.enter(DEVICE, first)

    room.enter(DEVICE, second)
    room.leave(DEVICE, first)

    assert ended == ["first"]
    assert room.is_live(DEVICE)
    room.leave(DEVICE, second)
    assert not room.is_live(DEVICE)


class Alarm:
    """Remembers whom it woke."""

    def __init__(self) -> None:
        self.woken: list[DeviceId] = []

    async def __call__(self, device: DeviceId) -> None:
        self.woken.append(device)
        await asyncio.Event().wait()


async def test_a_device_that_is_not_here_is_woken_at_once(room: Mailroom) -> None:
    alarm = Alarm()

    with pytest.raises(DeviceUnreachable):
        await room.ask(DEVICE, m.Reboot(), repeatable=False, wake=alarm)

    assert alarm.woken == [DEVICE]


async def test_a_device_that_is_here_is_not_woken(room: Mailroom) -> None:
    alarm = Alarm()
    box = room.enter(DEVICE, nothing)

    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot(), repeatable=False, wake=alarm))
    (await errand(box)).settle(m.RebootResponse())

    assert await asking == m.RebootResponse()
    assert alarm.woken == []


async def test_a_device_whose_session_ends_before_it_took_the_work_is_woken(
    new_id: NewId,
) -> None:
    room, alarm = Mailroom(new_id=new_id, patience=0.3), Alarm()
    room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask(DEVICE, m.Reboot(), repeatable=False, wake=alarm))
    await asyncio.sleep(0)

    room.leave(DEVICE, nothing)

    with pytest.raises(DeviceUnreachable):
        await asking
    assert alarm.woken == [DEVICE]


async def test_what_cannot_be_written_is_refused_before_it_counts_as_sent(room: Mailroom) -> None:
    with pytest.raises(SoapError):
        await room.ask(DEVICE, m.Reboot("\x00"), repeatable=False)

    assert await room.enter(DEVICE, nothing).take() is None


async def test_the_shorter_patience_counts(room: Mailroom) -> None:
    started = asyncio.get_running_loop().time()

    with pytest.raises(DeviceUnreachable):
        await room.ask(DEVICE, m.Reboot(), repeatable=False, patience=0.0)

    assert asyncio.get_running_loop().time() - started < 0.05


async def test_a_device_is_held_until_what_is_expected_has_come_or_will_not(
    room: Mailroom,
) -> None:
    box = room.enter(DEVICE, nothing)
    with room.expecting(DEVICE):
        waiting = asyncio.create_task(box.expected(1))
        await asyncio.sleep(0)
        held = not waiting.done()
    await waiting

    assert held
    assert await box.take() is None


async def test_nobody_is_held_for_what_nobody_is_about_to_ask(room: Mailroom) -> None:
    box = room.enter(DEVICE, nothing)

    waiting = asyncio.create_task(box.expected(60))
    await asyncio.wait({waiting}, timeout=0.5)

    assert waiting.done()


async def test_what_is_no_longer_expected_cuts_nobody_short_who_waits_for_the_next_thing(
    room: Mailroom,
) -> None:
    box = room.enter(DEVICE, nothing)
    waiting = asyncio.create_task(box.arrival(1))
    await asyncio.sleep(0)
    with room.expecting(DEVICE):
        pass
    await asyncio.sleep(0)
    cut_short = waiting.done()
    waiting.cancel()

    assert not cut_short


async def test_what_is_asked_in_passing_goes_when_the_device_goes(room: Mailroom) -> None:
    room.enter(DEVICE, nothing)
    asking = asyncio.create_task(room.ask_here(DEVICE, m.GetRPCMethods()))
    await asyncio.sleep(0)

    room.leave(DEVICE, nothing)

    with pytest.raises(DeviceUnreachable, match="has gone"):
        await asking
    assert await room.enter(DEVICE, nothing).take() is None
