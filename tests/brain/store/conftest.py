"""A small world to put into a store: two tenants, and a home on an access network."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.store.store import Store

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def a_device() -> Callable[..., Device]:
    """Makes a device; name what matters to the test."""

    def make(**but: object) -> Device:
        fields: dict[str, object] = {
            "id": DeviceId("00D09E-G1"),
            "tenant": TenantId("north"),
            "oui": "00D09E",
            "product_class": "",
            "serial": "G1",
            "model": "Hub 3",
            "firmware": "1.0",
            "last_seen": NOW,
        }
        return Device(**{**fields, **but})  # type: ignore[arg-type]  # typed by what is asked for

    return make


@pytest.fixture
async def device(any_store: Store, a_device: Callable[..., Device]) -> Device:
    """A device that is in the store."""
    device = a_device()
    async with any_store.begin() as tx:
        await tx.devices.put(device)
    return device
