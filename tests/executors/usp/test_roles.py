"""The role that an agent gives us is known, and said where it does not allow a write."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from brain.domain.agent import Agent
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.store.store import Store
from evals.homes.usp.agent import HomeAgent
from executors.usp.reading import Reading
from executors.usp.roles import role_of
from tests.executors.contract import one_home
from tests.executors.usp.conftest import CONTROLLER, TreeAgent
from tests.executors.usp.test_onboarding import named

OURS, OTHERS = "Device.LocalAgent.Controller.2.", "Device.LocalAgent.Controller.1."
ROLES = "Device.LocalAgent.ControllerTrust.Role."
TOLD = {
    f"{OTHERS}EndpointID": "self::another",
    f"{OTHERS}AssignedRole": f"{ROLES}1",
    f"{OURS}EndpointID": CONTROLLER,
    f"{OURS}AssignedRole": f"{ROLES}2.",
    f"{ROLES}1.Name": "Full Access",
    f"{ROLES}2.Name": "Untrusted",
}


@dataclass
class Told:
    """Answers from these values, with what is changed."""

    changed: dict[str, str] = field(default_factory=dict)

    async def ask(self, request: Any) -> Any:
        values = {ParameterPath(name): text for name, text in (TOLD | self.changed).items()}
        return TreeAgent(values).answer(request)


@pytest.mark.parametrize(
    ("changed", "role"),
    [
        ({}, "Untrusted"),
        ({f"{ROLES}2.Name": ""}, "Role.2"),
        ({f"{OURS}EndpointID": "self::third"}, ""),
        ({f"{OURS}AssignedRole": "Device.WiFi."}, ""),
        ({f"{OURS}AssignedRole": ""}, ""),
        ({f"{ROLES}2.Name": "\x1b[31m"}, "Role.2"),
    ],
    ids=["named", "nameless", "not there", "no role", "empty", "unreadable"],
)
async def test_the_role_is_that_of_our_own_row(changed: dict[str, str], role: str) -> None:
    assert await role_of(Reading(Told(changed).ask, batch=8), CONTROLLER) == role


async def test_the_role_is_kept_with_the_agent_when_it_comes_on_board(
    store: Store, clock: Clock, connected: Any
) -> None:
    home, device = one_home(clock)
    agent = HomeAgent(home, named(home))
    agent.own.values |= TOLD

    await connected(agent)

    async with store.read() as tx:
        bound: Agent | None = await tx.agents.by_device(device.id)
    assert bound is not None
    assert bound.role == "Untrusted"
