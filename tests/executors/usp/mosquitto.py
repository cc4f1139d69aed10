"""A Mosquitto of a test's own, which can be restarted, and keeps what it was given meanwhile."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Mosquitto:
    """Runs between ``start`` and ``stop``, on the same port each time."""

    folder: Path
    rules: list[str] = field(default_factory=list)
    """Lines of its access list; none: everybody may do everything."""
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            f"user {getpass.getuser()}",
            "persistence true",
            "set_tcp_nodelay true",
            f"persistence_location {self.folder}/",
        ]
        if self.rules:
            (self.folder / "acl").write_text("\n".join(self.rules) + "\n")
            (self.folder / "acl").chmod(0o600)
            lines.append(f"acl_file {self.folder / 'acl'}")
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    def start(self) -> None:
        program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            if os.environ.get("CI") == "true":
                pytest.fail("there is no Mosquitto here: make tools")
            pytest.skip("there is no Mosquitto here: make tools")
        command = [program, "-c", str(self.folder / "mosquitto.conf")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.005)
        pytest.fail((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None
