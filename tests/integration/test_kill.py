"""The real process is killed at every moment of an execution, and started again on its data."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from evals.homes import rpc
from evals.homes.fleet import Resident
from evals.homes.running import running_fleet
from executors.acs import messages as m

pytestmark = pytest.mark.slow

ENDS = frozenset({"succeeded", "unknown", "failed", "rolled_back", "superseded", "denied"})
CHANNEL = "Device.WiFi.Radio.1.Channel"


class Wire:
    """What the home was asked, in order, and one deed at one moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sets: list[dict[str, str]] = []
        self.reads_since_set = 0
        self.reads = 0
        self.moment = ""
        self.deed: Callable[[], None] = lambda: None
        self._answer = rpc.answer
        monkeypatch.setattr(rpc, "answer", self._spy)

    def _spy(self, home: Any, request: m.Message) -> Any:
        # What enrolment gives a device is no change.
        if isinstance(request, m.SetParameterValues) and request.parameter_key:
            self._at("before the write is applied")
            said = self._answer(home, request)
            self.sets.append({each.name: each.value for each in request.values})
            self.reads_since_set = 0
            self._at("after the write is applied")
            return said
        if isinstance(request, m.GetParameterValues):
            self.reads += 1
            self.reads_since_set += bool(self.sets)
            self._at("while looking before the write" if not self.sets else "")
            self._at("while reading back" if self.reads_since_set == 1 else "")
            self._at("while watching" if self.reads_since_set == 3 else "")
        return self._answer(home, request)

    def _at(self, moment: str) -> None:
        if moment and moment == self.moment:
            self.moment = ""
            self.deed()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("right after the approval", marks=pytest.mark.slow),
        pytest.param("while looking before the write", marks=pytest.mark.slow),
        pytest.param("before the write is applied", marks=pytest.mark.slow),
        "after the write is applied",
        pytest.param("while reading back", marks=pytest.mark.slow),
        pytest.param("while watching", marks=pytest.mark.slow),
    ],
)
async def test_a_killed_execution_ends_known_and_writes_each_value_once(
    moment: str,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = Wire(monkeypatch)
    home = cast["congested"].home
    before = home.tree.read(CHANNEL)
    with product() as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            change = await asyncio.to_thread(_proposed, running, books, home.id)
            wire.deed = lambda: os.kill(running.process.pid, signal.SIGKILL)
            wire.moment = moment
            await asyncio.to_thread(_approve, running, change)
            if moment == "right after the approval":
                wire.deed()
            await asyncio.to_thread(running.process.wait, 30)
            with running.up():
                road = await asyncio.to_thread(
                    running.desk("sam").wait, change["id"], ENDS.__contains__, 60
                )

    assert road["change"]["state"] in ("succeeded", "unknown"), road["change"]["reason"]
    assert len(wire.sets) == 1, "each value is written once"
    wanted = {step["path"]: step["after"] for step in change["plan"]["changes"]}
    assert wire.sets[0] == wanted
    assert home.tree.read(CHANNEL) == wanted[CHANNEL] != before
    steps = [step["step"] for step in road["executions"]]
    assert steps.index("back_up") < steps.index("apply"), "the backup came first"


def _proposed(running: Any, books: dict[str, object], device: str, *, by: str = "sam") -> Any:
    asker = running.desk(by)
    running.desk("olga").post("/v1/inventory", books)
    running.until_known(device)
    for event in asker.say(device, "the wifi is terribly slow every evening"):
        if event["kind"] == "proposal":
            return asker.road(event["payload"]["change_id"])["change"]
    raise AssertionError("nothing was proposed")


def _approve(running: Any, change: Any) -> None:
    answer = {"digest": change["plan"]["digest"]}
    running.desk("alex").post(f"/v1/changes/{change['id']}/approve", answer)
