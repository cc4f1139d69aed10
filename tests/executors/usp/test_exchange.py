"""Requests find their answers, reports are kept before they are answered, nothing is guessed."""

import asyncio
from typing import Any

import pytest

from brain.domain.errors import DeviceUnreachable, Halted
from executors.usp import messages, records
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.messages import Message
from executors.usp.records import (
    DisconnectRecord,
    NoSessionContextRecord,
    PayloadSecurity,
    Record,
    SessionContextRecord,
)

AGENT = "os::001122-S1"
GET = q.Get(("Device.DeviceInfo.",))
SET = q.Set(update_objs=(q.UpdateObject("Device.X.", (q.UpdateParamSetting("P", "1"),)),))
BOOT = q.Notify("boot", True, q.Event("Device.", "Boot!", {"Cause": "LocalReboot"}))


async def test_a_request_gets_the_answer_that_repeats_its_id(site: Any) -> None:
    agent = await site.agent()
    asking = asyncio.create_task(site.exchange.ask(AGENT, GET, repeatable=True))

    asked = await agent.heard()
    await agent.say(r.GetResp(), "another")
    await agent.say(r.GetResp((r.PathValues("Device.DeviceInfo."),)), asked.msg_id)

    assert asked.body == GET
    assert await asking == r.GetResp((r.PathValues("Device.DeviceInfo."),))
    assert site.exchange.links.counts == {"answers_to_nothing": 1}


async def test_no_two_messages_have_one_id_whoever_they_are_for(site: Any) -> None:
    agent, other = await site.agent(), await site.agent("os::001122-S2")
    asking = [
        asyncio.create_task(site.exchange.ask(each, GET, repeatable=True))
        for each in (AGENT, AGENT, "os::001122-S2")
    ]

    ids = {(await each.heard()).msg_id for each in (agent, agent, other)}

    assert len(ids) == 3
    for task in asking:
        task.cancel()


async def test_no_message_has_an_id_of_another_run(open_site: Any) -> None:
    ids = []
    for _ in range(2):
        site = await open_site()
        agent = await site.agent()
        asking = asyncio.create_task(site.exchange.ask(AGENT, GET, repeatable=True))
        ids.append((await agent.heard()).msg_id)
        asking.cancel()

    assert ids[0] != ids[1]


async def test_what_nobody_waits_for_any_longer_is_forgotten(site: Any) -> None:
    agent = await site.agent()
    for _ in range(70):  # more than are asked at once
        asking = asyncio.create_task(site.exchange.ask(AGENT, GET, repeatable=True))
        asked = await agent.heard()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await agent.say(r.GetResp(), asked.msg_id)
    await asyncio.sleep(0.05)

    assert site.exchange.outcomes == {"unanswered": 70}
    assert site.exchange.links.counts == {"answers_to_nothing": 1}


async def test_another_agent_cannot_answer(site: Any) -> None:
    agent, other = await site.agent(), await site.agent("os::001122-S2")
    asking = asyncio.create_task(site.exchange.ask(AGENT, SET, repeatable=False))

    asked = await agent.heard()
    await other.say(r.SetResp(), asked.msg_id)

    assert await asking is None
    assert site.exchange.links.counts["answers_to_nothing"] == 1


async def test_an_answer_of_another_kind_is_none(site: Any) -> None:
    agent = await site.agent()
    asking = asyncio.create_task(site.exchange.ask(AGENT, SET, repeatable=False))

    await agent.say(r.GetResp(), (await agent.heard()).msg_id)

    assert await asking is None


async def test_an_error_is_an_answer(site: Any) -> None:
    agent = await site.agent()
    asking = asyncio.create_task(site.exchange.ask(AGENT, SET, repeatable=False))

    await agent.say(r.Error(7004), (await agent.heard()).msg_id)

    assert await asking == r.Error(7004)


async def test_an_agent_that_does_not_come_is_sent_nothing(site: Any) -> None:
    with pytest.raises(DeviceUnreachable, match="nothing was sent"):
        await site.exchange.ask(AGENT, SET, repeatable=False, patience=0.05)

    agent = await site.agent()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await agent.heard()


async def test_an_agent_that_comes_in_time_is_asked(site: Any) -> None:
    asking = asyncio.create_task(site.exchange.ask(AGENT, GET, repeatable=True))
    await asyncio.sleep(0)

    agent = await site.agent()
    agent.answers[q.Get] = lambda _: r.GetResp()
    await agent.answer()

    assert await asking == r.GetResp()


async def test_leave_that_was_taken_away_meanwhile_sends_nothing(site: Any) -> None:
    async def leave() -> None:
        raise Halted("changes were halted")

    agent = await site.agent()
    with pytest.raises(Halted):
        await site.exchange.ask(AGENT, SET, repeatable=False, leave=leave)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await agent.heard()


async def test_a_read_is_asked_again_when_the_agent_comes_back_and_a_write_never(site: Any) -> None:
    agent = await site.agent()
    reading = asyncio.create_task(site.exchange.ask(AGENT, GET, repeatable=True))
    writing = asyncio.create_task(site.exchange.ask(AGENT, SET, repeatable=False))
    await agent.heard()
    await agent.heard()
    await agent.socket.close()

    again = await site.agent()
    again.answers[q.Get] = lambda _: r.GetResp()
    await again.answer()

    assert await reading == r.GetResp()
    assert await writing is None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await again.heard()
    assert [type(each.body) for each in again.asked] == [q.Get]


