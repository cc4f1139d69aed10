"""Tags in GenieACS are put on and taken off by a change like any other: presets hang on them."""

from typing import Any

import pytest

from brain.datamodel.managing import GENIE, TAGS
from brain.domain.change import Plan, SetParameter
from brain.domain.errors import DeviceUnreachable, Halted, PermitRefused
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from evals.standins.genieacs.interface import Ask
from tests.executors.contract import CHANNEL

Rig = Any  # of the folder's conftest


def tags(rig: Rig, after: str, before: str = "") -> Plan:
    change = SetParameter(path=TAGS, type=ParameterType.STRING, before=before, after=after)
    return Plan(device=rig.device.id, changes=(change,))


def touched(rig: Rig) -> list[Ask]:
    return [each for each in rig.interface.asked if "/tags/" in each.target]


async def test_what_is_missing_is_put_on_and_what_is_not_wanted_taken_off(rig: Rig) -> None:
    rig.record.tags.update({"old", "pilot"})

    outcome = await rig.apply(tags(rig, "pilot,vip", "old,pilot"))

    assert outcome.progress is Progress.APPLIED
    assert rig.record.tags == {"pilot", "vip"}
    assert [each.method for each in touched(rig)] == ["POST", "DELETE"]


async def test_all_are_taken_off(rig: Rig) -> None:
    rig.record.tags.add("pilot")

    assert (await rig.apply(tags(rig, "", "pilot"))).progress is Progress.APPLIED
    assert rig.record.tags == set()


@pytest.mark.parametrize("path", [TAGS, GENIE])
async def test_they_are_read_in_order_without_asking_the_device(rig: Rig, path: str) -> None:
    rig.record.tags.update({"vip", "pilot"})
    rig.away()

    assert await rig.read(path) == {TAGS: "pilot,vip"}


async def test_they_are_read_beside_what_the_device_says_and_with_all_of_it(rig: Rig) -> None:
    rig.record.tags.add("vip")

    assert await rig.read(GENIE, CHANNEL) == {TAGS: "vip", CHANNEL: rig.holds(CHANNEL)}
    assert (await rig.read("Device."))[TAGS] == "vip"
    assert TAGS not in await rig.read("Device.WiFi.Radio.")


async def test_what_is_no_plain_word_is_neither_shown_nor_touched(rig: Rig) -> None:
    rig.record.tags.update({"a,b", "with space"})

    assert await rig.read(TAGS) == {TAGS: ""}
    await rig.apply(tags(rig, "vip"))

    assert rig.record.tags == {"a,b", "with space", "vip"}


async def test_a_device_that_bears_them_already_is_left_alone(rig: Rig) -> None:
    rig.record.tags.add("vip")

    assert (await rig.apply(tags(rig, "vip", "old"))).already
    assert touched(rig) == []


async def test_tags_that_somebody_else_put_on_meanwhile_are_not_overruled(rig: Rig) -> None:
    rig.record.tags.add("theirs")

    outcome = await rig.apply(tags(rig, "vip"))

    assert (outcome.progress, rig.record.tags) == (Progress.REFUSED, {"theirs"})
    assert touched(rig) == []


@pytest.mark.parametrize("after", ["vip,pilot", "vip,vip"])
async def test_tags_out_of_order_are_refused(rig: Rig, after: str) -> None:
    assert (await rig.apply(tags(rig, after))).progress is Progress.REFUSED
    assert touched(rig) == []


async def test_half_of_them_is_unknown(rig: Rig) -> None:
    rig.wire.broken = lambda ask: ask.target.endswith("/tags/vip")

    outcome = await rig.apply(tags(rig, "pilot,vip"))

    assert outcome.progress is Progress.UNKNOWN
    assert "some of its tags may be changed" in outcome.detail


async def test_where_they_cannot_be_read_none_is_touched(rig: Rig) -> None:
    rig.interface.unavailable = 1

    with pytest.raises(DeviceUnreachable):
        await rig.apply(tags(rig, "vip"))

    assert touched(rig) == []


async def test_without_a_permit_or_in_a_halt_none_is_touched(rig: Rig) -> None:
    rig.permits.halted = True
    with pytest.raises(Halted):
        await rig.apply(tags(rig, "vip"))
    rig.permits.refusal = "no"
    with pytest.raises(PermitRefused):
        await rig.apply(tags(rig, "vip"))

    assert rig.interface.asked == []


async def test_they_and_a_parameter_of_the_device_are_no_one_plan(rig: Rig) -> None:
    (change,) = tags(rig, "vip").changes
    both = Plan(device=rig.device.id, changes=(change, *rig.to_eleven.changes))

    assert (await rig.apply(both)).progress is Progress.REFUSED
    assert (touched(rig), rig.record.tags) == ([], set())
    assert ParameterPath(CHANNEL) in both.paths
