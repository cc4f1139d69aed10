"""How the same change fared before counts what was sent to devices, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.device import Device
from brain.domain.fared import Fared, Kind, templates_of
from brain.domain.history import TrackRecord
from brain.domain.identity import TenantId
from brain.domain.life import State
from brain.domain.proposal import Cause
from brain.domain.record import ChangeRecord
from brain.history.track_record import track_record
from brain.store.store import Store

Make = Callable[..., ChangeRecord]
OF_THE_DEVICE = ("tenant", "manufacturer", "model", "firmware")


def told(record: ChangeRecord, held: bool | None, firmware: str = "1.0") -> Fared:
    """What is known of how it fared, on the hub."""
    kind = Kind(
        cause=record.cause,
        templates=templates_of(record.plan.paths),
        manufacturer="Acme",
        model="Hub 3",
        firmware=firmware,
    )
    return Fared(
        tenant=record.tenant,
        change=record.id,
        device=record.device,
        kind=kind,
        at=record.updated_at,
        held=held,
    )


async def keep(store: Store, *known: tuple[ChangeRecord, Fared]) -> None:
    async with store.begin() as tx:
        for record, fared in known:
            await tx.changes.add(record)
            await tx.fared.put(fared)


async def fared(store: Store, hub: Device, **but: object) -> TrackRecord | None:
    asked: dict[str, object] = {
        "cause": Cause.CONGESTED_CHANNEL,
        "paths": ["Device.WiFi.Radio.2.Channel"],
    }
    about = {name: but.pop(name) for name in OF_THE_DEVICE if name in but}
    like = replace(hub, **about)  # type: ignore[arg-type]  # all are texts
    async with store.read() as tx:
        return await track_record(tx, like, **{**asked, **but})  # type: ignore[arg-type]


async def test_what_held_and_what_did_not(store: Store, hub: Device, a_change: Make) -> None:
    changes = [a_change(id, State.SUCCEEDED) for id in "abcde"]
    words = (True, True, False, False, None)
    await keep(store, *((c, told(c, held)) for c, held in zip(changes, words, strict=True)))

    assert await fared(store, hub) == TrackRecord(tried=4, succeeded=2)


async def test_the_latest_word_on_a_change_takes_the_place_of_the_one_before(
    store: Store, hub: Device, a_change: Make
) -> None:
    change = a_change("a", State.SUCCEEDED)
    await keep(store, (change, told(change, True)))

    async with store.begin() as tx:
        await tx.fared.put(replace(told(change, False), before=200, gain=-20))

    record = await fared(store, hub)
    assert record is not None
    assert (record.tried, record.succeeded) == (1, 0)
    assert record.effect is not None
    assert record.effect.mean == pytest.approx(-0.1)


async def test_it_says_by_how_much_it_helped(store: Store, hub: Device, a_change: Make) -> None:
    gains = (100, 120, 80)
    changes = [a_change(str(gain), State.SUCCEEDED) for gain in gains]
    known = [
        (c, replace(told(c, True), before=200, after=200 - g, gain=g, watched=timedelta(seconds=9)))
        for c, g in zip(changes, gains, strict=True)
    ]
    await keep(store, *known)

    record = await fared(store, hub)

    assert record is not None
    assert record.effect is not None
    assert record.effect.measured == 3
    assert record.effect.mean == pytest.approx(0.5)
    assert record.effect.margin == pytest.approx(1.959964 * 0.1 / 3**0.5)


@pytest.mark.parametrize(
    "but",
    [
        {"tenant": TenantId("south")},
        {"manufacturer": "Other"},
        {"cause": Cause.REQUESTED},
        {"paths": ["Device.WiFi.Radio.1.TransmitPower"]},
        {"paths": ["Device.WiFi.Radio.1.Channel", "Device.WiFi.Radio.1.TransmitPower"]},
        {"model": "Hub 4"},
        {"firmware": "1.1"},
    ],
)
async def test_another_change_or_another_device_is_another_record(
    store: Store, hub: Device, a_change: Make, but: dict[str, object]
) -> None:
    change = a_change("a", State.SUCCEEDED)
    await keep(store, (change, told(change, True)))

    assert await fared(store, hub, **but) == TrackRecord(tried=0, succeeded=0)


@pytest.mark.parametrize("but", [{"manufacturer": ""}, {"model": ""}, {"firmware": ""}])
async def test_a_device_that_nobody_knows_has_no_record(
    store: Store, hub: Device, but: dict[str, object]
) -> None:
    assert await fared(store, hub, **but) is None
