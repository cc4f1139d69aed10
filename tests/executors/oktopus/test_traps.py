"""Where Oktopus tells the answer of another, or none, nothing is taken for done that is not."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.change import AddObject, Command, DeleteObject
from brain.domain.errors import ControllerRefused, DeviceUnreachable, Halted
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath
from evals.homes.faults import Loss
from evals.standins.oktopus.spelling import spelled
from executors.oktopus.belonging import is_foreign
from executors.usp import requests as q
from executors.usp import responses as r
from tests.executors.contract import CHANNEL, MAPPINGS, POWER, RADIO, REBOOT

Rig = Any  # of the folder's conftest


def set_of(**values: str) -> Any:
    """Somebody's answer: the radio was set to this."""
    done = r.UpdatedInstanceResult(RADIO, updated_params=values)
    return spelled(r.SetResp((r.UpdatedObjectResult(RADIO, r.UpdateSuccess((done,))),)))


def values_of(path: str, leaf: str, value: str) -> Any:
    above = path.rpartition(".")[0] + "."
    result = r.PathValues(path, resolved_path_results=(r.ResolvedPathResult(above, {leaf: value}),))
    return spelled(r.GetResp((result,)))


async def test_the_values_that_somebody_else_asked_for_are_not_taken_for_ours(rig: Rig) -> None:
    rig.subject.strays[q.Get] = [values_of(CHANNEL, "Channel", "165")]

    assert await rig.read(CHANNEL) == {CHANNEL: rig.holds(CHANNEL)}
    assert len(rig.handed(q.Get)) == 2


async def test_two_who_ask_one_device_at_once_each_get_their_own(rig: Rig) -> None:
    """All who wait get the first answer that comes."""
    rig.subject.latency = 0.001
    other = rig.interface.ask(
        rig.subject.agent.endpoint, "get", {"param_paths": ["Device.DeviceInfo."]}
    )

    theirs, ours = await asyncio.gather(other, rig.read(CHANNEL))

    assert theirs is not None
    assert ours == {CHANNEL: rig.holds(CHANNEL)}


async def test_nothing_but_the_answers_of_others_is_no_reading(rig: Rig) -> None:
    rig.subject.strays[q.Get] = [values_of(CHANNEL, "Channel", "165")] * 9

    with pytest.raises(DeviceUnreachable):
        await rig.read(CHANNEL)


async def test_an_error_of_another_is_not_ours_when_it_does_not_come_again(rig: Rig) -> None:
    rig.subject.strays[q.Get] = [spelled(r.Error(7006, "not for you"))]

    assert await rig.read(CHANNEL) == {CHANNEL: rig.holds(CHANNEL)}


async def test_an_error_that_comes_again_is_the_devices(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rig.subject.agent, "answer", lambda _: r.Error(7006, "hush-hush"))

    with pytest.raises(ControllerRefused) as refused:
        await rig.read(CHANNEL)

    assert refused.value.fault == "7006"
    assert "hush" not in str(refused.value)


async def test_an_agent_that_fails_over_one_strange_path_is_refused_and_not_read_as_empty(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rig.subject.agent, "answer", lambda _: r.Error(7026))

    with pytest.raises(ControllerRefused):
        await rig.read(CHANNEL)


@pytest.mark.parametrize(
    "stray",
    [
        set_of(Channel="6"),
        values_of(CHANNEL, "Channel", "11"),
        spelled(r.Error(7013, "", (r.ParamError("Device.Time.Enable", 7013),))),
        "Unknown message answer",
    ],
)
async def test_after_anothers_answer_what_the_device_holds_counts(rig: Rig, stray: Any) -> None:
    plan = rig.to_eleven
    rig.subject.strays[q.Set] = [stray]

    outcome = await rig.apply(plan)

    assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.APPLIED, "11")
    assert "another's answer" in outcome.detail
    assert len(rig.handed(q.Set)) == 1


async def test_anothers_success_does_not_make_a_refusal_a_success(rig: Rig) -> None:
    """Somebody set the same to the same, and ours was refused."""
    before = rig.holds(CHANNEL)
    rig.subject.strays[q.Set] = [set_of(Channel="11")]
    rig.home.faults.refuse_sets = 9007

    outcome = await rig.apply(rig.to_eleven)

    assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.UNKNOWN, before)


async def test_anothers_error_does_not_make_a_success_a_refusal(rig: Rig) -> None:
    rig.subject.strays[q.Set] = [spelled(r.Error(7006))]

    outcome = await rig.apply(rig.to_eleven)

    assert (outcome.progress, outcome.fault) == (Progress.UNKNOWN, "7006")
    assert rig.holds(CHANNEL) == "11"


@pytest.mark.parametrize(
    ("when", "seen"), [(Loss.BEFORE, "as before"), (Loss.AFTER, "holds what was asked")]
)
async def test_after_a_504_it_is_looked_and_said_what_was_seen(
    rig: Rig, when: Loss, seen: str
) -> None:
    rig.home.faults.lose_line = when

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.UNKNOWN
    assert seen in outcome.detail
    assert len(rig.handed(q.Set)) == 1


