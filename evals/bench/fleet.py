"""A fleet of any size in a store: so many devices on an access network, loaded in bulk.

32 homes on a splitter, 8 splitters on a port, 16 ports on an OLT. Each said of its line and its
management what a virtual home says, and has a week of events and numbers behind it, sealed as the
store seals them; one in fifty receives too little light, and one in fifty lost its line.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random

from brain.domain.device import Device, Site
from brain.domain.history import EventKind
from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.domain.topology import NodeKind
from brain.store.cipher import Cipher
from brain.store.devices import devices
from brain.store.measures import PAGE, sealable
from brain.store.parts import Part
from brain.store.repository import columns_of, context
from brain.store.sites import area_of
from brain.store.snapshots import packed
from evals.bench.postgres import Rows
from evals.homes.build import build
from evals.homes.spec import read_spec

TENANT = TenantId("default")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
_HOMES, _SPLITTERS, _PORTS = 32, 8, 16
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TICKS = int((NOW - _HOUR).timestamp()) * 1_000_000
_LIGHT = "Device.Optical.Interface.1.OpticalSignalLevel"
_LOST = "Device.PPP.Interface.1.Status"
_HOME = {"model": "brightmoor-hearth6", "around": {"splitter": 0, "port": 0, "olt": 0}}
_TOLD = ("Device.Optical.", "Device.PPP.", "Device.Ethernet.", "Device.ManagementServer.")
"""What a look at how a neighbour is reads of it."""
_INTERVAL = "Device.ManagementServer.PeriodicInformInterval"
_MEASURED = (_LIGHT, "Device.DeviceInfo.MemoryStatus.Free")


def device_at(number: int) -> Device:
    """The device of this number, wherever it is loaded."""
    name = f"00D09E-Hub-{number:07d}"
    return Device(
        id=DeviceId(name),
        tenant=TENANT,
        oui="00D09E",
        product_class="Hub",
        serial=f"{number:07d}",
        manufacturer="Acme",
        model=f"Hub {number % 3}",
        firmware=f"1.{number % 7}",
        site=SiteId(f"building-{number // _HOMES}"),
        access_node=NodeId(f"splitter-{number // _HOMES}"),
        last_seen=NOW - timedelta(seconds=number % 300),
        inform_every=300,
    )


def tables(count: int, cipher: Cipher) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """Each table with its columns and rows, in an order in which each finds what it refers to."""
    yield "nodes", ("tenant", "id", "kind", "name", "parent"), _nodes(count)
    yield "sites", ("tenant", "id", "sealed", "area"), _sites(count, cipher)
    names = tuple(devices.c.keys())
    every = map(columns_of, map(device_at, range(count)))
    yield "devices", names, ([_plain(row[name]) for name in names] for row in every)
    yield "snapshots", ("tenant", "device", "part", "sealed"), _snapshots(count, cipher)
    yield "measures", ("tenant", "device", "page", "sealed"), _measures(count, cipher)
    columns = ("tenant", "device", "kind", "at", "path", "value", "detail")
    yield "events", columns, _events(count)


def load_sqlite(file: Path, count: int, cipher: Cipher) -> None:
    """In one transaction."""
    with sqlite3.connect(file) as connection:
        for table, columns, rows in tables(count, cipher):
            marks = ", ".join("?" * len(columns))
            insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # all names are ours
            connection.executemany(insert, ([_as_text(each) for each in row] for row in rows))
    with sqlite3.connect(file) as connection:
        connection.execute("ANALYZE")


def _nodes(count: int) -> Rows:
    below = {NodeKind.OLT: _HOMES * _SPLITTERS * _PORTS, NodeKind.PORT: _HOMES * _SPLITTERS}
    parent = ""
    for kind, homes in (*below.items(), (NodeKind.SPLITTER, _HOMES)):
        for number in range(-(-count // homes)):
            above = f"{parent}-{number * homes // below[NodeKind(parent)]}" if parent else None
            yield TENANT, f"{kind}-{number}", kind.value, f"{kind} {number}", above
        parent = kind.value


def _sites(count: int, cipher: Cipher) -> Rows:
    for number in range(-(-count // _HOMES)):
        area = f"Area {number // 50}"
        site = Site(id=SiteId(f"building-{number}"), tenant=TENANT, name="", area=area)
        # Nobody opens these: who is counted by area is counted by its digest.
        yield TENANT, site.id, b"", area_of(cipher, site)


def _snapshots(count: int, cipher: Cipher) -> Rows:
    chance = Random(1)  # noqa: S311  # the same fleet each time
    said = _said()
    weak = {part: packed(values | _weak(values)) for part, values in said.items()}
    well = {part: packed(values) for part, values in said.items()}
    for number in range(count):
        device = device_at(number).id
        parts = weak if chance.random() < 0.02 else well
        for part, document in parts.items():
            place = context("snapshots", TENANT, device, part)
            yield TENANT, device, part, cipher.encrypt(document, place)


def _said() -> dict[str, Part]:
    """By part, as a virtual home says it."""
    world = build(read_spec({"world": _HOME}), 1)
    parts: dict[str, Part] = {}
    for path, value in world.open().values(world.home.id).items():
        if path.startswith(_TOLD):
            part = ".".join(path.split(".", 2)[:2])
            parts.setdefault(part, {})[path] = (value, False, _TICKS)
    parts["Device.ManagementServer"][_INTERVAL] = ("300", True, _TICKS)
    return parts


def _weak(said: Part) -> Part:
    return {_LIGHT: ("-30000", False, _TICKS)} if _LIGHT in said else {}


def _measures(count: int, cipher: Cipher) -> Rows:
    """Two numbers of each, twice a day for a week, within one page."""
    page, second = divmod(int((NOW - 7 * _DAY).timestamp()), PAGE)
    steps = [second, *(43_200 for _ in range(12))]
    series = {path: (steps, " ".join(str(-19_000 - n) for n in range(13))) for path in _MEASURED}
    document = sealable(series)
    for number in range(count):
        device = device_at(number).id
        place = context("measures", TENANT, device, str(page))
        yield TENANT, device, page, cipher.encrypt(document, place)


def _events(count: int) -> Rows:
    """An Inform of each on each day of the week, and of one in fifty that its line was lost."""
    chance = Random(2)  # noqa: S311  # the same fleet each time
    for number in range(count):
        device, at = device_at(number).id, NOW - timedelta(seconds=number % 3000)
        for days in range(7):
            then = at - days * _DAY
            yield TENANT, device, EventKind.INFORM.value, then, "", "", "2 PERIODIC"
        if chance.random() < 0.02:
            yield TENANT, device, EventKind.VALUE_CHANGE.value, at, _LOST, "Down", ""


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value


def _as_text(value: object) -> object:
    """A moment as SQLAlchemy writes it into SQLite."""
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