async def test_an_answer_may_come_on_the_next_link(site: Any) -> None:
    agent = await site.agent()
    writing = asyncio.create_task(site.exchange.ask(AGENT, SET, repeatable=False))
    asked = await agent.heard()
    await agent.socket.close()

    again = await site.agent()
    await again.say(r.SetResp(), asked.msg_id)

    assert await writing == r.SetResp()


async def test_a_report_is_kept_and_then_answered_with_its_subscription(site: Any) -> None:
    agent = await site.agent()

    await agent.say(BOOT, "n1")

    assert await agent.heard() == Message("n1", r.NotifyResp("boot"))
    assert site.reports.notes == [(AGENT, "n1", BOOT)]


async def test_a_report_that_cannot_be_kept_is_not_answered_so_that_it_comes_again(
    site: Any,
) -> None:
    site.reports.broken = True
    agent = await site.agent()

    await agent.say(BOOT, "n1")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await agent.heard()
    assert site.exchange.links.counts == {"reports_lost": 1}


async def test_a_report_that_wants_no_answer_gets_none(site: Any) -> None:
    agent = await site.agent()

    await agent.say(q.Notify("vc", False, q.ValueChange("Device.X.P", "1")))
    await agent.say(BOOT, "n2")

    assert (await agent.heard()).msg_id == "n2"
    assert len(site.reports.notes) == 2


async def test_a_record_that_claims_another_sender_is_dropped_and_told(site: Any) -> None:
    agent = await site.agent()

    await agent.say(BOOT, "n1", from_id="os::001122-S2")
    await agent.say(BOOT, "n2")

    assert (await agent.heard()).msg_id == "n2"
    assert site.reports.strays == [(AGENT, "os::001122-S2")]
    assert len(site.reports.notes) == 1
    assert site.exchange.links.counts == {"strayed": 1}


async def test_a_record_for_another_controller_is_dropped(site: Any) -> None:
    agent = await site.agent()

    await agent.say(BOOT, "n1", to_id="self::somebody")
    await agent.say(BOOT, "n2")

    assert (await agent.heard()).msg_id == "n2"
    assert site.exchange.links.counts == {"not_for_us": 1}


async def test_a_request_that_controllers_do_not_serve_is_refused(site: Any) -> None:
    agent = await site.agent()

    await agent.say(GET, "g1")

    assert await agent.heard() == Message("g1", r.Error(7001, "a controller does not do this"))


async def test_a_message_that_cannot_be_read_is_counted_and_the_next_one_is_taken(
    site: Any,
) -> None:
    agent = await site.agent()

    await agent.send(NoSessionContextRecord(b"\xff\xff"))
    await agent.say(BOOT, "n1")

    assert (await agent.heard()).msg_id == "n1"
    assert site.exchange.links.counts == {"unreadable": 1}


async def test_a_sealed_payload_is_turned_away_by_its_code(site: Any) -> None:
    agent = await site.agent()
    record = Record(
        to_id="self::controller",
        from_id=AGENT,
        payload_security=PayloadSecurity.TLS12,
        record_type=NoSessionContextRecord(b""),
    )

    await agent.socket.send(records.encode(record))

    said = await agent.hear()
    assert isinstance(said, DisconnectRecord)
    assert said.reason_code == 7102


def in_session(number: int, body: messages.Body, msg_id: str = "n1") -> SessionContextRecord:
    payload = messages.encode(Message(msg_id, body))
    return SessionContextRecord(session_id=9, sequence_id=number, expected_id=1, payload=(payload,))


async def test_an_agent_that_uses_a_session_is_answered_in_it(site: Any) -> None:
    agent = await site.agent()

    await agent.send(in_session(1, BOOT))

    said = await agent.hear()
    assert isinstance(said, SessionContextRecord)
    assert (said.session_id, said.sequence_id, said.expected_id) == (9, 1, 2)
    assert messages.decode(said.payload[0]).body == r.NotifyResp("boot")


async def test_what_comes_twice_in_a_session_is_told_once(site: Any) -> None:
    agent = await site.agent()

    await agent.send(in_session(1, BOOT))
    await agent.send(in_session(1, BOOT))
    await agent.send(in_session(2, BOOT, "n2"))
    await agent.hear()
    await agent.hear()

    assert [note[1] for note in site.reports.notes] == ["n1", "n2"]


async def test_what_a_session_misses_is_asked_for_again_when_the_agent_comes_back(
    site: Any,
) -> None:
    agent = await site.agent()
    await agent.send(in_session(2, BOOT, "n2"))
    await agent.hear()
    await agent.socket.close()

    again = await site.agent()
    asking = await again.hear()
    await again.send(in_session(1, BOOT))
    await again.hear()
    await again.hear()

    assert isinstance(asking, SessionContextRecord)
    assert asking.retransmit_id == 1
    assert [note[1] for note in site.reports.notes] == ["n1", "n2"]


async def test_a_session_that_cannot_go_on_is_ended_and_a_new_one_begins(site: Any) -> None:
    agent = await site.agent()

    await agent.send(SessionContextRecord(session_id=9, sequence_id=1, expected_id=77))
    ended = await agent.hear()
    await agent.send(in_session(1, BOOT))

    assert isinstance(ended, DisconnectRecord)
    assert ended.reason_code == 7105
    assert isinstance(await agent.hear(), SessionContextRecord)


async def test_one_agent_is_asked_so_much_at_once_and_no_more(site: Any) -> None:
    agent = await site.agent()
    asking = [
        asyncio.create_task(site.exchange.ask(AGENT, GET, repeatable=True)) for _ in range(64)
    ]
    for _ in asking:
        await agent.heard()

    with pytest.raises(DeviceUnreachable, match="too much"):
        await site.exchange.ask(AGENT, GET, repeatable=True)
    for each in asking:
        each.cancel()
