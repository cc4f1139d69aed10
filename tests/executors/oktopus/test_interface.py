"""Oktopus's interface: its log-in, its pages, its statuses and its spelling."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from brain.domain.errors import (
    ControllerRefused,
    DeviceUnreachable,
    InvalidInput,
    OutcomeUnknown,
)
from executors.oktopus.bodies import answered, written
from executors.oktopus.interface import Interface
from executors.oktopus.openness import is_forgeable, warn_if_forgeable
from executors.oktopus.options import Mtp
from executors.usp import requests as q
from executors.usp import responses as r
from tests.executors.contract import CHANNEL

Rig = Any  # of the folder's conftest
GET = {"param_paths": [CHANNEL]}


def scripted(rig: Rig, handler: Callable[[httpx.Request], httpx.Response]) -> Interface:
    return Interface(rig.options, transport=httpx.MockTransport(handler))


def entering(status: int, body: Any = None) -> Callable[[httpx.Request], httpx.Response]:
    """Lets everybody in, and answers the rest with this."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/auth/login":
            return httpx.Response(200, json="a.b.c")
        return httpx.Response(status, json=body)

    return handler


async def test_one_log_in_serves_many_requests_and_its_token_goes_bare(rig: Rig) -> None:
    await rig.read(CHANNEL)
    await rig.read(CHANNEL)

    assert rig.site.log_ins == 1


async def test_a_log_in_that_ran_out_is_renewed_and_the_request_made_once(rig: Rig) -> None:
    await rig.read(CHANNEL)
    rig.clock.advance(hours=25)

    outcome = await rig.apply(rig.to_eleven)

    assert rig.holds(CHANNEL) == "11"
    assert outcome.progress == "applied"
    assert rig.site.log_ins == 2
    assert len(rig.handed(q.Set)) == 1


async def test_a_wrong_password_names_its_setting_and_does_not_repeat_it(rig: Rig) -> None:
    rig.site.password = "another"

    with pytest.raises(InvalidInput) as refused:
        await rig.read(CHANNEL)

    assert refused.value.field == "GATEWRIGHT_OKTOPUS_PASSWORD"
    assert "let-me-in" not in str(refused.value)
    assert "let-me-in" not in repr(rig.options)
    assert len(rig.site.calls) == 1


async def test_devices_are_each_listed_once_though_pages_overlap(rig: Rig) -> None:
    rig.site.subjects |= {f"os::06B7D2-{number}": rig.subject for number in range(120)}

    found = await rig.interface.devices()

    assert sorted(each.endpoint for each in found) == sorted(rig.site.subjects)


async def test_an_installation_without_devices_lists_none(rig: Rig) -> None:
    rig.site.subjects.clear()

    assert await rig.interface.devices() == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ControllerRefused),
        (403, ControllerRefused),
        (404, DeviceUnreachable),
        (500, OutcomeUnknown),
        (503, DeviceUnreachable),
        (504, OutcomeUnknown),
    ],
)
async def test_each_status_is_taken_for_what_it_is(
    rig: Rig, status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await scripted(rig, entering(status)).ask("os::A-1", "set", {})


async def test_a_line_that_drops_over_a_request_is_no_refusal(rig: Rig) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/auth/login":
            return httpx.Response(200, json="a.b.c")
        raise httpx.RemoteProtocolError("dropped")

    with pytest.raises(OutcomeUnknown):
        await scripted(rig, handler).ask("os::A-1", "set", {})


async def test_an_oktopus_that_is_not_there_was_sent_nothing(rig: Rig) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with pytest.raises(DeviceUnreachable):
        await scripted(rig, handler).ask("os::A-1", "set", {})


@pytest.mark.parametrize("mtp", [Mtp.ANY, Mtp.WEBSOCKET])
async def test_a_device_is_reached_over_the_mtp_that_was_chosen(rig: Rig, mtp: Mtp) -> None:
    options = replace(rig.options, mtp=mtp)
    transport = httpx.ASGITransport(rig.site.app())
    endpoint = rig.subject.agent.endpoint

    await Interface(options, transport=transport).ask(endpoint, "get", GET)

    assert rig.site.calls[-1] == f"PUT /api/device/{endpoint}/{mtp}/get"


@pytest.mark.parametrize(
    "said",
    [
        {"oper_status": {"OperStatus": {"OperFailure": {"err_code": 7012}}}},
        {"oper_status": {"oper_failure": {"err_code": 7012}}},
        {"operStatus": {"operFailure": {"errCode": 7012}}},
    ],
)
def test_an_answer_is_read_in_each_of_its_spellings(said: dict[str, Any]) -> None:
    path = {"requestedPath" if "operStatus" in said else "requested_path": "Device.X."}
    name = "updatedObjResults" if "operStatus" in said else "updated_obj_results"
    asked = q.Set(update_objs=(q.UpdateObject("Device.X.", ()),))

    reply = answered(asked, {name: [path | said]})

    failure = r.UpdateFailure(7012)
    assert reply == r.SetResp((r.UpdatedObjectResult("Device.X.", failure),))


def test_the_names_of_values_stay_as_the_device_has_them() -> None:
    result = {"resolved_path": "Device.X.", "result_params": {"OperStatus": "Up", "bSSID": "a"}}
    said: Any = {
        "req_path_results": [{"requested_path": "Device.X.", "resolved_path_results": [result]}]
    }

    reply = answered(q.Get(("Device.X.",)), said)

    assert isinstance(reply, r.GetResp)
    (found,) = reply.req_path_results[0].resolved_path_results
    assert found.result_params == {"OperStatus": "Up", "bSSID": "a"}


@pytest.mark.parametrize(
    "said",
    ["Unknown message answer", None, [], {"created_obj_results": []}, {"req_path_results": "?"}],
)
def test_what_is_no_answer_to_it_is_none(said: Any) -> None:
    assert answered(q.Get((CHANNEL,)), said) is None


def test_a_request_goes_by_the_names_of_the_schema() -> None:
    asked = q.Set(update_objs=(q.UpdateObject("Device.X.", (q.UpdateParamSetting("Y", "1"),)),))

    (one,) = written(asked)["update_objs"]  # type: ignore[misc]  # as JSON has it

    assert one == {
        "obj_path": "Device.X.",
        "param_settings": [{"param": "Y", "value": "1", "required": True}],
    }


async def test_log_ins_signed_with_the_shipped_key_are_warned_of(rig: Rig) -> None:
    assert await warn_if_forgeable(rig.interface)

    rig.site.key = b"our own"
    fresh = Interface(rig.options, transport=httpx.ASGITransport(rig.site.app()))
    assert not await warn_if_forgeable(fresh)
    assert not is_forgeable("")
