"""A home is moved from one controller to another and back, over real servers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

import pytest

from brain.ending import end
from brain.ids import utc_now
from evals.demo.stage import free_port
from evals.homes.fleet import Resident
from evals.homes.home import Home
from evals.homes.running import running_fleet
from evals.homes.usp.agent import HomeAgent
from evals.homes.usp.client import AgentClient
from evals.standins.genieacs.interface import Interface
from evals.standins.genieacs.serving import serving
from evals.standins.genieacs.sessions import Genie

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
CHANNEL = "Device.WiFi.Radio.1.Channel"
KEY = "Device.ManagementServer.ParameterKey"
MANAGED_BY = "Device.X_GATEWRIGHT_Controller.Name"
TAGS = "Device.X_GATEWRIGHT_GenieACS.Tags"
CONTROLLER = "self::gatewright"


async def until_subscribed(agent: HomeAgent) -> None:
    for _ in range(300):
        if any("Subscription" in path for path in agent.own.values):
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("the controller never subscribed to anything")


@asynccontextmanager
async def over_usp_too(home: Home, port: int) -> AsyncIterator[None]:
    """The home's agent, once the controller has subscribed to what it reports."""
    said = home.identity
    agent = HomeAgent(home, f"ops::{said.oui}-{said.product_class}-{said.serial}")
    url = f"ws://127.0.0.1:{port}/usp"
    client = AgentClient(agent, url=url, controller=CONTROLLER, retry=0.2, every=0.2)
    running = asyncio.create_task(client.run())
    try:
        await until_subscribed(agent)
        yield
    finally:
        await end([running])


def governed(running: Any, device: str, path: str, value: str) -> str:
    """Olga asks for it, Alex approves: how it ended."""
    olga, alex = running.desk("olga"), running.desk("alex")
    step = {"path": path, "value": value}
    asked = {"name": f"{path} to {value}", "steps": [step], "devices": [device]}
    rollout = olga.post("/v1/rollouts", asked)["id"]
    change = ""
    while not change:
        (target,) = olga.get(f"/v1/rollouts/{rollout}/devices")["items"]
        change = target["change"] or ""
    road = olga.wait(change, lambda state: state == "awaiting_approval", 30)
    alex.post(f"/v1/changes/{change}/approve", {"digest": road["change"]["plan"]["digest"]})
    ended = {"succeeded", "failed", "denied", "superseded", "rolled_back", "unknown"}
    road = olga.wait(change, lambda state: state in ended, 60)
    return f"{road['change']['state']}: {road['change']['reason']}"


async def test_it_is_one_device_and_each_write_goes_the_way_that_it_is_managed_by(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home, port = cast["congested"].home, free_port()
    usp = {
        "GATEWRIGHT_USP": "true",
        "GATEWRIGHT_USP_INSECURE": "true",
        "GATEWRIGHT_USP_HOST": "127.0.0.1",
        "GATEWRIGHT_USP_PORT": str(port),
        "GATEWRIGHT_USP_ENDPOINT_ID": CONTROLLER,
    }
    with product(**usp) as running:
        olga = running.desk("olga")

        async def change(path: str, value: str) -> str:
            return await asyncio.to_thread(governed, running, home.id, path, value)

        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            await asyncio.to_thread(olga.post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)
            alone = await change(MANAGED_BY, "usp")
            async with over_usp_too(home, port):
                before = olga.get(f"/v1/devices/{home.id}")
                moved = await change(MANAGED_BY, "usp")
                written = await change(CHANNEL, "1")
                key, channel = home.tree.read(KEY), home.tree.read(CHANNEL)
                after = olga.get(f"/v1/devices/{home.id}")
                back = await change(MANAGED_BY, "acs")
            over_cwmp = await change(CHANNEL, "11")
        events = olga.get(f"/v1/devices/{home.id}/timeline", kind="change_applied")["items"]

    assert alone.startswith("failed: ")
    assert "answer" in alone
    assert [each.split(":")[0] for each in (moved, written, back, over_cwmp)] == ["succeeded"] * 4
    assert (before["controller"], after["controller"]) == ("acs", "usp")
    assert (channel, key) == ("1", "")  # only TR-069 leaves the id of the change there
    assert home.tree.read(CHANNEL) == "11"
    assert home.tree.read(KEY).startswith("chg_")
    assert [each["path"] for each in events] == [CHANNEL, MANAGED_BY, CHANNEL, MANAGED_BY]


async def until_its_tags_are_known(olga: Any, home: Home) -> None:
    async with asyncio.timeout(30):
        while not olga.get(f"/v1/devices/{home.id}/snapshot", below=TAGS)["parameters"]:  # noqa: ASYNC110 - a poll has no event
            await asyncio.sleep(0.3)


async def test_it_goes_to_the_operators_genieacs_and_comes_back_only_where_it_answers(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home = cast["congested"].home
    genie = Genie(utc_now)
    polls = {"GATEWRIGHT_GENIEACS_POLL_EVERY": "PT1S"}
    with (
        serving(Interface(genie)) as url,
        product(GATEWRIGHT_GENIEACS_URL=url, **polls) as running,
    ):
        olga = running.desk("olga")

        async def change(path: str, value: str) -> str:
            return await asyncio.to_thread(governed, running, home.id, path, value)

        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            await asyncio.to_thread(olga.post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)
            before = olga.get(f"/v1/devices/{home.id}")
        # Pointed at the other one now: it calls our own ACS no more.
        known = genie.add(home)
        moved = await change(MANAGED_BY, "genieacs")
        written = await change(CHANNEL, "1")
        channel = home.tree.read(CHANNEL)
        await until_its_tags_are_known(olga, home)
        tagged = await change(TAGS, "pilot,vip")
        tags = genie.devices[known.id].tags
        stays = await change(MANAGED_BY, "acs")
        after = olga.get(f"/v1/devices/{home.id}")
        genie.devices.clear()
        home.happened("0 BOOTSTRAP")  # as another ACS URL makes it (TR-069 3.7.1.5)
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            back = await change(MANAGED_BY, "acs")

    assert before["controller"] == "acs"
    assert [each.split(":")[0] for each in (moved, written, tagged, back)] == ["succeeded"] * 4
    assert tags == {"pilot", "vip"}
    assert channel == "1"
    assert stays.startswith("failed: ")
    assert "does not answer acs" in stays
    assert after["controller"] == "genieacs"
