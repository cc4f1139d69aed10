"""A destination on a STOMP broker says whose it is, and nothing else does."""

import pytest

from executors.usp.destinations import Destinations
from tests.executors.usp.conftest import AGENT

OURS = Destinations(prefix="isp.usp", client="c1", group="all")


def test_what_agents_say_is_shared_and_answers_are_our_own() -> None:
    shared, own = OURS.subscriptions

    assert shared.destination == "/topic/isp.usp.controller.#"
    assert shared.queue == "isp.usp.shared.all"
    assert (own.destination, own.queue) == ("/topic/isp.usp.reply.c1.#", "isp.usp.own.c1")


def test_a_controller_of_no_group_shares_its_queue_with_nobody() -> None:
    alone = Destinations(prefix="usp", client="c1").subscriptions[0]

    assert alone.queue == "usp.shared.c1"
    assert alone.queue != Destinations(prefix="usp", client="c2").subscriptions[0].queue


@pytest.mark.parametrize("endpoint", [AGENT, "fqdn::agent.example.net", "os::001122-S%2D1"])
def test_an_agent_is_heard_where_it_may_send_as_the_broker_writes_it(endpoint: str) -> None:
    written = endpoint.replace("%", "%25")

    assert OURS.heard(f"/topic/isp.usp.controller.{written}") == endpoint
    assert OURS.heard(OURS.reply(written)) == endpoint


@pytest.mark.parametrize(
    "destination",
    [
        f"/topic/isp.usp.agent.{AGENT}",
        f"/topic/isp.usp.reply.c2.{AGENT}",
        f"/queue/isp.usp.controller.{AGENT}",
        f"/topic/other.controller.{AGENT}",
        "/topic/isp.usp.controller.",
        "/topic/isp.usp.controller.os::001122-S%2F1",
        "",
    ],
)
def test_a_destination_of_no_agent_is_nobodys(destination: str) -> None:
    assert OURS.heard(destination) == ""


def test_an_agent_is_sent_to_its_own_place_alone() -> None:
    assert OURS.is_of(AGENT, OURS.agent(AGENT))
    for other in (OURS.agent(AGENT + "0"), OURS.agent(AGENT) + ".x", f"/queue/{AGENT}", ""):
        assert not OURS.is_of(AGENT, other)