async def test_an_answer_that_comes_too_late_goes_to_our_next_request_and_is_dropped(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = rig.subject.agent.answer

    def late(asked: Any) -> Any:
        rig.subject.late = int(isinstance(asked, q.Set))
        return answer(asked)

    monkeypatch.setattr(rig.subject.agent, "answer", late)

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.UNKNOWN
    assert await rig.read(CHANNEL) == {CHANNEL: "11"}


async def test_a_success_that_the_device_does_not_show_is_not_believed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = rig.subject.agent
    monkeypatch.setattr(agent, "_told", lambda _: None)

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.UNKNOWN


async def test_what_is_as_wanted_is_not_written(rig: Rig) -> None:
    outcome = await rig.apply(rig.plan(rig.set(CHANNEL, rig.holds(CHANNEL))))

    assert (outcome.progress, outcome.already) == (Progress.APPLIED, True)
    assert rig.handed(q.Set) == []


async def test_several_parameters_go_in_one_request_that_is_whole_or_nothing(rig: Rig) -> None:
    await rig.apply(rig.plan(rig.set(CHANNEL, "11"), rig.set(POWER, "50")))

    (sent,) = rig.handed(q.Set)
    assert not sent.allow_partial
    assert all(one.required for each in sent.update_objs for one in each.param_settings)


async def test_a_row_that_somebody_else_added_is_not_ours(rig: Rig) -> None:
    row = r.CreateSuccess(f"{MAPPINGS}7.")
    other = spelled(r.AddResp((r.CreatedObjectResult(MAPPINGS, row),)))
    rig.subject.strays[q.Add] = [other]
    add = AddObject(path=MAPPINGS, values=(("ExternalPort", "99999999"),))

    outcome = await rig.apply(rig.plan(add))

    assert outcome.progress is Progress.UNKNOWN


async def test_a_row_that_somebody_else_took_out_is_refused_unsent(rig: Rig) -> None:
    gone = DeleteObject(path=ParameterPath(f"{MAPPINGS}99."))

    outcome = await rig.apply(rig.plan(gone))

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "7016")
    assert rig.handed(q.Delete) == []


async def test_a_command_that_another_answer_came_for_is_unknown(rig: Rig) -> None:
    other = r.OperationResult("Device.FactoryReset()", q.OutputArgs())
    rig.subject.strays[q.Operate] = [spelled(r.OperateResp((other,)))]

    outcome = await rig.apply(rig.plan(Command(path=REBOOT)))

    assert outcome.progress is Progress.UNKNOWN
    assert len(rig.handed(q.Operate)) == 1


async def test_firmware_whose_end_nobody_would_tell_is_not_fetched(rig: Rig) -> None:
    given = (("URL", "https://files.example/2.0.bin"), ("AutoActivate", "true"))
    path = ParameterPath("Device.DeviceInfo.FirmwareImage.1.Download()")

    outcome = await rig.apply(rig.plan(Command(path=path, arguments=given)))

    assert outcome.progress is Progress.REFUSED
    assert "not fetched through Oktopus" in outcome.detail
    assert rig.handed(q.Operate) == []


async def test_a_halt_stops_what_was_not_sent_yet(rig: Rig) -> None:
    rig.permits.halted = True

    with pytest.raises(Halted):
        await rig.apply(rig.to_eleven)

    assert rig.handed(q.Set) == []


async def test_a_permit_that_ran_out_while_it_was_read_sends_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = rig.subject.agent.answer

    def slow(asked: Any) -> Any:
        rig.clock.advance(minutes=10)
        return answer(asked)

    monkeypatch.setattr(rig.subject.agent, "answer", slow)

    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.to_eleven)

    assert rig.handed(q.Set) == []


async def test_a_device_that_oktopus_never_showed_is_not_asked(rig: Rig) -> None:
    rig.device = replace(rig.device, id="elsewhere")

    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.to_eleven)

    assert rig.site.calls == []


async def test_it_says_what_it_cannot_promise(rig: Rig) -> None:
    can = rig.executor.capabilities

    assert (can.kind, can.atomic_set, can.parameter_key, can.events) == (
        "oktopus",
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            q.Operate(command=REBOOT),
            r.OperateResp((r.OperationResult("Device.FactoryReset()", q.OutputArgs()),)),
        ),
        (
            q.Add(create_objs=(q.CreateObject(MAPPINGS),)),
            r.AddResp((r.CreatedObjectResult("Device.Time.X.", r.CreateSuccess("")),)),
        ),
        (
            q.Delete(obj_paths=(f"{MAPPINGS}1.",)),
            r.DeleteResp((r.DeletedObjectResult(f"{MAPPINGS}2.", r.DeleteSuccess()),)),
        ),
    ],
)
def test_an_answer_about_something_else_is_anothers(asked: Any, said: Any) -> None:
    assert is_foreign(asked, said)


async def test_what_cannot_be_read_back_is_unknown(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = rig.subject.agent.answer

    def deaf_afterwards(asked: Any) -> Any:
        rig.home.faults.deaf = isinstance(asked, q.Set)
        return answer(asked)

    monkeypatch.setattr(rig.subject.agent, "answer", deaf_afterwards)

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.UNKNOWN
    assert "could not be read back" in outcome.detail


async def test_our_own_requests_wait_for_each_other_and_do_not_cross(rig: Rig) -> None:
    plan = rig.to_eleven
    rig.subject.latency = 0.001

    await asyncio.gather(rig.read(CHANNEL), rig.apply(plan), rig.read(POWER))

    assert len(rig.handed(q.Get)) == 4
    assert rig.holds(CHANNEL) == "11"
