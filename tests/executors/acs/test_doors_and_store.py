"""What the store decides is decided through a door as well: whose password, and whose numbers."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.doors.doors import doors
from executors.acs.doors.sockets import listening
from executors.acs.envelope import Envelope
from executors.acs.soap import build

TENANT, DEVICE = TenantId("default"), DeviceId("001122-Box-S1")
NOISE = "Device.WiFi.Radio.1.Stats.Noise"
REPORT = json.dumps({"Report": [{NOISE: -90}]}).encode()
OWN = httpx.DigestAuth("box", "own")


@pytest.fixture
async def door(acs: Acs, store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one door, before an ACS that has given this device a password of its own."""
    own = Passwords(own="own", wake="wake")
    async with store.begin() as tx:
        await tx.devices.put(
            Device(id=DEVICE, tenant=TENANT, oui="001122", product_class="Box", serial="S1")
        )
        await tx.models.put(TENANT, DEVICE, "", {NOISE: False})
        await tx.credentials.put(
            DeviceCredentials(device=DEVICE, tenant=TENANT, username="box", current=own)
        )
    with listening("127.0.0.1", 0, 1) as bound:
        url = f"http://127.0.0.1:{bound[0].getsockname()[1]}"
        async with (
            doors(acs.app, bound),
            httpx.AsyncClient(base_url=url, trust_env=False) as client,
        ):
            yield client


def inform(serial: str) -> bytes:
    said = m.Inform(
        device=m.Identity("Acme", "001122", "Box", serial), events=(m.InformEvent("2 PERIODIC"),)
    )
    return build(Envelope(said, id="1"))


async def kept(store: Store) -> list[str]:
    async with store.read() as tx:
        found = await tx.measures.of_device(TENANT, DEVICE)
    return [each.value for each in found.get(NOISE, [])]  # type: ignore[call-overload]


async def test_bulk_data_through_a_door_is_kept_for_whose_password_it_came_with(
    door: httpx.AsyncClient, store: Store
) -> None:
    stranger = await door.post("/bulk", content=REPORT, auth=httpx.DigestAuth("box", "wrong"))
    before = await kept(store)
    own = await door.post("/bulk?oui=001122&pc=Box&sn=S1", content=REPORT, auth=OWN)

    assert (stranger.status_code, own.status_code) == (401, 204)
    assert before == []
    assert await kept(store) == ["-90"]


async def test_a_devices_own_password_is_good_for_its_own_serial_alone(
    door: httpx.AsyncClient, store: Store
) -> None:
    other = await door.post("/", content=inform("S2"), auth=OWN)
    shared = await door.post("/", content=inform("S1"), auth=httpx.DigestAuth("homes", "let-me-in"))
    own = await door.post("/", content=inform("S1"), auth=OWN)

    assert (other.status_code, shared.status_code, own.status_code) == (403, 403, 200)
    async with store.read() as tx:
        assert await tx.devices.find(DeviceId("001122-Box-S2")) is None
