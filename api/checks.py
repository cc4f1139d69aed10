"""What ``gatewright doctor`` looks at. It only looks: nothing is made, mended or migrated."""

import os
import socket
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from api.local import FIRST_NAME, open_store
from api.names import TOKEN_FILE
from api.probe import Heard, probe
from brain.domain.errors import GatewrightError
from brain.keys import FOLDER, Keys
from brain.settings import Settings

_LATER = "not there yet; the first `gatewright serve` makes it"
_OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


Look = Callable[[Settings], Awaitable[Check]]


async def examine(settings: Settings, *, policy: Look, opa: Look, model: Look) -> list[Check]:
    """Look at everything; a look that fails in a known way is a failed check.

    ``policy``, ``opa`` and ``model`` are handed in: they need the engines and the model's client,
    and the rest does not.
    """
    looks: list[tuple[str, Look]] = [
        ("data directory", data_directory),
        ("keys", keys),
        ("administrator's token", admin_token),
        ("database", database),
        ("people", people),
        ("policy", policy),
        ("OPA server", opa),
        ("language model", model),
        ("console and API port", api_port),
        ("ACS port", acs_port),
    ]
    return [await _looked(name, look, settings) for name, look in looks]


async def data_directory(settings: Settings) -> Check:
    """It exists or can be made, is ours to write, and nobody else's to read."""
    name, path = "data directory", settings.data_dir
    if not path.exists():
        parent = next(each for each in path.parents if each.exists())
        can = os.access(parent, os.W_OK)
        detail = _LATER if can else f"cannot be made: {parent} is not writable"
        return Check(name=name, ok=can, detail=detail, remedy="" if can else _OTHER_PLACE)
    if not (path.is_dir() and os.access(path, os.W_OK)):
        return Check(name=name, ok=False, detail=f"{path} is not writable", remedy=_OTHER_PLACE)
    if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        remedy = f"Run: chmod 700 {path}"
        return Check(name=name, ok=False, detail=f"others may write to {path}", remedy=remedy)
    return Check(name=name, ok=True, detail=str(path))


async def keys(settings: Settings) -> Check:
    """All of them are there and readable, or none was made yet."""
    folder = settings.data_dir / FOLDER
    if not folder.exists() and not _database_file(settings).exists():
        return Check(name="keys", ok=True, detail=_LATER)
    Keys.open(settings.data_dir, create=False)
    return Check(name="keys", ok=True, detail="whole, and readable by nobody else")


async def admin_token(settings: Settings) -> Check:
    """It is there and only ours to read, or was not made yet."""
    name, path = "administrator's token", settings.data_dir / TOKEN_FILE
    if not path.exists():
        return Check(name=name, ok=True, detail=_LATER)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        remedy = f"Run: chmod 600 {path}; then revoke the token and make a new one."
        return Check(name=name, ok=False, detail=f"others can read {path}", remedy=remedy)
    return Check(name=name, ok=True, detail=str(path))


async def database(settings: Settings) -> Check:
    """It answers; what its schema still lacks is applied at the next start."""
    name = "database"
    if not settings.database_url and not _database_file(settings).exists():
        return Check(name=name, ok=True, detail=_LATER)
    opened = Keys.open(settings.data_dir, create=False)
    async with open_store(settings, opened) as store:
        pending = await store.pending_migrations()
    kind = "PostgreSQL" if settings.database_url.startswith("postgresql") else "SQLite"
    todo = f"; the next start applies {len(pending)} migrations" if pending else ", up to date"
    return Check(name=name, ok=True, detail=f"{kind} answers{todo}")


async def people(settings: Settings) -> Check:
    """Somebody but the owner of the data directory can come in."""
    name = "people"
    if not settings.database_url and not _database_file(settings).exists():
        return Check(name=name, ok=True, detail=_LATER)
    opened = Keys.open(settings.data_dir, create=False)
    async with open_store(settings, opened) as store:
        if await store.pending_migrations():
            return Check(name=name, ok=True, detail="known after the next start")
        async with store.read() as tx:
            users = await tx.users.names(settings.tenant)
            tokens = [record.name for record, _ in await tx.tokens.list(settings.tenant)]
    if not users and tokens in ([], [FIRST_NAME]):
        detail = "only the administrator's first token; add yourself: gatewright user add NAME"
        return Check(name=name, ok=True, detail=f"{detail} --role admin --role operator")
    return Check(name=name, ok=True, detail=f"{len(users)} with a password, {len(tokens)} tokens")


async def model_server(settings: Settings) -> Check:
    """The model's server, where one is configured."""
    name = "language model"
    if not settings.llm_configured:
        return Check(name=name, ok=True, detail="not configured; the rules planner plans")
    url = settings.llm_base_url or _OPENAI
    heard = probe(f"{url.rstrip('/')}/models", token=os.environ.get("OPENAI_API_KEY", ""))
    return _answer(name, heard, url, "Check OPENAI_BASE_URL and OPENAI_API_KEY.")


async def api_port(settings: Settings) -> Check:
    """Free, or taken by Gatewright itself."""
    return _port(settings, settings.host, settings.port, "console and API port", "GATEWRIGHT_PORT")


async def acs_port(settings: Settings) -> Check:
    """Free, or taken while Gatewright runs."""
    return _port(settings, settings.acs_host, settings.acs_port, "ACS port", "GATEWRIGHT_ACS_PORT")


_OTHER_PLACE = "Make it writable, or set GATEWRIGHT_DATA_DIR to another place."


async def _looked(name: str, look: Look, settings: Settings) -> Check:
    try:
        return await look(settings)
    except GatewrightError as error:
        where = f"{error.field}: " if error.field else ""
        return Check(
            name=name,
            ok=False,
            detail=f"{where}{error.message}",
            remedy=error.remedy or "Look into the log of the server.",
        )


def _port(settings: Settings, host: str, port: int, name: str, setting: str) -> Check:
    if _is_free(host, port):
        return Check(name=name, ok=True, detail=f"{port} is free")
    local = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    if probe(f"http://{local}:{settings.port}/health/live").status == 200:
        return Check(name=name, ok=True, detail=f"{port} is in use while Gatewright runs")
    remedy = f"Stop the program that uses it, or set {setting}."
    return Check(name=name, ok=False, detail=f"{port} is in use by another program", remedy=remedy)


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def _answer(name: str, heard: Heard, url: str, remedy: str) -> Check:
    ok = heard.status == 200
    said = "answers" if ok else heard.reason or f"answers {heard.status}"
    return Check(name=name, ok=ok, detail=f"{url} {said}", remedy="" if ok else remedy)


def _database_file(settings: Settings) -> Path:
    return settings.data_dir / "gatewright.db"
