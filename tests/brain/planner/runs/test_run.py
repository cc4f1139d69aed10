"""A run from a message to events in sentences: at most one proposal, for the case's device."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from langgraph.checkpoint.base import BaseCheckpointSaver

from brain.domain.canonical import canonical_bytes
from brain.domain.errors import DeviceUnreachable, InvalidPlan, StoreUnavailable
from brain.domain.identity import DeviceId, Principal, TenantId
from brain.domain.incident import Case, Symptom
from brain.domain.proposal import Author, Cause
from brain.domain.verdict import Decision
from brain.planner.deps import Neighbourhood
from brain.planner.run import Planner

if TYPE_CHECKING:
    from tests.brain.planner.conftest import DepsOf, FakeWorld
    from tests.brain.planner.runs.conftest import Ask, AskWith

LEVEL = "Device.Optical.Interface.1.OpticalSignalLevel"
SERVER = "Device.DNS.Client.Server.1."


async def test_a_crowded_channel_is_proposed_to_be_left(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    told = await ask("the wifi is slow")

    assert told.kinds == ["proposal", "done"]
    (proposal,) = world.submitted
    assert (proposal.finding.cause, proposal.author) == (Cause.CONGESTED_CHANNEL, Author.RULES)
    assert [(c.path, c.after) for c in proposal.changes] == [("Device.WiFi.Radio.1.Channel", "1")]
    assert (proposal.asked_by, proposal.on_behalf_of) == ("agent_1", "sub_1")
    assert world.handed_over == []


async def test_the_last_word_lists_the_causes_with_the_likeliest_first(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    (done,) = (await ask("the wifi is slow")).of("done")

    causes = done.payload["causes"]
    assert isinstance(causes, list)
    assert [each["cause"] for each in causes if isinstance(each, dict)] == [
        "wifi.congested_channel"
    ]
    assert (await ask("hello there")).of("done")[0].payload["causes"] == []


async def test_the_card_tells_a_reviewer_everything(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    (event,) = (await ask("the wifi is slow")).of("proposal")

    assert "It waits for approval: 1 from noc." in event.text
    assert event.payload["change_id"] == f"chg_of_{world.submitted[0].id}"
    assert event.payload["state"] == "awaiting_approval"
    assert event.payload["cause"] == "wifi.congested_channel"
    assert event.payload["risk"] == "medium"


async def test_steps_are_told_in_the_words_of_people(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    steps = [event.text for event in (await ask("the wifi is slow")).of("step")]

    assert any(text.startswith("Reading the ") and "Wi-Fi radios" in text for text in steps)
    assert any("on channel 6, busy 78 % of the time; 3 foreign networks" in text for text in steps)
    assert any(text == "Most likely: Channel 6 is crowded." for text in steps)


async def test_weak_light_is_handed_over_and_nothing_is_submitted(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.values[LEVEL] = "-29100"

    told = await ask("no internet at all")

    assert told.kinds == ["hand_over", "done"]
    assert "-29.1 dBm" in told.of("hand_over")[0].text
    assert [each.finding.cause for each in world.handed_over] == [Cause.WEAK_OPTICAL_SIGNAL]
    assert world.submitted == []


async def test_a_failing_resolver_is_proposed_to_be_replaced(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.values |= {SERVER + "Status": "Error", SERVER + "DNSServer": "203.0.113.9"}

    await ask("websites do not open")

    (proposal,) = world.submitted
    assert proposal.finding.cause is Cause.WRONG_DNS
    assert [(c.path, c.after) for c in proposal.changes] == [(SERVER + "DNSServer", "9.9.9.9")]


async def test_what_the_whole_splitter_suffers_is_handed_over(
    ask: "Ask",
    world: "FakeWorld",
    crowded: dict[str, str],
    together: Callable[..., Neighbourhood],
) -> None:
    world.values |= crowded
    world.around = together(5)

    told = await ask("the wifi is slow")

    (event,) = told.of("hand_over")
    assert "network team" in event.text
    assert len(event.payload["evidence"]) == 7
    assert world.submitted == []


async def test_a_forgotten_passphrase_is_replaced_and_shown_to_nobody(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("she forgot the wifi password")

    (proposal,) = world.submitted
    assert all(change.secret and change.before == "" for change in proposal.changes)
    assert {change.after for change in proposal.changes} == {"fresh-4711-apples"}
    assert b"fresh-4711" not in b"".join(canonical_bytes(event) for event in told)
    assert told.of("proposal")[0].payload["changes"][0]["after"] == "••••••••"


async def test_a_request_is_proposed_as_asked(ask: "Ask", world: "FakeWorld") -> None:
    await ask("put the 2.4 GHz wifi on channel 13")

    (proposal,) = world.submitted
    assert (proposal.finding.cause, proposal.author) == (Cause.REQUESTED, Author.RULES)
    assert [(c.path, c.after) for c in proposal.changes] == [("Device.WiFi.Radio.1.Channel", "13")]


async def test_a_named_parameter_is_read_before_it_is_set(ask: "Ask", world: "FakeWorld") -> None:
    world.values["Device.ManagementServer.PeriodicInformInterval"] = "3600"

    await ask("set Device.ManagementServer.PeriodicInformInterval to 600")

    assert "Device.ManagementServer.PeriodicInformInterval" in world.reads[0]
    assert [c.after for c in world.submitted[0].changes] == ["600"]


async def test_what_the_device_does_not_allow_is_said_and_not_submitted(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("put the 2.4 GHz wifi on channel 14")

    assert told.kinds == ["failed", "done"]
    assert "14 is not among the values this device allows" in told.of("failed")[0].text
    assert world.submitted == []


async def test_a_healthy_home_is_read_whole_and_then_nothing_is_proposed(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("the wifi is slow")

    assert told.kinds == ["text", "done"]
    assert len(world.reads) == 2
    assert "Device.DNS.Client." in world.reads[1]
    assert (world.submitted, world.handed_over) == ([], [])


async def test_a_cause_that_was_not_looked_for_first_is_found_in_the_second_reading(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.values |= {SERVER + "Status": "Error", SERVER + "DNSServer": "203.0.113.9"}

    await ask("the wifi is slow")

    assert [each.finding.cause for each in world.submitted] == [Cause.WRONG_DNS]


async def test_an_unclear_message_is_answered_with_a_question_and_wakes_no_device(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("hello")

    assert told.kinds == ["question", "done"]
    assert world.reads == []


async def test_a_message_that_leaves_open_which_radio_is_asked_back(
    ask: "Ask", world: "FakeWorld"
) -> None:
    told = await ask("set the channel width to 20 MHz")

    assert told.kinds == ["question", "done"]
    assert world.submitted == []


async def test_an_empty_message_plans_for_the_symptom_of_the_case(
    ask: "Ask", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    world.values |= crowded

    await ask("", symptom=Symptom.SLOW_WIFI)

    assert len(world.submitted) == 1


async def test_a_silent_device_is_said_and_nothing_is_proposed(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.device_error = DeviceUnreachable("it did not come within 20 seconds")

    told = await ask("no internet")

    assert told.kinds == ["failed", "done"]
    assert "did not come within 20 seconds" in told.of("failed")[0].text
    assert (world.submitted, world.handed_over) == ([], [])


async def test_a_silent_device_among_suffering_neighbours_is_handed_over(
    ask: "Ask", world: "FakeWorld", together: Callable[..., Neighbourhood]
) -> None:
    world.device_error = DeviceUnreachable("it did not come")
    world.around = together(6)

    told = await ask("no internet")

    assert told.kinds == ["hand_over", "done"]
    assert [each.finding.cause for each in world.handed_over] == [Cause.SHARED_UPSTREAM]


async def test_a_denial_is_told_with_its_reason(ask: "Ask", world: "FakeWorld") -> None:
    world.decision = Decision.DENY

    told = await ask("put the 2.4 GHz wifi on channel 13")

    assert told.kinds == ["denied", "done"]
    assert told.of("denied")[0].text == "Policy refuses this: the channel is frozen."
    assert told[-1].payload["state"] == "denied"


async def test_what_policy_allows_is_said_to_be_carried_out(ask: "Ask", world: "FakeWorld") -> None:
    world.decision = Decision.ALLOW

    (event,) = (await ask("put the 2.4 GHz wifi on channel 13")).of("proposal")

    assert "without a review" in event.text


async def test_a_proposal_that_the_ledger_does_not_take_is_said(
    ask: "Ask", world: "FakeWorld"
) -> None:
    world.submit_error = InvalidPlan("the evidence moved", remedy="Plan anew.")

    told = await ask("put the 2.4 GHz wifi on channel 13")

    assert told.kinds == ["failed", "done"]
    assert "the evidence moved. Plan anew." in told.of("failed")[0].text


async def test_every_failure_ends_in_a_sentence_and_done(ask: "Ask", world: "FakeWorld") -> None:
    world.device_error = StoreUnavailable("the database did not answer")

    told = await ask("the wifi is slow")

    assert told.kinds == ["failed", "done"]
    assert told.of("failed")[0].text == "The database did not answer."
    assert told.of("failed")[0].payload == {"code": "store_unavailable"}


async def test_a_caller_of_another_tenant_learns_nothing(
    ask: "Ask", world: "FakeWorld", asker: Principal
) -> None:
    told = await ask("the wifi is slow", by=replace(asker, tenant=TenantId("south")))

    assert told.kinds == ["failed", "done"]
    assert (world.reads, world.submitted) == ([], [])


async def test_a_device_that_is_not_there_is_said(
    deps_of: "DepsOf",
    checkpointer: BaseCheckpointSaver[str],
    case: Case,
    asker: Principal,
    world: "FakeWorld",
) -> None:
    planner = Planner(deps_of(), checkpointer)
    lost = replace(case, device=DeviceId("other"))

    told = [event async for event in planner.run(lost, "the wifi is slow", asker)]

    assert [event.kind for event in told] == ["failed", "done"]
    assert world.reads == []


async def test_the_most_a_run_reads_is_three_times(
    ask_with: "AskWith", world: "FakeWorld", fake_model: Callable[..., object]
) -> None:
    greedy = fake_model(
        intake={"symptom": "slow_wifi", "band": None, "request": None},
        diagnose=[
            {"hypotheses": [], "missing": ["dns"]},
            {"hypotheses": [], "missing": ["mappings"]},
            {"hypotheses": [], "missing": ["time"]},
        ],
        propose={
            "decision": "nothing",
            "candidate": "",
            "changes": [],
            "cause": "unknown",
            "sentence": "All looks well.",
        },
    )

    told = await ask_with(model=greedy)("the wifi is slow")

    assert len(world.reads) == 3
    assert told.kinds == ["text", "done"]
    assert told[-1].payload["rounds"] == 3
