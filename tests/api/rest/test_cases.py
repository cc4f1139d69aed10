"""A case is opened about one device, and a turn is followed as it happens."""

import json
from typing import TYPE_CHECKING

import pytest

from brain.domain.device import Device
from brain.domain.errors import PlannerFailed
from brain.domain.identity import Role
from brain.domain.incident import Case
from brain.planner.events import PlannerEvent

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

DONE = PlannerEvent(kind="done", text="")


def events(response: "httpx.Response") -> list[tuple[str, dict[str, object]]]:
    """The name and the data of each server-sent event."""
    blocks = [block.splitlines() for block in response.text.split("\n\n") if block.strip()]
    found = [dict(line.split(": ", 1) for line in block) for block in blocks]
    return [(each["event"], json.loads(each["data"])) for each in found]


async def test_a_case_is_opened_by_the_devices_id(front: "Front", device: Device) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post("/v1/cases", json={"device": device.id})
        again = await client.get(f"/v1/cases/{response.json()['id']}")

    assert response.status_code == 201
    assert response.json()["opened_by"] == "sam"
    assert again.json() == response.json()


async def test_a_case_is_opened_by_a_search_that_fits_one_device(
    front: "Front", device: Device
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post("/v1/cases", json={"search": "HomeGate 3"})

    assert response.json()["device"] == device.id


@pytest.mark.parametrize(
    ("wanted", "status", "field"),
    [
        ({"search": "nothing like it"}, 404, "search"),
        ({"device": "00D09E-SN9"}, 404, "device"),
        ({}, 422, "device"),
        ({"device": "a", "search": "b"}, 422, "device"),
        ({"search": "SN"}, 422, "search"),
        ({"device": "a", "approve": True}, 422, "approve"),
    ],
)
async def test_no_case_is_opened_about_no_device_or_several(
    front: "Front", device: Device, wanted: dict[str, object], status: int, field: str
) -> None:
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(
            Device(
                id=type(device.id)("other"),
                tenant=device.tenant,
                oui="00D09E",
                product_class="",
                serial="SN3",
            )
        )

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post("/v1/cases", json=wanted)
        kept = await client.get("/v1/cases")

    assert (response.status_code, response.json()["field"]) == (status, field)
    assert kept.json()["items"] == []


async def test_a_turn_is_streamed_event_by_event(front: "Front", case: Case) -> None:
    front.wiring.planner.script = [
        PlannerEvent(kind="step", text="reading"),
        PlannerEvent(kind="proposal", text="channel 11", payload={"change_id": "chg_9"}),
        PlannerEvent(kind="done", text="", payload={"rounds": 1}),
    ]

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post(f"/v1/cases/{case.id}/messages", json={"text": "it is slow"})

    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert [name for name, _ in events(response)] == ["step", "proposal", "done"]
    assert [data["payload"] for _, data in events(response)[1:]] == [
        {"change_id": "chg_9"},
        {"rounds": 1},
    ]
    assert front.wiring.planner.heard == [(case.id, "it is slow", "sam")]


async def test_what_was_said_is_kept_and_steps_are_not(front: "Front", case: Case) -> None:
    front.wiring.planner.script = [
        PlannerEvent(kind="step", text="reading"),
        PlannerEvent(kind="question", text="which room?"),
        DONE,
    ]

    async with await front.caller("sam", Role.SUPPORT) as client:
        await client.post(f"/v1/cases/{case.id}/messages", json={"text": "it is slow"})
        kept = (await client.get(f"/v1/cases/{case.id}/messages")).json()["items"]

    assert [(each["role"], each["text"]) for each in kept] == [
        ("user", "it is slow"),
        ("assistant", "which room?"),
    ]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (PlannerFailed("the model gave no proposal"), "the model gave no proposal"),
        (RuntimeError("password hunter2"), "on our side"),
        (PlannerEvent(kind="text", text="and then nothing"), "on our side"),
    ],
)
async def test_a_turn_that_breaks_ends_in_failed_and_done_without_internals(
    front: "Front", case: Case, failure: PlannerEvent | Exception, said: str
) -> None:
    front.wiring.planner.script = [failure]

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post(f"/v1/cases/{case.id}/messages", json={"text": "it is slow"})

    *_, (name, data), (last, _) = events(response)
    assert (name, last) == ("failed", "done")
    assert said in str(data["text"])
    assert "hunter2" not in response.text


async def test_an_empty_message_is_refused_before_the_planner_hears_it(
    front: "Front", case: Case
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.post(f"/v1/cases/{case.id}/messages", json={"text": ""})

    assert (response.status_code, response.json()["field"]) == (422, "text")
    assert front.wiring.planner.heard == []
