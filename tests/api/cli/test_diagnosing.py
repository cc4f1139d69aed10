"""Diagnostics from the command line."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.device import Device
from brain.domain.identity import Role
from brain.domain.parameter import ParameterPath, Snapshot

if TYPE_CHECKING:
    from tests.api.conftest import Front

AT = "Device.DNS.Diagnostics.NSLookupDiagnostics."


@pytest.fixture
async def token(front: "Front") -> str:
    return await front.token("sam", Role.SUPPORT)


async def test_what_a_device_found_is_shown_with_its_rows(
    front: "Front", shell: Any, device: Device, token: str
) -> None:
    said = {
        "DiagnosticsState": "Complete",
        "SuccessCount": "1",
        "Result.1.Status": "Success",
        "Result.1.ResponseTime": "14",
    }
    values = {ParameterPath(AT + leaf): text for leaf, text in said.items()}
    snapshot = Snapshot(device=device.id, taken_at=front.wiring.clock(), values=values)
    async with front.wiring.store.begin() as tx:
        await tx.snapshots.merge(device.tenant, snapshot)

    ran = await shell.run("device", "diagnosis", device.id, "dns-lookup", token=token)

    assert ran.code == 0, ran.err
    assert "dns-lookup complete: 1 answered" in ran.out
    assert "Success" in ran.out


async def test_an_input_without_a_value_is_not_sent(
    front: "Front", shell: Any, device: Device, token: str
) -> None:
    ran = await shell.run("device", "diagnose", device.id, "ping", "Host", token=token)

    assert ran.code != 0
    assert "Host" in ran.err + ran.out
    async with front.wiring.store.read() as tx:
        assert await tx.changes.list(device.tenant, device=device.id) == []


async def test_a_device_that_has_not_shown_it_is_refused_in_words(
    shell: Any, device: Device, token: str
) -> None:
    ran = await shell.run("device", "diagnose", device.id, "ping", "Host=192.0.2.1", token=token)

    assert ran.code != 0
    assert "not shown" in " ".join((ran.err + ran.out).split())
