"""Prometheus is told what went to and fro between us and agents, and of none of them who it is."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from api.usp_metrics import Agents
from brain.domain.errors import DeviceUnreachable
from executors.usp import requests as q
from executors.usp import responses as r
from tests.executors.usp.conftest import AGENT, Site


def told(site: Site) -> list[str]:
    registry = CollectorRegistry()
    registry.register(Agents(site.exchange))
    return generate_latest(registry).decode().splitlines()


async def test_requests_are_counted_by_what_came_of_them(site: Site) -> None:
    agent = await site.agent()
    agent.answers = {q.Get: lambda _: r.GetResp()}
    for body in (q.Get(("Device.X.",)), q.GetInstances(("Device.X.",))):
        await asyncio.gather(site.exchange.ask(AGENT, body, repeatable=True), agent.answer())
    assert await site.exchange.ask(AGENT, q.Get(("Device.",)), repeatable=True) is None
    with pytest.raises(DeviceUnreachable):
        await site.exchange.ask("os::001122-S9", q.Get(("Device.",)), repeatable=True, patience=0)

    found = told(site)

    for outcome in ("answered", "refused", "unanswered", "not_sent"):
        assert f'gatewright_usp_requests_total{{outcome="{outcome}"}} 1.0' in found
    assert 'gatewright_usp_records_total{direction="out",mtp="websocket"} 3.0' in found
    assert 'gatewright_usp_records_total{direction="in",mtp="websocket"} 2.0' in found
    assert 'gatewright_usp_agents{mtp="websocket"} 1.0' in found
    assert "001122" not in "".join(found)


async def test_what_is_dropped_is_counted_by_why(site: Site) -> None:
    agent = await site.agent()

    await agent.say(r.GetResp(), "never-asked")
    await agent.say(q.Notify("vc", True, q.ValueChange("Device.X.P", "1")))
    await agent.heard()

    assert 'gatewright_usp_dropped_total{reason="answers_to_nothing"} 1.0' in told(site)
    assert 'gatewright_usp_dropped_total{reason="floods"} 0.0' in told(site)
