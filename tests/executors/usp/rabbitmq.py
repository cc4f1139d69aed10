"""A RabbitMQ of a test's own that speaks STOMP, restarts, and keeps what it was given."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from executors.usp.destinations import Destinations
from executors.usp.permissions import EXCHANGE, of_agent, of_controller

PLACES = Destinations(prefix="usp", client="c1", group="all")
CONTROLLER_USER = "gatewright"
_LIBRARY = "/usr/lib/rabbitmq/lib"
_ALL = {"configure": ".*", "write": ".*", "read": ".*"}


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass
class RabbitMq:
    """Runs between ``start`` and ``stop``, on the same port each time. Passwords are ``guest``."""

    folder: Path
    agents: tuple[str, ...] = ()
    """Users beside ``guest``, each kept to its own endpoint, and a controller to what it needs."""
    port: int = field(default_factory=_free)
    _names: int = field(default_factory=_free)
    _inner: int = field(default_factory=_free)
    _running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "plugins").write_text("[rabbitmq_stomp].\n")
        (self.folder / "users.json").write_text(json.dumps(self._users()))
        lines = [
            "listeners.tcp = none",
            f"stomp.listeners.tcp.1 = 127.0.0.1:{self.port}",
            "log.file = false",
            "log.console = true",
            "log.console.level = warning",
            "disk_free_limit.absolute = 1MB",
            f"load_definitions = {self.folder}/users.json",
        ]
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")

    def start(self) -> None:
        program = self._program()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self._names),
            "RABBITMQ_NODENAME": f"usp{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self._inner),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "ERL_CRASH_DUMP": os.devnull,
        }
        names = ["epmd", "-port", str(self._names), "-address", "127.0.0.1"]
        with (self.folder / "out").open("ab") as log:
            self._running = [
                subprocess.Popen(each, env=environment, stdout=log, stderr=log, process_group=0)
                for each in (names, [str(program)])
            ]
        until = time.monotonic() + 90
        while time.monotonic() < until and self._running[1].poll() is None:
            if self._answers():
                return
            time.sleep(0.05)
        self.stop()
        pytest.fail((self.folder / "out").read_text())

    def stop(self) -> None:
        """As an operator would: what it keeps is on disk when this returns."""
        while self._running:
            process = self._running.pop()
            for how in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, how)
                    process.wait(30)
                    break

    def _answers(self) -> bool:
        """It listens a while before it lets anybody in."""
        said = b"CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n\n\0"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                probe.sendall(said)
                return probe.recv(9) == b"CONNECTED"
        except OSError:
            return False

    def _program(self) -> Path:
        found = sorted(Path(_LIBRARY).glob("rabbitmq_server-*/sbin/rabbitmq-server"))
        if found and shutil.which("epmd"):
            return found[-1]
        if os.environ.get("CI") == "true":
            pytest.fail("there is no RabbitMQ here: make tools")
        pytest.skip("there is no RabbitMQ here: make tools")

    def _users(self) -> dict[str, object]:
        """What ``rabbitmqctl export_definitions`` would write."""
        ours = of_controller(PLACES, CONTROLLER_USER)
        rights = [ours, *(of_agent(PLACES, each) for each in self.agents)]
        users = [_user("guest"), *(_user(each.user) for each in rights)]
        permissions = [
            {"user": each.user} | dict(zip(_ALL, each.resources, strict=True)) for each in rights
        ]
        permissions.append(_ALL | {"user": "guest"})
        topics = [
            {"user": each.user, "exchange": EXCHANGE, "write": each.write, "read": each.read}
            for each in rights
        ]
        return {
            "vhosts": [{"name": "/"}],
            "users": users,
            "permissions": [each | {"vhost": "/"} for each in permissions],
            "topic_permissions": [each | {"vhost": "/"} for each in topics],
        }


def _user(name: str) -> dict[str, object]:
    return {"name": name, "password": "guest", "tags": ""}
