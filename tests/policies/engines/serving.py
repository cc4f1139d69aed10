"""A real OPA server that has loaded a bundle from a file."""

import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path


def start(opa: str, port: int, packed: Path, *more: str) -> "subprocess.Popen[bytes]":
    address = f"127.0.0.1:{port}"
    options = ["--server", "--log-level=error", "--addr", address, "--bundle", str(packed), *more]
    server = subprocess.Popen(
        [opa, "run", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(200):
        if server.poll() is not None or healthy(port):
            break
        time.sleep(0.05)
    assert healthy(port), "OPA did not start"
    return server


def healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health?bundles")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
