"""Firmware over TR-069 from a listed address: asked for, looked at by the network team, fetched."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
IMAGE = "https://firmware.example/hl-2400-next.bin"
FETCH = "Device.DeviceInfo.FirmwareImage.1.Download()"
VERSION = "Device.DeviceInfo.SoftwareVersion"
ENDS = {"succeeded", "failed", "denied", "superseded", "unknown", "expired"}


def listed(device: dict[str, str], runs: str) -> str:
    """The operator's own numbers: two versions, one address, and firmware at any time of day."""
    model = {
        "versions": [runs, "next"],
        "rings": {"general": ["next"]},
        "images": {IMAGE: "next"},
    }
    return json.dumps(
        {
            "firmware": {"models": {device["manufacturer"]: {device["model"]: model}}},
            "schedule": {
                "windows": {"always": {"weekdays": _WEEK, "from": "00:00", "until": "00:00"}},
                "kinds": {"firmware": {"windows": ["always"]}},
            },
        }
    )


_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def joined_by(running: Any, name: str, group: str) -> None:
    """One more approver, of this group."""
    words = ["token", "create", "--json", "--name", name, "--role", "approver", "--group", group]
    made = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *words],
        env=dict(running.stage.environment),
        capture_output=True,
        check=True,
        timeout=120,
    )
    running.tokens[name] = str(json.loads(made.stdout)["token"])


def fetched(running: Any, device: str, url: str) -> dict[str, Any]:
    """Olga asks for it, and whoever has to approves: its road to the end."""
    olga = running.desk("olga")
    step = {"path": FETCH, "arguments": {"URL": url, "AutoActivate": "true"}}
    rollout = olga.post("/v1/rollouts", {"name": "next", "steps": [step], "devices": [device]})
    change = ""
    while not change:
        (target,) = olga.get(f"/v1/rollouts/{rollout['id']}/devices")["items"]
        change = target["change"] or ""
    road = olga.wait(change, lambda state: state in {"awaiting_approval", *ENDS}, 30)
    for name in ("nora", "alex"):
        if olga.road(change)["change"]["state"] == "awaiting_approval":
            seen = {"digest": road["change"]["plan"]["digest"]}
            running.desk(name).post(f"/v1/changes/{change}/approve", seen)
    ended: dict[str, Any] = olga.wait(change, ENDS.__contains__, 120)
    return ended


async def test_it_runs_the_listed_version_when_the_device_says_that_it_ended(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, Any],
    tmp_path: Path,
) -> None:
    home, own = cast["congested"].home, tmp_path / "policy.yaml"
    before = home.tree.read(VERSION)
    home.images[IMAGE] = "next"
    (entry,) = [each for each in books["devices"] if each["serial"] == home.identity.serial]
    entry["ring"] = "general"
    own.write_text(listed(entry, before))
    with product(GATEWRIGHT_POLICY_DATA=str(own)) as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            await asyncio.to_thread(running.desk("olga").post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)
            await asyncio.to_thread(joined_by, running, "nora", "noc")
            other = await asyncio.to_thread(
                fetched, running, home.id, "https://firmware.example/another.bin"
            )
            untouched = home.tree.read(VERSION)
            road = await asyncio.to_thread(fetched, running, home.id, IMAGE)
            known = running.desk("olga").get(f"/v1/devices/{home.id}")

    assert other["change"]["state"] == "denied", other["change"]["reason"]
    assert untouched == before
    assert road["change"]["state"] == "succeeded", road["change"]["reason"]
    assert {each["by"] for each in road["approvals"]} >= {"nora"}
    assert home.tree.read(VERSION) == known["firmware"] == "next"
