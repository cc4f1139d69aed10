"""Where GenieACS says yes and means something else, nothing is taken for done that is not."""

import json
from typing import Any

import httpx
import pytest

from brain.domain.change import Command, SetParameter
from brain.domain.errors import ControllerRefused, DeviceUnreachable, Halted, PermitRefused
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from evals.standins.genieacs.interface import Ask
from evals.standins.genieacs.records import Preset
from tests.executors.contract import CHANGE, CHANNEL, POWER, RADIO, REBOOT

Rig = Any  # of the folder's conftest
SSID = ParameterPath("Device.WiFi.SSID.1.SSID")


def is_set(ask: Ask) -> bool:
    return b'"setParameterValues"' in ask.body


async def test_what_was_read_a_moment_ago_is_read_again_and_not_remembered(rig: Rig) -> None:
    """It skips what it read within the last second."""
    await rig.read(CHANNEL)
    rig.home.tree.put(CHANNEL, "4")

    snapshot = await rig.executor.read(rig.device, [CHANNEL])

    assert snapshot.get(CHANNEL) == "4"


async def test_what_it_remembers_is_not_believed_when_it_was_not_read_now(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.read(CHANNEL)
    monkeypatch.setattr("evals.standins.genieacs.sessions.Work.refresh", lambda *_: None)

    with pytest.raises(ControllerRefused):
        await rig.read(CHANNEL)
    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.to_eleven)

    assert not any(map(is_set, rig.interface.asked))


@pytest.mark.parametrize("path", [CHANNEL, SSID])
async def test_a_value_that_the_device_left_out_is_absent_and_never_written_back(
    rig: Rig, path: ParameterPath
) -> None:
    """It keeps an empty text with the time of now for it."""
    before = rig.holds(path)
    await rig.read(path)
    rig.genie.omitted.add(path)

    assert [await rig.read(path), await rig.read(path)] == [{}, {}]
    outcome = await rig.apply(rig.plan(rig.set(path, "11")))

    assert outcome.progress is Progress.REFUSED
    assert rig.holds(path) == before
    rig.genie.omitted.clear()
    assert await rig.read(path) == {path: before}


async def test_what_is_empty_because_it_was_set_so_is_empty(rig: Rig) -> None:
    alias = ParameterPath(RADIO + "Alias")

    outcome = await rig.apply(rig.plan(rig.set(alias, "north")))

    assert outcome.progress is Progress.APPLIED
    assert await rig.read(alias) == {alias: "north"}


async def test_what_is_read_only_is_refused_and_not_skipped_in_silence(rig: Rig) -> None:
    path = ParameterPath(RADIO + "PossibleChannels")

    outcome = await rig.apply(rig.plan(rig.set(path, "1-11")))

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9008")
    assert not any(map(is_set, rig.interface.asked))


async def test_more_than_one_request_could_hold_is_refused(rig: Rig) -> None:
    many = [
        SetParameter(
            path=ParameterPath(f"{RADIO}X_{n}"), type=ParameterType.STRING, before="", after="1"
        )
        for n in range(33)
    ]

    outcome = await rig.apply(rig.plan(*many))

    assert outcome.progress is Progress.REFUSED
    assert rig.interface.asked == []


async def test_a_fault_that_it_keeps_to_itself_is_a_refusal(rig: Rig) -> None:
    """9005 makes it forget the paths, and the task counts as done."""
    before = rig.holds(CHANNEL)
    rig.home.faults.refuse_sets = 9005

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.REFUSED
    assert rig.holds(CHANNEL) == before


@pytest.mark.parametrize("manners", ["lie", "needs_reboot"])
async def test_what_the_device_took_and_does_not_show_is_unknown_and_may_come_at_its_next_start(
    rig: Rig, manners: str
) -> None:
    """After an answer it remembers what it asked for, and not that the device wants a restart."""
    setattr(rig.home.faults, manners, True)
    before = rig.holds(CHANNEL)

    outcome = await rig.apply(rig.to_eleven)

    assert (outcome.progress, outcome.needs_reboot) == (Progress.UNKNOWN, True)
    assert "next start" in outcome.detail
    assert rig.genie.devices[rig.record.id].nodes[CHANNEL].value == before
    rig.home.reboot()
    assert rig.holds(CHANNEL) == ("11" if manners == "needs_reboot" else before)


async def test_a_task_bears_no_type_since_it_takes_the_one_it_remembers(rig: Rig) -> None:
    await rig.apply(rig.to_eleven)

    (task,) = rig.bodies("setParameterValues")
    assert json.loads(task.body)["parameterValues"] == [[CHANNEL, "11"]]


async def test_a_preset_that_wants_otherwise_is_named_before_anything_is_written(
    rig: Rig,
) -> None:
    was = rig.holds(CHANNEL)
    rig.genie.presets["all-radios"] = Preset(name="all-radios", weight=5, values={CHANNEL: was})

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.REFUSED
    assert "'all-radios' (weight 5)" in outcome.detail
    assert not any(map(is_set, rig.interface.asked))


