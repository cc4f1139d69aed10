"""REST tells how far playbooks may go by themselves, and lets the right people move that."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.identity import Role
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Agreement
from tests.api.autonomy import experienced, shadowed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from tests.api.conftest import Front


def wanted(change: ChangeRecord, level: str, reason: str = "it held all winter") -> dict[str, str]:
    about = {"cause": change.cause.value, "manufacturer": "Acme", "model": "HomeGate 3"}
    return {**about, "level": level, "reason": reason}


@pytest.fixture
async def past(front: "Front", change: ChangeRecord) -> ChangeRecord:
    await experienced(front, change)
    return change


@pytest.fixture
async def sam(front: "Front") -> "AsyncIterator[httpx.AsyncClient]":
    async with await front.caller("sam", Role.SUPPORT) as client:
        yield client


async def items(client: "httpx.AsyncClient", path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(path)).json()["items"]
    return found


async def test_where_a_playbook_stands_is_told_with_its_evidence(
    front: "Front", sam: "httpx.AsyncClient", past: ChangeRecord
) -> None:
    (shown,) = await items(sam, "/v1/autonomy")

    assert (shown["level"], shown["carried"]) == ("act_with_approval", "act_alone")
    assert (shown["evidence"]["tried"], shown["evidence"]["succeeded"]) == (40, 40)
    assert shown["evidence"]["low"] == pytest.approx(0.9124, abs=1e-4)
    assert (shown["shadows"]["tried"], shown["shadows"]["succeeded"]) == (4, 3)
    assert shown["why"] == "chg_0: it helped"


async def test_a_person_of_the_group_lets_it_act_alone(
    front: "Front", sam: "httpx.AsyncClient", past: ChangeRecord
) -> None:
    async with await front.caller("ana", Role.APPROVER, groups=frozenset({"policy"})) as client:
        answer = await client.post("/v1/autonomy/raise", json=wanted(past, "act_alone"))

    assert answer.status_code == 200
    assert (answer.json()["level"], answer.json()["by"]) == ("act_alone", "ana")
    assert [each["level"] for each in await items(sam, "/v1/autonomy")] == ["act_alone"]


async def test_an_approver_of_another_group_does_not(
    front: "Front", sam: "httpx.AsyncClient", past: ChangeRecord
) -> None:
    async with await front.caller("ben", Role.APPROVER, groups=frozenset({"noc"})) as client:
        answer = await client.post("/v1/autonomy/raise", json=wanted(past, "act_alone"))

    assert answer.status_code == 403
    assert "group policy" in answer.json()["detail"]
    assert [each["level"] for each in await items(sam, "/v1/autonomy")] == ["act_with_approval"]


async def test_whoever_may_halt_may_lower_it_with_a_reason(
    front: "Front", sam: "httpx.AsyncClient", past: ChangeRecord
) -> None:
    async with await front.caller("olga", Role.OPERATOR) as client:
        nothing = await client.post("/v1/autonomy/lower", json=wanted(past, "observe", " "))
        lowered = await client.post("/v1/autonomy/lower", json=wanted(past, "observe"))
        again = await client.post("/v1/autonomy/lower", json=wanted(past, "propose"))

    assert (nothing.status_code, nothing.json()["field"]) == (422, "reason")
    assert (lowered.json()["level"], lowered.json()["ceiling"]) == ("observe", "observe")
    assert again.status_code == 409


async def test_effects_are_told_by_what_is_asked_for(
    front: "Front", sam: "httpx.AsyncClient", past: ChangeRecord
) -> None:
    by_model = await items(sam, "/v1/effects?by=model&by=change")
    of_another = await items(sam, "/v1/effects?model=Other")

    (shown,) = by_model
    assert (shown["model"], shown["templates"]) == ("HomeGate 3", shown["templates"])
    assert "cause" not in shown
    assert (shown["tried"], shown["succeeded"], shown["helped"]) == (1, 1, 0.75)
    assert of_another == []


async def test_what_one_change_did_is_told_and_of_another_tenants_nothing(
    front: "Front", sam: "httpx.AsyncClient", past: ChangeRecord
) -> None:
    known = (await sam.get(f"/v1/changes/{past.id}/effect")).json()
    missing = await sam.get("/v1/changes/chg_none/effect")

    assert (known["before"], known["after"], known["promised"]) == (200, 50, 20)
    assert (known["watched_seconds"], known["held"]) == (42, True)
    assert missing.status_code == 404


async def test_shadows_are_told_with_how_often_people_agreed(
    front: "Front", sam: "httpx.AsyncClient", change: ChangeRecord
) -> None:
    await shadowed(front, change, Agreement.AGREED)

    (shadow,) = await items(sam, "/v1/autonomy/shadows")
    (agreed,) = await items(sam, "/v1/autonomy/agreement")

    assert (shadow["end"], shadow["seen"]) == ("agreed", "at the box")
    assert (agreed["agreed"], agreed["otherwise"], agreed["open"]) == (1, 0, 0)
    assert agreed["low"] == pytest.approx(0.2065, abs=1e-4)
