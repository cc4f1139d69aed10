"""When a version of the software is at fault, and when not: counted, with what speaks for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from brain.domain.device import Device, device_id
from brain.domain.remediation import Reach, Trip
from brain.remediation.evaluating import version_of
from brain.remediation.reaching import Found, reach_of
from brain.remediation.rules import Rule
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import rules
from tests.conftest import FakeClock

LEAK = rules().get("memory-leak") or pytest.fail("it is shipped")
NEW, OLD = "2.0", "1.0"


def a_device(number: int, **but: Any) -> Device:
    made = Device(
        id=device_id("00D09E", "Hub", str(number)),
        tenant=TENANT,
        oui="00D09E",
        product_class="Hub",
        serial=str(number),
        manufacturer="Acme",
        model="Hub",
        firmware=NEW,
    )
    return replace(made, **but)


def a_trip(device: Device, at: datetime) -> Trip:
    return Trip(
        tenant=TENANT,
        rule=LEAK.id,
        device=device.id,
        version=version_of(device),
        at=at,
        judge_at=at,
    )


async def reach(
    store: Store,
    now: datetime,
    devices: Sequence[Device],
    sick: Sequence[Device],
    *,
    rule: Rule = LEAK,
    met: timedelta = timedelta(days=2),
    ago: timedelta = timedelta(hours=1),
) -> Found:
    """How far the trouble of the first sick one reaches; the new version was ``met`` ago."""
    async with store.begin() as tx:
        await tx.devices.put(*devices)
        await tx.versions.met([(TENANT, version_of(a_device(0)))], now - met)
        trips = [a_trip(each, now - ago) for each in sick]
        await tx.trips.put(trips)
        return await reach_of(tx, rule, trips[0], sick[0], now)


@pytest.fixture
def fleet() -> list[Device]:
    """Twenty with the new version, then forty with the old one."""
    return [a_device(n, firmware=NEW if n < 20 else OLD) for n in range(60)]


async def test_a_new_version_of_which_too_many_suffer_is_at_fault_and_the_counts_say_so(
    any_store: Store, clock: FakeClock, fleet: list[Device]
) -> None:
    found = await reach(any_store, clock(), fleet, [*fleet[:9], fleet[20]])

    assert (found.scope.reach, found.scope.name) == (Reach.FIRMWARE, "Acme Hub 2.0")
    assert found.scope.id == version_of(fleet[0])
    assert found.evidence == (
        f"9 of 20 devices with Acme Hub 2.0 have it: {LEAK.title}",
        "of 40 with other software of that make, 1 have it",
        "Acme Hub 2.0 was first met on 2025-12-30",
    )


@pytest.mark.parametrize(
    ("how", "sick", "others"),
    [
        ({}, 7, 0),
        ({"met": timedelta(days=15)}, 9, 0),
        ({"ago": timedelta(days=4)}, 9, 0),
        ({}, 9, 18),
        ({"rule": LEAK.model_copy(update={"shared": ()})}, 9, 0),
    ],
    ids=["too few", "no new version", "of earlier", "others suffer as often", "nothing is shared"],
)
async def test_else_it_is_the_trouble_of_one_home(
    store: Store,
    clock: FakeClock,
    fleet: list[Device],
    how: dict[str, Any],
    sick: int,
    others: int,
) -> None:
    found = await reach(store, clock(), fleet, [*fleet[:sick], *fleet[20 : 20 + others]], **how)

    assert (found.scope.reach, found.scope.id) == (Reach.DEVICE, fleet[0].id)
    assert found.evidence == ()


async def test_the_same_words_of_another_maker_are_another_version(
    store: Store, clock: FakeClock, fleet: list[Device]
) -> None:
    other = [replace(each, manufacturer="Bravo") for each in fleet[4:20]]

    found = await reach(store, clock(), [*fleet[:4], *other, *fleet[20:]], [*fleet[:4], *other])

    assert found.scope.reach is Reach.DEVICE


async def test_a_device_that_does_not_say_its_version_blames_none(
    store: Store, clock: FakeClock, fleet: list[Device]
) -> None:
    silent = a_device(99, firmware="")

    found = await reach(store, clock(), [*fleet, silent], [silent, *fleet[:9]])

    assert (found.scope.reach, found.scope.id) == (Reach.DEVICE, silent.id)
