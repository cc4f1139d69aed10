"""The benchmark of USP asks real agents, and its bare peers move as many bytes."""

import pytest

from evals.bench import usp_agents
from evals.bench.usp_agents import GET, Agent, Bare, endpoint, over_websocket, said, set_channel
from evals.bench.usp_server import bare_sockets, controlled_sockets, do
from evals.demo.stage import free_port
from executors.usp.messages import Body, Message

AGENTS = 3
CONTROLLER = "self::bench"


async def test_a_change_is_written_and_read_back_on_every_agent() -> None:
    port = free_port(0)
    url = f"ws://127.0.0.1:{port}/usp"
    async with controlled_sockets(port) as peers, over_websocket(url, range(AGENTS), bare=False):
        assert peers.here() == AGENTS
        found = await do(peers, f"change {AGENTS} {AGENTS} 2")

    assert found["good"] == AGENTS
    assert found["cpu"] > 0


class Stubborn(Agent):
    """Says that it did as it was told, and keeps what it had."""

    def body(self, asked: Body) -> Body:
        before = dict(self.values)
        answer = super().body(asked)
        self.values = before
        return answer


async def test_an_agent_that_keeps_its_old_value_is_not_counted_as_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(usp_agents, "Agent", Stubborn)
    port = free_port(0)
    url = f"ws://127.0.0.1:{port}/usp"
    async with controlled_sockets(port) as peers, over_websocket(url, range(1), bare=False):
        found = await do(peers, "change 1 1 1")

    assert found["good"] == 0


@pytest.mark.parametrize("kind", ["get", "set"])
def test_bare_peers_ask_and_answer_with_as_many_bytes(kind: str) -> None:
    bare, agent = Bare(), Agent(endpoint(0))
    body = GET if kind == "get" else set_channel("6")
    asked = said(Message("msg_" + 26 * "0", body), to=agent.endpoint, of=CONTROLLER)
    answer = agent.answer(asked)

    assert answer is not None
    assert len(bare.asked[kind]) == len(asked)
    assert len(bare.answer(bare.asked[kind]) or b"") == len(answer)


async def test_bare_peers_answer_each_that_is_asked() -> None:
    port = free_port(0)
    url = f"ws://127.0.0.1:{port}/usp"
    async with bare_sockets(port) as peers, over_websocket(url, range(AGENTS), bare=True):
        found = await do(peers, f"get {AGENTS} {AGENTS} 2")

    assert found["good"] == AGENTS
