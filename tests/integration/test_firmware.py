"""Firmware over TR-069 from a listed address: asked for, looked at by the network team, fetched."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import pytest

from brain.ids import utc_now
from evals.homes.fleet import Resident
from evals.homes.home import Home
from evals.homes.running import running_fleet
from evals.standins.genieacs.downloads import SITE, File
from evals.standins.genieacs.interface import Interface
from evals.standins.genieacs.serving import serving
from evals.standins.genieacs.sessions import Genie
from executors.acs.transfers import FIRMWARE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
NAME = "hl-2400-next.bin"
IMAGE = SITE + NAME
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


@contextmanager
def behind_genieacs(home: Home) -> Iterator[str]:
    """The interface of a GenieACS that has the file, and to which the home calls by itself."""
    genie, lock, ended = Genie(utc_now), Lock(), Event()
    genie.files[NAME] = File(b"firmware", {"fileType": FIRMWARE})
    known = genie.add(home)

    def calls() -> None:
        while not ended.wait(0.2):
            with lock:
                home.tick()
                if home.events and not home.silent:
                    genie.session(known)

    thread = Thread(target=calls)
    with serving(Interface(genie), lock=lock) as url:
        thread.start()
        try:
            yield url
        finally:
            ended.set()
            thread.join()


def test_through_genieacs_it_is_fetched_from_its_files(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, Any],
    tmp_path: Path,
) -> None:
    home, own = cast["congested"].home, tmp_path / "policy.yaml"
    before = home.tree.read(VERSION)
    home.images[IMAGE] = "next"
    (entry,) = [each for each in books["devices"] if each["serial"] == home.identity.serial]
    entry |= {"ring": "general", "controller": "genieacs"}
    own.write_text(listed(entry, before))
    with behind_genieacs(home) as url:
        settings = {
            "GATEWRIGHT_GENIEACS_URL": url,
            "GATEWRIGHT_GENIEACS_FILES": SITE,
            "GATEWRIGHT_GENIEACS_POLL_EVERY": "PT1S",
            "GATEWRIGHT_POLICY_DATA": str(own),
        }
        with product(**settings) as running:
            running.desk("olga").post("/v1/inventory", books)
            running.until_known(home.id)
            joined_by(running, "nora", "noc")
            road = fetched(running, home.id, IMAGE)
            known, until = running.desk("olga").get(f"/v1/devices/{home.id}"), time.monotonic() + 30
            while known["firmware"] != "next" and time.monotonic() < until:
                time.sleep(0.5)
                known = running.desk("olga").get(f"/v1/devices/{home.id}")

    assert road["change"]["state"] == "succeeded", road["change"]["reason"]
    assert {each["by"] for each in road["approvals"]} >= {"nora"}
    assert home.tree.read(VERSION) == known["firmware"] == "next"
