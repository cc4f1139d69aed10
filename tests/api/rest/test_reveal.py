"""A new Wi-Fi passphrase is read out to the one who asked for it, once it is set, on record."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord

if TYPE_CHECKING:
    from tests.api.conftest import Front

NORTH = TenantId("north")


async def became(front: "Front", change: ChangeRecord, state: State) -> None:
    async with front.wiring.store.begin() as tx:
        assert await tx.changes.swap(replace(change, state=state), version=change.version)


async def revealed(front: "Front") -> list[dict[str, object]]:
    async with front.wiring.store.read() as tx:
        entries = await tx.audit.range(NORTH)
    return [json.loads(each.payload) for each in entries if each.kind == "change.revealed"]


async def test_the_one_who_asked_reads_it_once_the_device_has_it(
    front: "Front", change: ChangeRecord
) -> None:
    await became(front, change, State.SUCCEEDED)

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post(f"/v1/changes/{change.id}/reveal")

    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    assert response.json() == {"secrets": [{"path": path, "value": "correct-horse"}]}
    assert response.headers["cache-control"] == "no-store"
    (entry,) = await revealed(front)
    assert entry["paths"] == [path]
    assert "correct-horse" not in str(entry)


@pytest.mark.parametrize("state", [each for each in State if each is not State.SUCCEEDED])
async def test_before_the_device_has_it_nothing_is_read_out(
    front: "Front", change: ChangeRecord, state: State
) -> None:
    await became(front, change, state)

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post(f"/v1/changes/{change.id}/reveal")

    assert response.status_code == 409
    assert "correct-horse" not in response.text
    assert await revealed(front) == []


async def test_nobody_else_reads_it_whatever_their_role(
    front: "Front", change: ChangeRecord
) -> None:
    await became(front, change, State.SUCCEEDED)

    async with await front.caller("olga", *Role, groups=["approvers", "noc"]) as client:
        response = await client.post(f"/v1/changes/{change.id}/reveal")

    assert response.status_code == 403
    assert "correct-horse" not in response.text
    assert await revealed(front) == []
