"""How the same change fared before counts what was sent to devices, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from brain.domain.device import Device
from brain.domain.history import TrackRecord
from brain.domain.identity import TenantId
from brain.domain.life import State
from brain.domain.outcome import Outcome, Progress
from brain.domain.proposal import Cause
from brain.domain.record import Basis, ChangeRecord
from brain.history.track_record import CARRIED_OUT, track_record
from brain.store.store import Store

Make = Callable[..., ChangeRecord]
OF_THE_DEVICE = ("tenant", "manufacturer", "model", "firmware")


async def keep(store: Store, *records: ChangeRecord) -> None:
    async with store.begin() as tx:
        for record in records:
            await tx.changes.add(record)


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
    await keep(
        store,
        a_change("a", State.SUCCEEDED),
        a_change("b", State.SUCCEEDED),
        a_change("c", State.ROLLED_BACK),
        a_change("d", State.UNKNOWN),
    )

    assert await fared(store, hub) == TrackRecord(tried=4, succeeded=2)


@pytest.mark.parametrize("state", sorted(set(State) - CARRIED_OUT))
async def test_what_was_not_carried_out_was_not_tried(
    store: Store, hub: Device, a_change: Make, state: State
) -> None:
    await keep(store, a_change("a", state))

    assert await fared(store, hub) == TrackRecord(tried=0, succeeded=0)


async def test_a_failure_counts_once_something_was_sent(
    store: Store, hub: Device, a_change: Make
) -> None:
    refused = a_change("a", State.FAILED)
    await keep(store, refused, a_change("b", State.FAILED))
    async with store.begin() as tx:
        outcome = Outcome(progress=Progress.REFUSED, at=refused.created_at, fault="9007")
        await tx.outcomes.add(refused.tenant, refused.id, refused.plan.digest, outcome)

    assert await fared(store, hub) == TrackRecord(tried=1, succeeded=0)


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
    await keep(store, a_change("a", State.SUCCEEDED))

    assert await fared(store, hub, **but) == TrackRecord(tried=0, succeeded=0)


async def test_the_firmware_is_the_one_it_was_planned_under(
    store: Store, hub: Device, a_change: Make
) -> None:
    older = Basis(values=(), firmware="0.9", data_model_version="")
    await keep(store, a_change("a", State.SUCCEEDED, basis=older))

    assert await fared(store, hub) == TrackRecord(tried=0, succeeded=0)
    assert await fared(store, hub, firmware="0.9") == TrackRecord(tried=1, succeeded=1)


@pytest.mark.parametrize("but", [{"manufacturer": ""}, {"model": ""}, {"firmware": ""}])
async def test_a_device_that_nobody_knows_has_no_record(
    store: Store, hub: Device, but: dict[str, object]
) -> None:
    assert await fared(store, hub, **but) is None
