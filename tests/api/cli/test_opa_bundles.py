"""A real OPA server fetches its rules from our API, checks who signed them, and keeps up."""

import asyncio
import json
import os
import tarfile
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from api.cli.opa import configuration
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Role
from brain.keys import Keys
from evals.demo.stage import free_port
from policies.bundle import Bundle
from policies.bundle_signing import BundleSigner
from policies.check import find_program
from policies.engine import ACCESS
from policies.engines.opa import OpaEngine

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front

_NOBODY = {"action": "", "principal": None, "tenant": ""}


@pytest.fixture
async def opa(front: "Front", shell: "Shell", tmp_path: Path) -> AsyncIterator[str]:
    """An OPA that knows nothing but the configuration that we print."""
    program = find_program("opa")
    if not program and os.environ.get("CI") != "true":
        pytest.skip("OPA is not installed: `make tools` installs it")
    token, config = tmp_path / "token", tmp_path / "opa.yaml"
    token.write_text(await front.token("opa", Role.AUTOMATION))
    key = front.wiring.bundle_signer.public_pem
    document = configuration(shell.url, key, token_file=str(token), every=1)
    config.write_text(yaml.safe_dump(document))
    address = f"127.0.0.1:{free_port()}"
    server = await asyncio.create_subprocess_exec(
        *(program, "run", "--server", "--log-level=error", "--skip-version-check"),
        *("--addr", address, "--config-file", str(config)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    yield f"http://{address}"
    server.terminate()
    await server.wait()


async def revision_of(url: str, bundle: Bundle, *, until: str = "", seconds: float = 20) -> str:
    """What the OPA there answers from, as soon as it is ``until`` or the time is up."""
    engine = OpaEngine(url, bundle, timeout=timedelta(seconds=1))
    found, end = "", time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = (await engine.ask(ACCESS, dict(_NOBODY))).revision
        except PolicyUnavailable:  # not yet up, or between two revisions
            found = ""
        if found and (not until or found == until):
            break
        await asyncio.sleep(0.2)
    await engine.aclose()
    return found


@pytest.mark.opa
async def test_it_loads_the_active_rules_by_itself_and_follows_an_exchange(
    front: "Front", opa: str
) -> None:
    policy = front.wiring.policy
    first = policy.bundle
    second = first.with_numbers({"limits": {"presence": {"minutes": 7}}})

    assert await revision_of(opa, first) == first.revision
    await policy.exchange(second)

    assert await revision_of(opa, second, until=second.revision) == second.revision


@pytest.mark.opa
async def test_rules_that_somebody_else_signed_are_refused_and_the_old_ones_kept(
    front: "Front", opa: str
) -> None:
    policy = front.wiring.policy
    first = policy.bundle
    second = first.with_numbers({"limits": {"presence": {"minutes": 7}}})
    assert await revision_of(opa, first) == first.revision

    ours, front.wiring.bundle_signer = front.wiring.bundle_signer, BundleSigner.of(b"somebody")
    await policy.exchange(second)
    refused = await revision_of(opa, second, until=second.revision, seconds=4)
    front.wiring.bundle_signer = ours
    taken = await revision_of(opa, second, until=second.revision)

    assert (refused, taken) == (first.revision, second.revision)


async def test_the_command_prints_the_configuration_that_was_tried(
    front: "Front", shell: "Shell"
) -> None:
    token = await front.token("eva", Role.ADMIN)

    shown = await shell.run("policy", "opa-config", "--every", "5", token=token)
    told = await shell.run("policy", "opa-config", "--json", token=token)
    status = await shell.run("policy", "status", token=token)

    key = front.wiring.bundle_signer.public_pem
    where = {"token_file": "/etc/opa/gatewright.token"}
    assert yaml.safe_load(shown.out) == configuration(shell.url, key, every=5, **where)
    assert json.loads(told.out) == configuration(shell.url, key, **where)
    assert "opa run --server" in shown.err
    assert front.wiring.policy.bundle.revision in status.out


async def test_a_bundle_written_where_the_keys_are_is_signed_and_elsewhere_says_that_it_is_not(
    terminal: "Shell", tmp_path: Path
) -> None:
    file = tmp_path / "rules.tar.gz"
    before = await terminal.run("policy", "bundle", "-o", str(file), "--json")
    unsigned = file.read_bytes()
    Keys.open(terminal.data_dir)

    after = await terminal.run("policy", "bundle", "-o", str(file), "--json")

    assert (before.document["signed"], after.document["signed"]) == (False, True)
    assert Bundle.from_tar_gz(unsigned) == Bundle.from_tar_gz(file.read_bytes())
    with tarfile.open(file) as tar:
        assert "/.signatures.json" in [f"/{each.removeprefix('/')}" for each in tar.getnames()]
