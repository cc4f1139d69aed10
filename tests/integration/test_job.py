"""A job with the token of README.md proposes over REST, and a person approves."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from json import loads
from pathlib import Path
from typing import Any

import pytest

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet
from tests.integration.test_kill import CHANNEL, _proposed
from tests.readme import token_for_a_job

_KNOWN = 'matrix: {models: {Havrelund Networks: {HL-2400: {"*": {config: green}}}}}'
"""For a machine nothing is done to a model that the operator said nothing of."""


def _token(running: Any) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *token_for_a_job("billing", "alex"), "--json"],
        env=dict(running.stage.environment),
        capture_output=True,
        check=True,
        timeout=120,
    )
    return str(loads(made.stdout)["token"])


@pytest.mark.slow
async def test_a_job_proposes_and_a_person_has_to_approve(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
    tmp_path: Path,
) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text(_KNOWN)
    home = cast["congested"].home
    before = home.tree.read(CHANNEL)
    with product(GATEWRIGHT_POLICY_DATA=str(own)) as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            running.tokens["billing"] = await asyncio.to_thread(_token, running)
            change = await asyncio.to_thread(_proposed, running, books, home.id, by="billing")
            job, path = running.desk("billing"), f"/v1/changes/{change['id']}/approve"
            seen = {"digest": change["plan"]["digest"]}
            refused = await asyncio.to_thread(job.refused, path, seen)
            owner = await asyncio.to_thread(running.desk("alex").refused, path, seen)
            road = await asyncio.to_thread(job.road, change["id"])

    assert change["asked_by"] == "billing"
    assert (refused["status"], owner["status"]) == (403, 403)
    assert road["change"]["state"] == "awaiting_approval", road["change"]["reason"]
    assert road["approvals"] == []
    assert home.tree.read(CHANNEL) == before
