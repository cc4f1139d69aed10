"""Events of USP agents: how many land on timelines, and how soon the rules have looked at one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from itertools import count
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.agent import Agent
from brain.domain.device import ControllerName, Device, device_id
from brain.domain.identity import TenantId
from brain.ids import new_id, utc_now
from brain.ledger.audit import AuditTrail
from brain.remediation.evaluating import Evaluation
from brain.remediation.fleet import Fleet
from brain.remediation.index import Index
from brain.remediation.judging import Judging
from brain.remediation.opening import Opening
from brain.remediation.remediation import Remediation
from brain.remediation.road import Road
from brain.remediation.rules import Rulebook, load_rules
from brain.store.cipher import Cipher
from brain.store.store import Store
from evals.bench.table import Row
from evals.bench.turns import told
from evals.bench.usp_agents import CONTROLLER, endpoint
from executors.permits import PermitDesk
from executors.usp import requests as q
from executors.usp.options import UspOptions
from executors.usp.usp import Usp

_TENANT = TenantId("default")
_DEVICES = 200
_EVENTS = 1_000
_AT_ONCE = 32
_LOOKS = 40
_STATUS = "Device.IP.Interface.1.Status"


async def event_rows() -> list[Row]:
    """On SQLite, each on disk before its agent is answered, in the process and without a wire."""
    told.get()("events into the timeline ...")
    with TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{folder}/usp.db", Cipher(bytes(32)))
        try:
            await store.migrate()
            await _known(store)
            async with _controller(store) as (usp, rules):
                return [*await _taken(usp, store), *await _looked_at(usp, store, rules)]
        finally:
            await store.close()


async def _taken(usp: Usp, store: Store) -> list[Row]:
    numbers = iter(range(_EVENTS))

    async def agent() -> None:
        for number in numbers:
            value = "Up" if number // _DEVICES % 2 else "Down"
            await usp.notified(endpoint(number % _DEVICES), f"e{number}", _changed(value))

    used, began = process_time(), perf_counter()
    await asyncio.gather(*(agent() for _ in range(_AT_ONCE)))
    cpu, wall = process_time() - used, perf_counter() - began
    kept = 0
    async with store.read() as tx:
        for number in range(_DEVICES):
            kept += len(await tx.events.of_device(_TENANT, _device(number).id))
    return [
        Row(name="events on timelines, by the clock", value=_EVENTS / wall, unit="per second"),
        Row(name="an event on its timeline", value=cpu / _EVENTS * 1e3, unit="ms"),
        Row(name="events that are not there", value=_EVENTS - kept, unit="events", most=0),
    ]


async def _looked_at(usp: Usp, store: Store, rules: Rulebook) -> list[Row]:
    """How long it takes from an event's arrival until the rules have counted it."""
    working = asyncio.create_task(_remediation(store, rules).run())
    try:
        await _until_read(store)
        took = [await _one(usp, store, number) for number in range(_LOOKS)]
    finally:
        working.cancel()
        await asyncio.wait({working})
    return [
        Row(
            name="an event to the rules, median by the clock",
            value=median(took) * 1e3,
            unit="ms",
            aim="200",
            most=500.0,
        )
    ]


async def _one(usp: Usp, store: Store, number: int) -> float:
    await asyncio.sleep(0.05)  # the rules rest
    began = perf_counter()
    value = "Down" if number % 2 else "Up"
    await usp.notified(endpoint(number), f"l{number}", _changed(value))
    await _until_read(store)
    return perf_counter() - began


async def _until_read(store: Store) -> None:
    async with asyncio.timeout(60):
        for _ in count():
            async with store.read() as tx:
                if not await tx.unread_events.backlog():
                    return
            await asyncio.sleep(0.002)


def _changed(value: str) -> q.Notify:
    return q.Notify("changes", True, q.ValueChange(_STATUS, value))


def _remediation(store: Store, rules: Rulebook) -> Remediation:
    """As it is served, but that nobody works on what it opens."""
    road = Road(audit=_trail(), clock=utc_now)
    opening = Opening(rulebook=rules, road=road, clock=utc_now, new_id=new_id, dry=True)
    judging = Judging(
        store=store,
        rulebook=rules,
        road=road,
        fleet=Fleet(store, utc_now),
        opening=opening,
        clock=utc_now,
    )
    evaluation = Evaluation(store=store, rulebook=rules, clock=utc_now, zone=UTC)
    return Remediation(
        store=store,
        evaluation=evaluation,
        judging=judging,
        workers=(),
        watch=None,
        clock=utc_now,
    )


@asynccontextmanager
async def _controller(store: Store) -> AsyncIterator[tuple[Usp, Rulebook]]:
    rules = load_rules()
    key = Ed25519PrivateKey.generate().public_key()
    usp = Usp(
        store=store,
        permits=PermitDesk(public_key=key, store=store, clock=utc_now),
        audit=_trail(),
        clock=utc_now,
        new_id=new_id,
        options=UspOptions(tenant=_TENANT, endpoint_id=CONTROLLER, for_rules=Index(rules).kept),
    )
    try:
        yield usp, rules
    finally:
        await usp.close()


def _trail() -> AuditTrail:
    return AuditTrail(Ed25519PrivateKey.generate().sign, utc_now)


async def _known(store: Store) -> None:
    async with store.begin() as tx:
        for number in range(_DEVICES):
            device = _device(number)
            await tx.devices.put(device)
            bound = Agent(endpoint=endpoint(number), device=device.id, tenant=_TENANT)
            await tx.agents.put(bound)


def _device(number: int) -> Device:
    serial = f"B{number:06d}"
    return Device(
        id=device_id("00D09E", "Bench", serial),
        tenant=_TENANT,
        oui="00D09E",
        product_class="Bench",
        serial=serial,
        manufacturer="Acme",
        model="G1",
        firmware="1.0",
        controller=ControllerName.USP,
    )