async def test_a_preset_for_new_devices_alone_stands_in_nobodys_way(rig: Rig) -> None:
    was = rig.holds(CHANNEL)
    rig.genie.presets["first"] = Preset(
        name="first", weight=5, values={CHANNEL: was}, events=("0 BOOTSTRAP",)
    )

    outcome = await rig.apply(rig.to_eleven)

    assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.APPLIED, "11")


async def test_a_script_that_puts_back_what_was_there_is_a_refusal(rig: Rig) -> None:
    was = rig.holds(CHANNEL)
    rig.genie.presets["site"] = Preset(name="site", weight=9, values={CHANNEL: was}, script=True)

    outcome = await rig.apply(rig.to_eleven)

    assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.REFUSED, was)


@pytest.mark.parametrize(
    ("script", "told"),
    [(True, "neither as before nor as wanted"), (False, "'site' (weight 9)")],
)
async def test_a_preset_that_came_meanwhile_is_seen_when_it_has_had_the_last_word(
    rig: Rig, script: bool, told: str
) -> None:
    late = Preset(name="site", weight=9, values={CHANNEL: "3"}, script=script)
    rig.wire.broken = lambda ask: rig.genie.presets.update(site=late) if is_set(ask) else None

    outcome = await rig.apply(rig.to_eleven)

    assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.UNKNOWN, "3")
    assert told in outcome.detail


async def test_a_task_that_waits_is_taken_back_before_anything_else_is_said(rig: Rig) -> None:
    before = rig.holds(CHANNEL)
    rig.wire.broken = lambda ask: rig.away() if b"getParameterValues" in ask.body else None

    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.to_eleven)

    assert any(map(is_set, rig.interface.asked))
    assert rig.genie.tasks == {}
    rig.back()
    await rig.calls()
    assert rig.holds(CHANNEL) == before


async def test_a_task_that_cannot_be_taken_back_leaves_it_unknown(rig: Rig) -> None:
    """While another session has the device it answers 503."""
    lock = rig.genie.in_session
    rig.wire.broken = lambda ask: lock.add(rig.record.id) if b"getParam" in ask.body else None

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.UNKNOWN
    (task,) = rig.genie.tasks.values()
    assert task.what["uniqueKey"] == CHANGE
    lock.clear()
    await rig.calls()
    assert rig.holds(CHANNEL) != "11", "it had an expiry"


async def test_a_task_whose_answer_was_lost_is_looked_for_and_taken_back(rig: Rig) -> None:
    rig.wire.broken = lambda ask: is_set(ask) and not rig.away()

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.UNKNOWN
    assert rig.genie.tasks == {}


async def test_a_refused_task_is_not_tried_again_by_itself(rig: Rig) -> None:
    rig.home.faults.refuse_sets = 9002

    outcome = await rig.apply(rig.to_eleven)

    assert outcome.progress is Progress.REFUSED
    assert (rig.genie.tasks, rig.genie.faults) == ({}, {})


async def test_a_task_has_a_key_and_ends_with_its_permit(rig: Rig) -> None:
    await rig.apply(rig.to_eleven)

    (sent,) = [json.loads(ask.body) for ask in rig.interface.asked if is_set(ask)]
    assert sent["uniqueKey"] == CHANGE
    assert 0 < sent["expiry"] <= 300


async def test_what_a_device_wrote_beside_its_fault_goes_nowhere(rig: Rig) -> None:
    outcome = await rig.apply(rig.plan(rig.set(CHANNEL, "9999")))

    assert outcome.progress is Progress.REFUSED
    assert f"{CHANNEL}: 9007 invalid parameter value" in outcome.detail
    assert "9999" not in outcome.detail


async def test_a_halt_after_the_permit_was_spent_stops_the_task(rig: Rig) -> None:
    rig.permits.halted = True

    with pytest.raises(Halted):
        await rig.apply(rig.to_eleven)

    assert not any(map(is_set, rig.interface.asked))


async def test_without_a_permit_not_even_a_question_is_asked(rig: Rig) -> None:
    rig.permits.refusal = "no permit"

    with pytest.raises(PermitRefused):
        await rig.apply(rig.to_eleven)

    assert rig.interface.asked == []


async def test_an_interface_that_answers_503_did_nothing(rig: Rig) -> None:
    before = rig.holds(CHANNEL)
    rig.interface.unavailable = 1

    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.to_eleven)

    assert rig.holds(CHANNEL) == before


async def test_an_interface_that_is_away_did_nothing(rig: Rig) -> None:
    async def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    rig.wire.handle_async_request = refuse

    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.to_eleven)

    assert rig.interface.asked == []


async def test_what_a_preset_holds_already_is_no_conflict(rig: Rig) -> None:
    rig.genie.presets["power"] = Preset(name="power", weight=1, values={POWER: "50"})

    outcome = await rig.apply(rig.plan(rig.set(POWER, "50")))

    assert outcome.progress is Progress.APPLIED


async def test_a_restart_whose_task_waits_is_taken_back(rig: Rig) -> None:
    rig.away()
    started = rig.home.started

    with pytest.raises(DeviceUnreachable):
        await rig.apply(rig.plan(Command(path=REBOOT)))

    rig.back()
    await rig.calls()
    assert rig.home.started == started
