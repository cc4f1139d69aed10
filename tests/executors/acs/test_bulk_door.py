"""Devices upload bulk data beside CWMP, each as itself."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.store.store import Store
from executors.acs.acs import Acs
from executors.acs.bulk_door import BulkDoor
from executors.acs.certificates import STATE
from executors.bulk.reports import MAX_BYTES

TENANT, DEVICE = TenantId("default"), DeviceId("001122-Box-S1")
NOISE = "Device.WiFi.Radio.1.Stats.Noise"
REPORT = json.dumps({"Report": [{NOISE: -90}]}).encode()
URL = "http://acs/bulk"
OWN = httpx.DigestAuth("box", "own-2")


@pytest.fixture
async def store_with_device(store: Store) -> Store:
    async with store.begin() as tx:
        await tx.devices.put(
            Device(id=DEVICE, tenant=TENANT, oui="001122", product_class="Box", serial="S1")
        )
        await tx.models.put(TENANT, DEVICE, "", {NOISE: False})
        await tx.credentials.put(
            DeviceCredentials(
                device=DEVICE,
                tenant=TENANT,
                username="box",
                factory="factory",
                current=Passwords(own="own-2", wake="wake"),
                replaced=Passwords(own="own-1", wake="wake"),
            )
        )
    return store


@pytest.fixture
async def caller(acs: Acs, store_with_device: Store) -> AsyncIterator[httpx.AsyncClient]:
    assert store_with_device
    async with httpx.AsyncClient(transport=httpx.ASGITransport(acs.app)) as client:
        yield client


async def kept(store: Store) -> list[str]:
    async with store.read() as tx:
        found = await tx.measures.of_device(TENANT, DEVICE)
    return [each.value for each in found.get(NOISE, [])]  # type: ignore[call-overload]


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_device_uploads_with_its_own_password(
    caller: httpx.AsyncClient, store: Store, method: str
) -> None:
    query = "?oui=001122&pc=Box&sn=S1&ignored=1"
    answer = await caller.request(method, URL + query, content=REPORT, auth=OWN)

    assert answer.status_code == 204
    assert await kept(store) == ["-90"]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("homes", "let-me-in"),
        ("box", "wrong"),
        ("box", "own-1"),
        ("box", "factory"),
        ("nobody", "own-2"),
        ("", ""),
    ],
    ids=["shared", "wrong", "replaced", "factory", "unknown", "empty"],
)
async def test_what_does_not_say_which_device_it_is_keeps_nothing(
    caller: httpx.AsyncClient, store: Store, acs: Acs, name: str, password: str
) -> None:
    answer = await caller.post(URL, content=REPORT, auth=httpx.DigestAuth(name, password))

    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers
    assert await kept(store) == []
    assert acs.bulk.counts == {}


async def test_a_certificate_stands_for_the_device_that_it_names_and_no_other(
    acs: Acs, store_with_device: Store
) -> None:
    async def showing(scope: Any, receive: Any, send: Any) -> None:
        await acs.app({**scope, "state": {STATE: frozenset({DEVICE})}}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(showing)) as client:
        other = await client.post(f"{URL}?oui=001122&pc=Box&sn=S2", content=REPORT)
        none = await client.post(URL, content=REPORT)
        before = await kept(store_with_device)
        own = await client.post(f"{URL}?oui=001122&pc=Box&sn=S1", content=REPORT)

    assert (other.status_code, none.status_code, own.status_code) == (401, 401, 204)
    assert before == []
    assert await kept(store_with_device) == ["-90"]


async def test_what_is_no_report_is_refused_and_counted(
    caller: httpx.AsyncClient, store: Store, acs: Acs
) -> None:
    answer = await caller.post(URL, content=b"{hello", auth=OWN)

    assert answer.status_code == 400
    assert "hello" not in answer.text
    assert acs.bulk.counts == {"malformed": 1}
    assert await kept(store) == []


async def test_what_is_too_large_is_refused(caller: httpx.AsyncClient, store: Store) -> None:
    await caller.post(URL, content=REPORT, auth=OWN)
    answer = await caller.post(URL, content=b" " * (MAX_BYTES + 1), auth=OWN)

    assert answer.status_code == 413
    assert await kept(store) == ["-90"]


async def test_one_that_sends_too_often_is_told_to_come_later(
    caller: httpx.AsyncClient, acs: Acs
) -> None:
    for _ in range(30):
        await caller.post(URL, content=REPORT, auth=OWN)

    answer = await caller.post(URL, content=REPORT, auth=OWN)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert acs.bulk.counts["kept"] == 30


async def test_while_too_many_upload_the_next_comes_later(
    caller: httpx.AsyncClient, acs: Acs, store: Store
) -> None:
    assert isinstance(acs.app.bulk, BulkDoor)
    acs.app.bulk._open = 32

    answer = await caller.post(URL, content=REPORT, auth=OWN)

    assert answer.status_code == 503
    assert await kept(store) == []


async def test_nothing_can_be_read_there(caller: httpx.AsyncClient) -> None:
    answer = await caller.get(URL, auth=OWN)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, PUT")
