"""An agent becomes a device once, by what it proves, and is subscribed to as it should be."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.device import ControllerName, Device
from brain.domain.identity import PrincipalId
from brain.domain.ports import Clock
from brain.store.store import Store
from evals.homes.home import Home
from evals.homes.usp.agent import HomeAgent
from executors.usp import onboarding
from executors.usp import requests as q
from executors.usp.messages import Message
from executors.usp.subscriptions import TABLE, wanted
from executors.usp.usp import Usp
from tests.executors.contract import TENANT, one_home
from tests.executors.usp.conftest import MemoryLink

CHANNEL = "Device.WiFi.Radio.1.Channel"


def named(home: Home) -> str:
    said = home.identity
    return f"ops::{said.oui}-{said.product_class}-{said.serial}"


async def kept(store: Store, device: Device) -> Device | None:
    async with store.read() as tx:
        return await tx.devices.find(device.id)


async def recorded(store: Store) -> list[tuple[str, str]]:
    async with store.read() as tx:
        return [(each.kind, each.payload) for each in await tx.audit.range(TENANT)]


def subscriptions(agent: HomeAgent) -> dict[str, str]:
    """The ids of the agent's subscriptions that are on, by row."""
    values = agent.own.values
    return {
        name.removesuffix("ID"): text
        for name, text in values.items()
        if name.startswith(TABLE) and name.endswith(".ID")
    }


async def test_an_agent_that_nobody_knew_becomes_a_device_with_all_that_it_has(
    store: Store, clock: Clock, connected: Any
) -> None:
    home, device = one_home(clock)

    link = await connected(HomeAgent(home, named(home)))

    found = await kept(store, device)
    assert found is not None
    assert (found.controller, found.serial) == (ControllerName.USP, home.identity.serial)
    assert (found.firmware, found.last_seen) == (home.model.firmware, clock())
    async with store.read() as tx:
        names = await tx.models.get(TENANT, device.id)
        snapshot = await tx.snapshots.latest(TENANT, device.id)
        agent = await tx.agents.by_device(device.id)
    assert names is not None
    assert names[CHANNEL]
    assert names["Device.NAT.PortMapping."]
    assert not names["Device.DeviceInfo.SerialNumber"]
    assert snapshot is not None
    assert snapshot.get(CHANNEL) == home.tree.read(CHANNEL)
    assert agent is not None
    assert (agent.endpoint, agent.mtp, agent.protocols) == (named(home), "memory", "1.3")
    writes = [each for each in link.asked if isinstance(each, q.Set | q.Delete | q.Operate)]
    assert writes == []


async def test_what_is_wanted_is_subscribed_to_once_and_mended(
    clock: Clock, connected: Any, usp: Usp
) -> None:
    home, _ = one_home(clock)
    agent = HomeAgent(home, named(home))
    link = await connected(agent)
    first = subscriptions(agent)
    off, gone, *_ = first
    agent.own.values[f"{off}Enable"] = "false"
    agent.own.remove(gone)
    foreign = q.CreateObject(TABLE, (q.CreateParamSetting("ID", "somebody else's"),))
    theirs = agent.own.add(foreign)
    link.asked.clear()

    await connected(agent)
    again = subscriptions(agent)

    assert len(first) == 6
    assert sorted(again.values()) == sorted([*first.values(), "somebody else's"])
    assert theirs in again
    assert [agent.own.values[f"{row}Enable"] for row in again if row != theirs] == ["true"] * 6


async def test_while_changes_are_halted_nothing_is_subscribed_to(
    store: Store, clock: Clock, connected: Any
) -> None:
    home, device = one_home(clock)
    agent = HomeAgent(home, named(home))
    async with store.begin() as tx:
        await tx.halts.set(TENANT, True, PrincipalId("olga"), clock())

    link = await connected(agent)

    assert subscriptions(agent) == {}
    assert await kept(store, device) is not None
    assert not any(isinstance(each, q.Add | q.Delete | q.Set) for each in link.asked)


def test_a_subscription_names_concrete_paths_alone() -> None:
    names = {CHANNEL: True, "Device.WiFi.Radio.2.Channel": True, "Device.X_Vendor": True}

    found = wanted(names)

    assert not any("*" in path or "[" in path for each in found for path in each.paths)
    (changes,) = [each for each in found if each.kind == "ValueChange"]
    assert changes.paths == (CHANNEL, "Device.WiFi.Radio.2.Channel")


def test_pushed_bulk_data_is_subscribed_to_whichever_profiles_come() -> None:
    found = wanted({"Device.BulkData.Profile.": True})

    assert [each.paths for each in found if each.name == "bulk"] == [
        ("Device.BulkData.Profile.*.Push!",)
    ]
    assert not any(each.name == "bulk" for each in wanted({CHANNEL: True}))


async def test_a_device_that_spoke_cwmp_is_the_same_device_and_acted_on_as_before(
    store: Store, clock: Clock, connected: Any
) -> None:
    home, device = one_home(clock)
    async with store.begin() as tx:
        await tx.devices.put(replace(device, last_seen=clock()))

    await connected(HomeAgent(home, named(home)))

    found = await kept(store, device)
    assert found is not None
    assert found.controller is ControllerName.ACS
    assert found.country == device.country
    async with store.read() as tx:
        assert await tx.agents.by_endpoint(named(home)) is not None
        assert len(await tx.devices.list(TENANT)) == 1


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        ("os::00D09E-SOMEBODY", "names another device"),
        ("self::me", "another endpoint's or another protocol's"),
    ],
)
async def test_a_known_device_is_given_to_no_endpoint_that_does_not_name_it(
    store: Store, clock: Clock, connected: Any, endpoint: str, why: str
) -> None:
    home, device = one_home(clock)
    async with store.begin() as tx:
        await tx.devices.put(device)

    link = await connected(HomeAgent(home, endpoint))

    async with store.read() as tx:
        assert await tx.agents.by_endpoint(endpoint) is None
    assert [kind for kind, payload in await recorded(store) if why in payload] == ["usp.refused"]
    assert not any(isinstance(each, q.Add) for each in link.asked)


async def test_a_claim_to_be_another_is_on_record_once(
    store: Store, usp: Usp, connected: Callable[..., Any], clock: Clock
) -> None:
    home, _ = one_home(clock)
    link = await connected(HomeAgent(home, named(home)))

    for _ in range(3):
        usp.strayed(link, "os::00D09E-OTHER")
    usp.strayed(link, "\x1b[31m")
    await usp.settled()

    strays = [payload for kind, payload in await recorded(store) if kind == "usp.strayed"]
    assert len(strays) == 2
    assert "os::00D09E-OTHER" in strays[0]
    assert "unreadable" in strays[1]


async def test_an_agent_that_gave_no_answer_is_asked_again_while_it_is_here(
    store: Store, clock: Clock, connected: Any, usp: Usp, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, device = one_home(clock)
    monkeypatch.setattr(onboarding, "_AGAIN", (0.2,))

    async def silence(link: MemoryLink, asked: Message) -> None:
        del link, asked

    with monkeypatch.context() as silent:
        silent.setattr(MemoryLink, "say", silence)
        await connected(HomeAgent(home, named(home)))
        unheard = await kept(store, device)
    await asyncio.sleep(0.3)
    await usp.settled()

    assert unheard is None
    assert await kept(store, device) is not None
