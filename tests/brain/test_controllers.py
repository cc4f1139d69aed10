"""Devices are changed through our own ACS, unless the settings name a GenieACS or an Oktopus."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brain.controllers import Controller, controller, genie_options, oktopus, oktopus_options
from brain.domain.device import Device, Protocol
from brain.domain.errors import InvalidInput
from brain.domain.identity import DeviceId, TenantId
from brain.keys import Keys
from brain.own_acs import permit_desk
from brain.remediation.rules import load_rules
from brain.settings import load_settings
from brain.store.store import Store
from brain.wiring import opened
from executors.by_protocol import ByProtocol
from executors.genieacs.genieacs import GenieAcs
from executors.oktopus.oktopus import Oktopus

OWN: Any = object()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GATEWRIGHT_DATA_DIR", str(tmp_path))


async def made(stack: AsyncExitStack, tmp_path: Path, store: Store) -> Controller:
    desk = permit_desk(Keys.open(tmp_path), store)
    return controller(stack, load_settings(), OWN, desk, load_rules(None))


async def test_without_a_word_it_is_our_own_acs_and_nobody_is_asked(
    tmp_path: Path, store: Store
) -> None:
    async with AsyncExitStack() as stack:
        hands = await made(stack, tmp_path, store)

        assert hands.executor is OWN
        assert hands.feed is None


async def test_a_genieacs_that_is_named_has_the_devices_and_is_asked_who_called(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWRIGHT_GENIEACS_URL", "http://10.0.0.5:7557/nbi")
    async with AsyncExitStack() as stack:
        hands = await made(stack, tmp_path, store)

        assert isinstance(hands.executor, GenieAcs)
        assert not hands.executor.capabilities.atomic_set
        assert hands.feed is not None


def test_its_settings_reach_its_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {
        "GENIEACS_URL": "https://acs.example/nbi",
        "GENIEACS_USERNAME": "gw",
        "GENIEACS_PASSWORD": "hush",
        "GENIEACS_POLL_EVERY": "PT5S",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"GATEWRIGHT_{name}", value)

    options = genie_options(load_settings())

    assert (options.url, options.username, options.password) == (
        "https://acs.example/nbi",
        "gw",
        "hush",
    )
    assert options.poll_every.total_seconds() == 5


@pytest.mark.parametrize(
    "url", ["10.0.0.5:7557", "ftp://10.0.0.5", "http://gw:hush@10.0.0.5", "http://10.0.0.5/?a=1"]
)
def test_an_address_that_is_none_or_holds_credentials_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWRIGHT_GENIEACS_URL", url)

    with pytest.raises(InvalidInput) as refused:
        load_settings()

    assert refused.value.field == "GATEWRIGHT_GENIEACS_URL"
    assert "hush" not in str(refused.value)


def oktopus_named(monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    named = {"URL": "http://10.0.0.6:8000", "EMAIL": "gw@example.net", "PASSWORD": "hush", **more}
    for name, value in named.items():
        monkeypatch.setenv(f"GATEWRIGHT_OKTOPUS_{name}", value)


async def made_oktopus(stack: AsyncExitStack, tmp_path: Path, store: Store) -> Controller | None:
    desk = permit_desk(Keys.open(tmp_path), store)
    trail: Any = None
    return oktopus(stack, load_settings(), desk, trail, load_rules(None))


async def test_without_a_word_there_is_no_oktopus(tmp_path: Path, store: Store) -> None:
    async with AsyncExitStack() as stack:
        assert await made_oktopus(stack, tmp_path, store) is None


async def test_an_oktopus_that_is_named_is_asked_which_devices_there_are(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    oktopus_named(monkeypatch)
    async with AsyncExitStack() as stack:
        hands = await made_oktopus(stack, tmp_path, store)

        assert hands is not None
        assert isinstance(hands.executor, Oktopus)
        assert hands.feed is not None


def test_the_settings_of_oktopus_reach_its_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    oktopus_named(monkeypatch, MTP="ws", POLL_EVERY="PT5S")

    options = oktopus_options(load_settings())

    assert (options.url, options.email, options.password, options.mtp) == (
        "http://10.0.0.6:8000",
        "gw@example.net",
        "hush",
        "ws",
    )
    assert options.poll_every.total_seconds() == 5


@pytest.mark.parametrize(
    "wrong", [{"PASSWORD": ""}, {"EMAIL": ""}, {"MTP": "coap"}, {"URL": "http://gw:hush@10.0.0.6"}]
)
def test_half_of_an_oktopus_is_refused(
    wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    oktopus_named(monkeypatch, **wrong)

    with pytest.raises(InvalidInput) as refused:
        load_settings()

    assert "hush" not in str(refused.value)


def test_devices_on_usp_have_one_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    oktopus_named(monkeypatch)
    monkeypatch.setenv("GATEWRIGHT_USP", "true")
    monkeypatch.setenv("GATEWRIGHT_USP_INSECURE", "true")

    with pytest.raises(InvalidInput, match="exclude"):
        load_settings()


async def test_devices_on_usp_are_oktopuss_and_the_others_stay_with_our_acs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    oktopus_named(monkeypatch, POLL_EVERY="PT0S")
    device = Device(id=DeviceId("d"), tenant=TenantId("t"), oui="A", product_class="", serial="1")

    async with opened(load_settings(), work=False) as gatewright:
        assert isinstance(gatewright.executor, ByProtocol)
        kinds = [gatewright.executor.promised(replace(device, protocol=each)) for each in Protocol]

    assert [each.kind for each in kinds if each] == ["acs", "oktopus"]
