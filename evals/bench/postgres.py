"""A PostgreSQL of a benchmark's own, and the processor time that it takes."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_CPU = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"


@contextmanager
def postgres() -> Iterator[str | None]:
    """The URL of a fresh server's first database; None where no PostgreSQL starts here."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR
                from pgserver.postgres_server import get_server

                server = get_server(Path(folder))
        except Exception:  # noqa: BLE001  # not installed, or it will not run as this user
            yield None
            return
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def database(url: str, name: str) -> str:
    """Make an empty database beside the first, and give its URL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.replace("/postgres?", f"/{name}?")


def processor_time(connection: psycopg.Connection[tuple[int]]) -> float:
    """Seconds that all who serve clients have been on a processor so far (Linux)."""
    pids = [pid for (pid,) in connection.execute(_CPU).fetchall()]
    return sum(_on_processor(Path(f"/proc/{pid}/schedstat")) for pid in pids) / 1e9


def _on_processor(file: Path) -> int:
    try:
        return int(file.read_text().split()[0])
    except OSError:  # it has ended meanwhile, or this is no Linux
        return 0
