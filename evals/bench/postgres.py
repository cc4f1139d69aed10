"""A PostgreSQL of a benchmark's own: its databases, loading in bulk, and its processor time."""

import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_CLIENTS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
Rows = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and a connection to it that stays open."""

    url: str
    connection: psycopg.Connection[tuple[int]]

    def database(self, name: str) -> str:
        """Make an empty database, and give its URL."""
        self.connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url.replace("/postgres?", f"/{name}?")

    def processor_time(self) -> float:
        """Seconds that all who serve clients have been on a processor so far (Linux)."""
        pids = [pid for (pid,) in self.connection.execute(_CLIENTS).fetchall()]
        return sum(_on_processor(Path(f"/proc/{pid}/schedstat")) for pid in pids) / 1e9


@contextmanager
def postgres() -> Iterator[Server | None]:
    """A fresh server; None where no PostgreSQL starts here."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR
                from pgserver.postgres_server import get_server

                server = get_server(Path(folder))
        except Exception:  # noqa: BLE001 - not installed, or it will not run as this user
            yield None
            return
        try:
            url = server.get_uri()
            with psycopg.connect(url, autocommit=True) as connection:
                yield Server(url, connection)
        finally:
            server.cleanup()


def load(url: str, tables: Iterable[tuple[str, Sequence[str], Rows]]) -> None:
    """With COPY, and with no row checked twice: what refers to what is right by construction."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, columns, rows in tables:
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _on_processor(file: Path) -> int:
    try:
        return int(file.read_text().split()[0])
    except OSError:  # it has ended meanwhile, or this is no Linux
        return 0
