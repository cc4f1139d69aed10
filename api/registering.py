"""Takes devices in before they ship: each row of a file is taken, or named with its faults."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.books import Books, books_of
from api.needs import Gatewright
from api.registration_file import Fault, Row, check, mac_of, rows_of
from brain.domain.credentials import DeviceCredentials
from brain.domain.device import Device
from brain.domain.enrolment import Registration
from brain.domain.identity import Principal, SubscriberId

_TOGETHER: Final = 500
"""Rows in one transaction: others want to write meanwhile."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a file: every row was taken, or is among the refused."""

    taken: int
    refused: int
    faults: tuple[Fault, ...]


async def register(gatewright: Gatewright, who: Principal, content: bytes) -> Registered:
    """Take in every row that can be.

    InvalidInput when it is no such file at all: not text, no header, a column that nobody knows.
    """
    rows = [*rows_of(content)]
    check(rows)
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        async with books_of(gatewright, who) as books:
            await _keep(books, who, some)
    refused = [row for row in rows if row.faults]
    faults = tuple(fault for row in refused for fault in row.faults)
    return Registered(len(rows) - len(refused), len(refused), faults)


async def _keep(books: Books, who: Principal, rows: Sequence[Row]) -> None:
    """Those that nothing is wrong with; what the store knows better is said of the row."""
    good = [row for row in rows if not row.faults]
    known = {each.id: each for each in await books.tx.devices.known({r.device for r in good})}
    credentials = await books.tx.credentials.of({row.device for row in good})
    named = await books.tx.credentials.named({row.username for row in good})
    macs = await books.tx.registrations.with_macs(who.tenant, {mac_of(row) for row in good} - {""})
    for row in good:
        device = known.get(row.device)
        if device is not None and device.tenant != who.tenant:
            row.wrong("serial", "cannot be taken in", "Check it, or ask the operator.")
        if macs.get(mac_of(row), row.device) != row.device:
            row.wrong("mac", "is that of another device", "Check both labels.")
        if row["password"] and row.username in named and named[row.username].device != row.device:
            row.wrong("username", "is that of another device", "Give the device its own.")
        if row["subscriber"]:
            subscriber = SubscriberId(row["subscriber"])
            if await books.tx.subscribers.get(who.tenant, subscriber) is None:
                row.wrong("subscriber", "is not known", "Import the subscriber first.")
        if not row.faults:
            await _take(books, who, row, device, credentials.get(row.device))
    taken = sum(not row.faults for row in rows)
    payload = {"taken": taken, "refused": len(rows) - taken}
    await books.note(who.tenant, "registrations.imported", dict(payload))


async def _take(
    books: Books,
    who: Principal,
    row: Row,
    known: Device | None,
    credentials: DeviceCredentials | None,
) -> None:
    await books.tx.devices.put(_device(row, who, known))
    said = Registration(
        tenant=who.tenant,
        device=row.device,
        mac=mac_of(row),
        firmware=row["firmware"],
        at=books.at,
        by=who.id,
    )
    await books.tx.registrations.put(said)
    await books.tx.strangers.remove(who.tenant, row.device)
    if row["password"] and credentials is None:  # one that was enrolled has its own
        own = DeviceCredentials(
            device=row.device,
            tenant=who.tenant,
            username=row.username,
            factory=row["password"],
        )
        await books.tx.credentials.put(own)


def _device(row: Row, who: Principal, known: Device | None) -> Device:
    device = known or Device(
        id=row.device,
        tenant=who.tenant,
        oui=row["oui"],
        product_class=row["product_class"],
        serial=row["serial"],
        model=row["product_class"],
    )
    return replace(device, subscriber=SubscriberId(row["subscriber"]) or device.subscriber)
