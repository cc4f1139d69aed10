"""A command that takes long is followed to its end, and a lost end is looked up or unknown."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from brain.domain.change import Command, Plan, SetParameter
from brain.domain.errors import DeviceUnreachable
from brain.domain.identity import DeviceId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, ParameterType
from executors.completions import Completions
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.application import Application, End
from executors.usp.exchange import Reply

AGENT, KEY, PING = "os::001122-S1", "chg_1", "Device.IP.Diagnostics.IPPing()"
ROW = "Device.LocalAgent.Request.3."
PLAN = Plan(device=DeviceId("d"), changes=(Command(path=ParameterPath(PING)),))


@dataclass
class Agent:
    """Answers one command as it is told to, and shows the row of it."""

    result: str | q.OutputArgs | q.CommandFailure = ROW
    row: dict[str, str] | None = field(default_factory=lambda: {"CommandKey": KEY})
    """None: it does not answer."""
    executed: str = PING
    before: Callable[[], None] = lambda: None
    asked: list[q.Request] = field(default_factory=list)
    looks: int = 0
    completions: Completions[End] = field(default_factory=Completions)

    async def ask(self, request: q.Request) -> Reply:
        self.asked.append(request)
        self.before()
        return r.OperateResp((r.OperationResult(self.executed, self.result),))

    async def read(self, path: str) -> dict[str, str]:
        self.looks += 1
        if self.row is None:
            raise DeviceUnreachable("silent")
        return {f"{path}{name}": text for name, text in self.row.items()}

    def end(self, end: q.OutputArgs | q.CommandFailure, key: str = KEY) -> None:
        self.completions.told(AGENT, key, end)

    async def apply(self, plan: Plan = PLAN) -> Outcome:
        application = Application(
            endpoint=AGENT,
            clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
            completions=self.completions,
            ask=self.ask,
            read=self.read,
            patience=0.1,
            look_every=0.01,
        )
        return await application.carry_out(plan, key=KEY)


async def test_its_end_is_the_outcome() -> None:
    agent = Agent(row={"CommandKey": KEY, "Status": "Active"})
    applying = asyncio.create_task(agent.apply())
    await asyncio.sleep(0)

    agent.end(q.OutputArgs(), key="somebody else's")
    agent.end(q.OutputArgs())

    assert (await applying).progress is Progress.APPLIED
    assert agent.looks == 0


async def test_an_end_that_overtakes_the_answer_counts() -> None:
    agent = Agent()
    agent.before = lambda: agent.end(q.CommandFailure(7022))

    outcome = await agent.apply()

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "7022")


async def test_where_its_end_is_lost_the_row_tells() -> None:
    assert (await Agent(row={"CommandKey": KEY, "Status": "Success"}).apply()).progress is (
        Progress.APPLIED
    )
    assert (await Agent(row={"CommandKey": KEY, "Status": "Error"}).apply()).fault == "7022"


async def test_a_row_that_is_gone_or_anothers_leaves_it_unknown() -> None:
    for row in ({}, {"CommandKey": "chg_2", "Status": "Success"}):
        agent = Agent(row=row)
        outcome = await agent.apply()

        assert outcome.progress is Progress.UNKNOWN
        assert agent.looks == 1


async def test_an_agent_that_falls_silent_or_never_ends_leaves_it_unknown() -> None:
    for row in (None, {"CommandKey": KEY, "Status": "Active"}, {"CommandKey": KEY, "Status": "?"}):
        agent = Agent(row=row)

        assert (await agent.apply()).progress is Progress.UNKNOWN
        assert agent.looks >= 1
        assert len(agent.asked) == 1


async def test_a_row_that_is_none_is_not_looked_at() -> None:
    agent = Agent(result="Device.Users.User.1.")

    assert (await agent.apply()).progress is Progress.UNKNOWN
    assert agent.looks == 0


async def test_an_answer_about_another_command_is_unknown() -> None:
    assert (await Agent(executed="Device.Reboot()").apply()).progress is Progress.UNKNOWN


async def test_a_command_that_is_done_at_once_is_done() -> None:
    assert (await Agent(result=q.OutputArgs()).apply()).progress is Progress.APPLIED
    assert (await Agent(result=q.CommandFailure(7023)).apply()).progress is Progress.UNKNOWN
    assert (await Agent(result=q.CommandFailure(7027)).apply()).progress is Progress.REFUSED


async def test_a_secret_is_refused_before_it_leaves() -> None:
    agent = Agent()
    path = ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")
    secret = SetParameter(
        path=path, type=ParameterType.STRING, before="", after="hush-42", secret=True
    )

    outcome = await agent.apply(Plan(device=DeviceId("d"), changes=(secret,)))

    assert outcome.progress is Progress.REFUSED
    assert agent.asked == []
    assert "hush" not in repr(outcome)


async def test_nobody_waits_for_a_command_that_is_over() -> None:
    agent = Agent(result=q.OutputArgs())

    await agent.apply()

    assert agent.completions._awaited == {}
