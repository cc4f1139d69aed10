"""Nothing that names a person, and no secret, is in any byte that leaves for a language model."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from brain.planner.http_of_openai import http
from brain.planner.llm import LlmLimits, OpenAiModel
from brain.planner.words import LONGEST

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import AskWith

SEEDED = {
    "Device.WiFi.SSID.1.SSID": "Kanarie-Huisnet",
    "Device.WiFi.SSID.2.SSID": "Kanarie-Huisnet",
    "Device.WiFi.SSID.1.BSSID": "02:C0:FF:EE:00:01",
    "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": "kanarie-geheim-1",
    "Device.Hosts.Host.1.HostName": "Kanaries-Telefoon",
    "Device.Hosts.Host.1.PhysAddress": "02:C0:FF:EE:00:02",
    "Device.Hosts.Host.1.IPAddress": "192.168.77.64",
    "Device.IP.Interface.1.IPv4Address.1.IPAddress": "198.51.100.77",
    "Device.DNS.Client.Server.1.DNSServer": "203.0.113.77",
    "Device.DNS.Client.Server.1.Status": "Error",
    "Device.DeviceInfo.SerialNumber": "KANARIE0001",
    "Device.DeviceInfo.Description": "Kanarie beschrijving",
    "Device.WiFi.Radio.1.Alias": "kanarie-alias",
}
CANARIES = [*SEEDED.values(), "Kanarie-Buren", "Annelies", "Vanderkooy", "kanarie-pass-2"]
CANARIES.remove("Error")
TEXT = (
    "Mrs Annelies Vanderkooy says Kanarie-Huisnet is slow on Kanaries-Telefoon (192.168.77.64, "
    "02:C0:FF:EE:00:02), the password is kanarie-pass-2, resolver 203.0.113.77"
)

ANSWERS: dict[str, dict[str, Any]] = {
    "intake": {"symptom": "slow_wifi", "band": None, "request": None},
    "diagnose": {"hypotheses": [], "missing": ["dns", "addresses", "hosts"]},
    "propose": {
        "decision": "compose",
        "candidate": "",
        "changes": [{"path": "Device.WiFi.Radio.1.Channel", "value": "14"}],
        "cause": "unknown",
        "sentence": "It is crowded.",
    },
}


class Recorder:
    """A server that answers every prompt and keeps every byte."""

    def __init__(self) -> None:
        self.bytes = b""
        self.prompts: list[str] = []

    async def __call__(self, request: http.Request) -> http.Response:
        self.bytes += bytes(request.url.raw_path) + request.content
        self.bytes += b"".join(name + value for name, value in request.headers.raw)
        name = json.loads(request.content)["response_format"]["json_schema"]["name"]
        self.prompts.append(name)
        message = {"role": "assistant", "content": json.dumps(ANSWERS[name])}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return http.Response(200, json={"id": "c", "model": "m", "choices": [choice]})


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


async def test_no_seeded_name_or_secret_leaves(
    ask_with: "AskWith",
    world: "FakeWorld",
    half_told: dict[str, str],
    scan: Callable[..., dict[str, str]],
    recorder: Recorder,
) -> None:
    world.values |= half_told | scan((6, -40), (6, -45), (6, -50), ssid="Kanarie-Buren") | SEEDED
    model = OpenAiModel(
        model="m",
        base_url="http://127.0.0.1:9/v1",
        limits=LlmLimits(retries=0),
        transport=http.MockTransport(recorder),
    )

    await ask_with(model=model)(TEXT)
    await model.aclose()

    # Every prompt was used, the diagnosis again and the proposal mended twice.
    assert recorder.prompts == ["intake", *["diagnose"] * 2, *["propose"] * 3]
    sent = recorder.bytes.decode().casefold()
    assert [canary for canary in CANARIES if canary.casefold() in sent] == []
    assert "ssid_" in sent


async def test_a_name_that_a_long_message_is_cut_in_does_not_leave_in_half(
    ask_with: "AskWith", world: "FakeWorld", recorder: Recorder
) -> None:
    world.values |= SEEDED
    model = OpenAiModel(
        model="m",
        base_url="http://127.0.0.1:9/v1",
        limits=LlmLimits(retries=0),
        transport=http.MockTransport(recorder),
    )
    begun = "Kanarie-Hui"
    words = "the wifi is slow, " * LONGEST

    await ask_with(model=model)(f"{words[: LONGEST - len(begun) - 1]} Kanarie-Huisnet")
    await model.aclose()

    assert "intake" in recorder.prompts
    assert begun.casefold() not in recorder.bytes.decode().casefold()
