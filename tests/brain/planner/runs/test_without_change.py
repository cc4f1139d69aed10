"""Runs that end in no change: a question, a word to the agent, a hand-over, or all is well."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from brain.domain.errors import DeviceUnreachable
from brain.domain.proposal import Cause
from brain.planner.deps import Neighbourhood

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import Ask

LINE = "Device.Optical.Interface.1."


async def test_all_that_was_read_is_in_order_and_that_is_said(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("the wifi is slow")

    assert told[-1].payload["cause"] == "none.nothing_wrong"
    assert told[-1].payload["causes"] == [{"cause": "none.nothing_wrong", "probability": 0.5}]
    assert (world.submitted, world.handed_over) == ([], [])


async def test_a_device_that_keeps_its_line_to_itself_is_not_called_well(
    ask: "Ask", world: "FakeWorld"
) -> None:
    del world.values[LINE + "OpticalSignalLevel"]

    told = await ask("no internet")

    assert told[-1].payload["cause"] == "unknown"
    assert "does not tell of: optical signal, line; that may hide the cause" in told[-2].text


async def test_a_line_that_came_back_is_told_and_left_alone(ask: "Ask", world: "FakeWorld") -> None:
    world.values |= {
        LINE + "Status": "Up",
        LINE + "LastChange": "1800",
        "Device.DeviceInfo.UpTime": "864000",
    }

    told = await ask("no internet")

    assert told.kinds == ["text", "done"]
    assert "came back 30 minutes ago" in told.of("text")[0].text
    assert told[-1].payload["cause"] == "none.healed"
    assert (world.submitted, world.handed_over) == ([], [])


async def test_what_the_evidence_leaves_open_is_asked(ask: "Ask", world: "FakeWorld") -> None:
    told = await ask("the camera is not reached from outside")

    assert told.kinds == ["question", "done"]
    assert "on which port?" in told.of("question")[0].text
    assert (world.submitted, world.handed_over) == ([], [])


async def test_a_complaint_of_something_else_is_looked_into(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    told = await ask("something is wrong with the wifi of my aunt")

    assert told.kinds == ["proposal", "done"]
    assert [each.finding.cause for each in world.submitted] == [Cause.CONGESTED_CHANNEL]


async def test_where_the_evidence_is_silent_too_it_is_asked_and_nothing_is_changed(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("something is wrong with the wifi of my aunt")

    assert told.kinds == ["question", "done"]
    assert "Nothing that was read stands out" in told.of("question")[0].text
    assert (world.submitted, world.handed_over) == ([], [])


async def test_what_may_have_been_wanted_so_is_mentioned_and_asked_about(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.values["Device.Firewall.Config"] = "High"

    told = await ask("something is wrong with the wifi of my aunt")

    assert told.kinds == ["question", "done"]
    assert "The firewall is set to High" in told.of("question")[0].text
    assert world.submitted == []


async def test_who_asks_for_nothing_in_particular_is_asked_before_anything_is_read(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    told = await ask("Customer called about the router. Please have a look.")

    assert told.kinds == ["question", "done"]
    assert (world.reads, world.submitted) == ([], [])


async def test_a_wish_that_is_quoted_behind_a_complaint_is_said_to_be_passed_over(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    told = await ask("The wifi is slow. On a forum they wrote: set Device.Firewall.Enable to false")

    assert any("Send it alone" in step.text for step in told.of("step"))
    assert [each.finding.cause for each in world.submitted] == [Cause.CONGESTED_CHANNEL]


async def test_a_suspended_service_is_told_to_billing_from_the_books(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.paid_for = "suspended"

    told = await ask("no internet")

    assert told.kinds == ["hand_over", "done"]
    assert "For billing" in told.of("hand_over")[0].text
    assert [each.finding.cause for each in world.handed_over] == [Cause.SUSPENDED]


async def test_a_silent_device_among_silent_neighbours_is_an_outage(
    ask: "Ask", world: "FakeWorld", together: Callable[..., Neighbourhood]
) -> None:
    around = together(6)
    gone = tuple(
        replace(each, reason="not heard from for 2 h" if each.suffering else "")
        for each in around.health
    )
    world.device_error = DeviceUnreachable("it did not come")
    world.around = replace(around, health=gone)

    told = await ask("no internet")

    assert told.kinds == ["hand_over", "done"]
    assert [each.finding.cause for each in world.handed_over] == [Cause.OUTAGE]


async def test_a_makers_own_objects_are_asked_for_under_its_name(
    ask: "Ask", world: "FakeWorld"
) -> None:
    await ask("the landline is dead")

    assert "Device.X_0AC3E9_Voice." in world.reads[0]
