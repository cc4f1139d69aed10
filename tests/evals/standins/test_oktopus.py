"""The stand-in for Oktopus has the oddities of the real one, as its sources have them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from evals.homes.build import build
from evals.homes.faults import Loss
from evals.standins.oktopus.interface import OktopusStandIn
from evals.standins.oktopus.subjects import Subject
from evals.standins.serving import serving

CHANNEL = "Device.WiFi.Radio.1.Channel"


class Site:
    """One home behind the interface, and somebody who is logged in."""

    def __init__(self, clock: Any) -> None:
        self.okto = OktopusStandIn(clock)
        home = build({"world": {"model": "brightmoor-hearth6"}}, seed=7).home
        home.clock = clock
        self.subject: Subject = self.okto.add(home)
        self.subject.patience = 0.02
        transport = httpx.ASGITransport(self.okto.app())
        self.client = httpx.AsyncClient(base_url="http://oktopus/api", transport=transport)

    async def enter(self) -> None:
        own = {"email": self.okto.email, "password": self.okto.password}
        said = await self.client.put("/auth/login", json=own)
        self.client.headers["authorization"] = said.json()

    async def ask(self, verb: str, body: Any, mtp: str = "any") -> httpx.Response:
        place = f"/device/{self.subject.agent.endpoint}/{mtp}/{verb}"
        return await self.client.put(place, json=body)

    async def get(self, path: str) -> httpx.Response:
        return await self.ask("get", {"param_paths": [path]})

    async def to(self, channel: str) -> httpx.Response:
        setting = {"param": "Channel", "value": channel, "required": True}
        above = CHANNEL.rpartition(".")[0] + "."
        return await self.ask(
            "set", {"update_objs": [{"obj_path": above, "param_settings": [setting]}]}
        )


@pytest.fixture
async def site(clock: Any) -> AsyncIterator[Site]:
    made = Site(clock)
    await made.enter()
    yield made
    await made.client.aclose()


def first_path(said: httpx.Response) -> str:
    path: str = said.json()["req_path_results"][0]["requested_path"]
    return path


async def test_without_a_log_in_nobody_is_answered(site: Site) -> None:
    site.client.headers["authorization"] = "a.b.c"

    assert (await site.get(CHANNEL)).status_code == 401
    assert site.subject.asked == []


async def test_a_log_in_holds_for_a_day(site: Site, clock: Any) -> None:
    clock.advance(hours=23)
    assert (await site.get(CHANNEL)).status_code == 200

    clock.advance(hours=2)

    assert (await site.get(CHANNEL)).status_code == 401


async def test_a_usp_error_leaves_as_a_200(site: Site) -> None:
    site.subject.home.faults.refuse_sets = 9007

    said = await site.to("11")

    assert (said.status_code, said.json()["err_code"]) == (200, 7012)


async def test_a_success_is_spelled_as_go_spells_it(site: Site) -> None:
    (done,) = (await site.to("11")).json()["updated_obj_results"]

    assert "OperSuccess" in done["oper_status"]["OperStatus"]


async def test_all_who_wait_get_the_first_answer_that_comes(site: Site) -> None:
    other = "Device.DeviceInfo.SerialNumber"

    said = await asyncio.gather(site.get(other), site.get(CHANNEL))

    assert [first_path(each) for each in said] == [other, other]
    assert len(site.subject.asked) == 2


async def test_an_answer_that_is_late_is_a_504_and_then_the_next_ones(site: Site) -> None:
    site.subject.late = 1

    assert (await site.to("11")).status_code == 504
    assert "updated_obj_results" in (await site.get(CHANNEL)).json()
    assert site.subject.home.tree.read(CHANNEL) == "11"


async def test_a_504_may_have_been_carried_out(site: Site) -> None:
    site.subject.home.faults.lose_line = Loss.AFTER

    assert (await site.to("11")).status_code == 504
    assert site.subject.home.tree.read(CHANNEL) == "11"


async def test_one_that_is_offline_is_a_503_and_is_handed_nothing(site: Site) -> None:
    site.subject.home.faults.deaf = True

    assert (await site.to("11")).status_code == 503
    assert site.subject.asked == []


async def test_over_an_mtp_that_it_is_not_on_nothing_answers(site: Site) -> None:
    assert (await site.ask("get", {}, mtp="mqtt")).status_code == 504
    assert (await site.ask("get", {}, mtp="coap")).status_code == 400
    assert site.subject.asked == []


async def test_what_is_no_json_is_handed_on_as_an_empty_request(site: Site) -> None:
    place = f"/device/{site.subject.agent.endpoint}/any/get"

    said = await site.client.put(place, content=b"{nonsense")

    assert (said.status_code, said.json()) == (200, {})


async def test_it_serves_over_a_socket(site: Site) -> None:
    async with serving(site.okto.app()) as url, httpx.AsyncClient(base_url=url) as client:
        said = await client.put("/api/auth/login", json={"email": "x", "password": "y"})

    assert said.status_code == 401
