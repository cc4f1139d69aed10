"""Reading takes what the agent has, leaves out what it has not, and never takes silence for it."""

from collections.abc import Callable

import pytest

from brain.domain.errors import ControllerRefused, DeviceUnreachable
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.exchange import Reply
from executors.usp.reading import Reading

TREE = {f"Device.X.P{n}": str(n) for n in range(5)}


class Agent:
    """Answers Get from a tree, or as it is told to."""

    def __init__(self, answer: Callable[[q.Get], Reply] | None = None) -> None:
        self.answer = answer or self.values
        self.asked: list[tuple[str, ...]] = []

    def values(self, asked: q.Get) -> Reply:
        return r.GetResp(tuple(self.one(path) for path in asked.param_paths))

    def one(self, path: str) -> r.PathValues:
        if path not in TREE:
            return r.PathValues(path, 7026)
        name = path.removeprefix("Device.X.")
        found = r.ResolvedPathResult("Device.X.", {name: TREE[path]})
        return r.PathValues(path, resolved_path_results=(found,))

    async def ask(self, request: q.Request) -> Reply:
        assert isinstance(request, q.Get)
        self.asked.append(request.param_paths)
        return self.answer(request)


async def test_many_paths_are_asked_for_a_batch_at_a_time_and_each_once() -> None:
    agent = Agent()

    found = await Reading(agent.ask, batch=2).values([*TREE, *TREE, "Device.None"])

    assert found == TREE
    assert [len(each) for each in agent.asked] == [2, 2, 2]


async def test_an_agent_that_finds_it_too_much_is_asked_for_less() -> None:
    agent = Agent()
    agent.answer = lambda asked: (
        r.Error(7005) if len(asked.param_paths) > 1 else agent.values(asked)
    )

    assert await Reading(agent.ask, batch=4).values([*TREE]) == TREE


async def test_one_unknown_name_that_spoils_the_whole_request_is_left_out() -> None:
    agent = Agent()
    agent.answer = lambda asked: (
        r.Error(7026) if "Device.None" in asked.param_paths else agent.values(asked)
    )

    assert await Reading(agent.ask, batch=8).values([*TREE, "Device.None"]) == TREE


@pytest.mark.parametrize(
    "reply", [r.Error(7006), r.GetResp((r.PathValues("Device.X.", 7003, "hush-42"),))]
)
async def test_what_the_agent_will_not_say_is_a_refusal_and_not_an_absence(reply: Reply) -> None:
    with pytest.raises(ControllerRefused) as raised:
        await Reading(Agent(lambda asked: reply).ask, batch=8).values(["Device.X."])
    assert "hush" not in str(raised.value)


async def test_silence_is_no_answer() -> None:
    with pytest.raises(DeviceUnreachable):
        await Reading(Agent(lambda asked: None).ask, batch=8).values(["Device.X."])
