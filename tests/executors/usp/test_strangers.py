"""A device that nobody registered is answered over USP, given nothing, and shown to a person."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.device import ControllerName, Device
from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.errors import NotFound
from brain.domain.ports import Clock
from brain.store.store import Store
from evals.homes.usp.agent import HomeAgent
from executors.usp import requests as q
from executors.usp.usp import Usp
from tests.executors.contract import TENANT, one_home
from tests.executors.usp.test_onboarding import kept, named

CHANGED = q.Notify("vc", True, q.ValueChange("Device.WiFi.Radio.1.Channel", "6"))


@pytest.fixture
def strict(usp: Usp) -> Usp:
    """Takes in nobody who was not registered."""
    usp._arrivals.options = replace(usp._arrivals.options, enrol=False)
    return usp


async def strangers(store: Store) -> Sequence[Stranger]:
    async with store.read() as tx:
        return await tx.strangers.list(TENANT, limit=10)


async def test_it_is_among_the_strangers_and_nothing_is_written_to_it(
    store: Store, clock: Clock, connected: Any, strict: Usp
) -> None:
    home, device = one_home(clock)

    link = await connected(HomeAgent(home, named(home)))

    (found,) = await strangers(store)
    assert (found.device, found.why, found.times) == (device.id, Why.UNKNOWN, 1)
    assert await kept(store, device) is None
    assert {type(each) for each in link.asked} <= {q.GetSupportedProtocol, q.Get}


async def test_its_reports_are_answered_and_nothing_of_them_is_kept(
    store: Store, clock: Clock, connected: Any, strict: Usp
) -> None:
    home, device = one_home(clock)
    agent = HomeAgent(home, named(home))
    with pytest.raises(NotFound):  # before anybody looked at it: it is to say it again
        await strict.notified(agent.endpoint, "n1", CHANGED)
    await connected(agent)

    await strict.notified(agent.endpoint, "n2", CHANGED)

    async with store.read() as tx:
        assert await tx.events.of_device(TENANT, device.id) == []
        assert await tx.snapshots.latest(TENANT, device.id) is None


async def test_one_that_a_person_rejected_stays_out_and_is_counted(
    store: Store, clock: Clock, connected: Any, strict: Usp
) -> None:
    home, device = one_home(clock)
    await connected(HomeAgent(home, named(home)))
    (found,) = await strangers(store)
    async with store.begin() as tx:
        await tx.strangers.put(replace(found, answer=Answer.REJECTED))

    await connected(HomeAgent(home, named(home)))

    (found,) = await strangers(store)
    assert (found.answer, found.times) == (Answer.REJECTED, 2)
    assert await kept(store, device) is None
    with pytest.raises(NotFound):
        await strict.notified(named(home), "n1", CHANGED)


async def test_one_that_was_registered_meanwhile_comes_in_and_is_managed_over_usp(
    store: Store, clock: Clock, connected: Any, strict: Usp
) -> None:
    home, device = one_home(clock)
    await connected(HomeAgent(home, named(home)))
    async with store.begin() as tx:
        await tx.devices.put(_registered(device))

    await connected(HomeAgent(home, named(home)))

    found = await kept(store, device)
    assert found is not None
    assert found.controller is ControllerName.USP
    assert not strict._arrivals.is_stranger(named(home))


async def test_one_whose_name_says_nothing_of_its_device_is_not_shown_but_on_record(
    store: Store, clock: Clock, connected: Any, strict: Usp
) -> None:
    home, device = one_home(clock)

    await connected(HomeAgent(home, "uuid::1b4e28ba-2fa1-11d2-883f-0016d3cca427"))

    assert await strangers(store) == []
    assert await kept(store, device) is None
    async with store.read() as tx:
        assert [each.kind for each in await tx.audit.range(TENANT)] == ["usp.refused"]


def _registered(device: Device) -> Device:
    return replace(device, controller=ControllerName.ACS, last_seen=None)
