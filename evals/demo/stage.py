"""The stage: the product and the virtual homes as processes of their own, on free ports."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from time import monotonic, sleep

import httpx

from evals.demo.desk import StoryBroke

API_PORT = 8080
ACS_PORT = 7547


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where everything is."""

    folder: Path
    """The data directory of this run, and the logs of the processes."""
    api: str
    acs: str
    environment: Mapping[str, str]
    genieacs: int = 0
    """The port of the stand-in for GenieACS that the homes are behind; 0: they call our own ACS."""


_OTHERS = range(20_000, 32_000)
"""Below those that systems give to connections, which might take one before it is listened on."""


def free_port(wanted: int = 0) -> int:
    """The port by convention when nobody has it, else any that nobody has."""
    for port in filter(None, (wanted, *SystemRandom().sample(_OTHERS, 50))):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StoryBroke("no free port on this machine")


def set_stage(
    folder: Path,
    settings: Mapping[str, str],
    *,
    ports: tuple[int, int] = (API_PORT, ACS_PORT),
    controller: str = "",
) -> Stage:
    """Pick the settings, and the ports (API, ACS; 0 for any); nothing is started yet."""
    api, acs = (free_port(port) for port in ports)
    genieacs = free_port() if controller == "genieacs" else 0
    if genieacs:
        settings = {
            **settings,
            "GATEWRIGHT_GENIEACS_URL": f"http://127.0.0.1:{genieacs}",
            "GATEWRIGHT_GENIEACS_POLL_EVERY": "PT1S",
        }
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GATEWRIGHT_", "OPENAI_"))
    }
    environment |= {
        "GATEWRIGHT_DATA_DIR": str(folder),
        "GATEWRIGHT_PORT": str(api),
        "GATEWRIGHT_ACS_PORT": str(acs),
        "GATEWRIGHT_ACS_HOST": "127.0.0.1",
        **settings,
    }
    return Stage(
        folder=folder,
        api=f"http://127.0.0.1:{api}",
        acs=f"http://127.0.0.1:{acs}/",
        environment=environment,
        genieacs=genieacs,
    )


@contextmanager
def running(stage: Stage, name: str, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Python module as a process with its output in ``NAME.log``; ended with the block."""
    log = stage.folder / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=dict(stage.environment),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_ready(stage: Stage, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    """Return when the product says that it is ready."""
    until = monotonic() + seconds
    while monotonic() < until:
        if process.poll() is not None:
            raise StoryBroke(f"the product ended at once: see {stage.folder}/serve.log")
        try:
            if httpx.get(f"{stage.api}/health/ready", timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        sleep(0.1)
    raise StoryBroke(
        f"the product is not ready after {seconds:.0f} s: see {stage.folder}/serve.log"
    )
