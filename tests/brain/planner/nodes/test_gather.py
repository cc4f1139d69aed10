"""What is read goes into the notes of the run, and what is personal in it is known from then on."""

from typing import TYPE_CHECKING

import pytest
from langgraph.runtime import Runtime

from brain.datamodel.catalogue import catalogue
from brain.domain.errors import DeviceUnreachable
from brain.domain.identity import Principal
from brain.domain.incident import Case, Symptom
from brain.planner.facts import IntakeFacts
from brain.planner.groups import Group
from brain.planner.nodes.gather import gather
from brain.planner.notebook import Notebook, Run, Spending
from brain.planner.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from tests.brain.planner.conftest import DepsOf, FakeWorld


@pytest.fixture
async def run(deps_of: "DepsOf", world: "FakeWorld", case: Case, asker: Principal) -> Run:
    """A run that understood a slow Wi-Fi and has read nothing yet."""
    deps = deps_of()
    notes = Notebook(
        case=case,
        text="",
        asker=asker,
        device=await world.device(case.tenant, case.device),
        catalogue=catalogue(),
        pseudonyms=Pseudonyms(b"key", case.id, catalogue()),
        proposal_id="prp_1",
        spending=Spending(deps.budget),
        with_model=False,
        facts=IntakeFacts(symptom=Symptom.SLOW_WIFI),
    )
    return Run(deps=deps, notes=notes)


def runtime(run: Run) -> Runtime[Run]:
    return Runtime(context=run, stream_writer=lambda event: None)


async def test_personal_words_of_a_reading_are_known_at_once(run: Run) -> None:
    await gather({}, runtime(run))

    assert "Vanderkooy" not in run.notes.pseudonyms.scrub("Vanderkooy-Home is slow")


async def test_a_second_reading_is_added_to_the_first(run: Run) -> None:
    first = await gather({}, runtime(run))
    await gather({"rounds": first["rounds"], "missing": ["dns"]}, runtime(run))

    assert run.notes.snapshot is not None
    assert run.notes.snapshot.get("Device.WiFi.Radio.1.Channel") == "6"
    assert run.notes.snapshot.get("Device.DNS.Client.Server.1.DNSServer") == "9.9.9.9"
    assert {Group.RADIOS, Group.DNS} <= run.notes.read


async def test_a_device_that_falls_silent_keeps_what_was_read(run: Run, world: "FakeWorld") -> None:
    await gather({}, runtime(run))
    world.device_error = DeviceUnreachable("it went away")

    await gather({"rounds": 1, "missing": ["dns"]}, runtime(run))

    assert run.notes.unreachable == "it went away"
    assert run.notes.snapshot is not None
    assert Group.DNS not in run.notes.read
