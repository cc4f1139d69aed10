"""What history cannot keep costs a device neither its session nor its reading."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from brain.domain.device import Device
from brain.domain.errors import Unreadable
from brain.domain.history import EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.history.recording import Recorder
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.intake import Intake
from executors.acs.logins import Login
from executors.acs.registrar import Registrar

TENANT = TenantId("default")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """History of S1 cannot be kept; it fails after it has written something."""
    whole = Recorder.differs

    async def differs(self: Recorder, tx: Any, device: Device, *rest: Any, **more: Any) -> None:
        await whole(self, tx, device, *rest, **more)
        if device.serial == "S1":
            raise Unreadable("a stored event is damaged")

    monkeypatch.setattr(Recorder, "differs", differs)


@pytest.mark.usefixtures("broken")
async def test_an_inform_whose_history_cannot_be_kept_is_kept(
    any_store: Store, clock: Clock
) -> None:
    registrar = Registrar(tenant=TENANT, open_door=True)
    taking = Intake(store=any_store, clock=clock, registrar=registrar)

    with capture_logs() as logs:
        await asyncio.gather(
            *(taking.take(inform(serial), Login()) for serial in ("S0", "S1", "S2"))
        )

    kinds = {serial: await _kept(any_store, serial) for serial in ("S0", "S1", "S2")}
    both = [EventKind.BOOT, EventKind.VALUE_CHANGE]
    assert kinds == {"S0": both, "S1": [EventKind.BOOT], "S2": both}
    assert [(each["event"], each["error"]) for each in logs] == [("recording_failed", "Unreadable")]


@pytest.mark.usefixtures("broken")
async def test_a_reading_whose_history_cannot_be_kept_is_given_and_kept(
    home: Any, acs: Acs, store: Store, known: Any
) -> None:
    home.tree[CHANNEL] = "11"
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await reading).values == {CHANNEL: "11"}
    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DeviceId("001122-Box-S1"))
    assert snapshot is not None
    assert snapshot.get(CHANNEL) == "11"
    assert set(home.statuses) <= {200, 204, 401}


def inform(serial: str) -> m.Inform:
    return m.Inform(
        device=m.Identity("Acme", "001122", "Box", serial),
        events=(m.InformEvent("1 BOOT"), m.InformEvent("4 VALUE CHANGE")),
        parameters=(m.ParameterValue(CHANNEL, "36"),),
    )


async def _kept(store: Store, serial: str) -> list[EventKind]:
    device = DeviceId(f"001122-Box-{serial}")
    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, device)
        events = await tx.events.of_device(TENANT, device)
    assert snapshot is not None
    assert snapshot.get(CHANNEL) == "36"
    return sorted(each.kind for each in events)
