"""The controllers that the settings name are there, each beside our own."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from brain.controllers import Controller, genie_options, oktopus_options, operators
from brain.domain.device import ControllerName, Device
from brain.domain.errors import InvalidInput
from brain.domain.identity import DeviceId, TenantId
from brain.keys import Keys
from brain.own_acs import permit_desk
from brain.remediation.rules import load_rules
from brain.settings import load_settings
from brain.store.store import Store
from brain.wiring import opened
from executors.by_controller import ByController
from executors.genieacs.genieacs import GenieAcs
from executors.oktopus.oktopus import Oktopus


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GATEWRIGHT_DATA_DIR", str(tmp_path))


async def made(stack: AsyncExitStack, tmp_path: Path, store: Store) -> tuple[Controller, ...]:
    desk, trail = permit_desk(Keys.open(tmp_path), store), cast("Any", None)
    return operators(stack, load_settings(), desk, trail, load_rules(None))


async def test_without_a_word_there_is_none_but_our_own(tmp_path: Path, store: Store) -> None:
    async with AsyncExitStack() as stack:
        assert await made(stack, tmp_path, store) == ()


async def test_a_genieacs_that_is_named_is_asked_who_called(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWRIGHT_GENIEACS_URL", "http://10.0.0.5:7557/nbi")
    async with AsyncExitStack() as stack:
        (hands,) = await made(stack, tmp_path, store)

        assert isinstance(hands.executor, GenieAcs)
        assert not hands.executor.capabilities.atomic_set
        assert hands.name == hands.executor.capabilities.kind


def test_its_settings_reach_its_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {
        "GENIEACS_URL": "https://acs.example/nbi",
        "GENIEACS_USERNAME": "gw",
        "GENIEACS_PASSWORD": "hush",
        "GENIEACS_POLL_EVERY": "PT5S",
        "GENIEACS_FILES": "https://files.example/acs",
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
    assert options.files == "https://files.example/acs/"


@pytest.mark.parametrize(
    "url",
    [
        "files.example",
        "http://files.example/",
        "https://gw:hush@files.example/",
        "https://files.example/?a=1",
    ],
)
def test_an_address_of_files_is_plain_and_over_https(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWRIGHT_GENIEACS_FILES", url)

    with pytest.raises(InvalidInput) as refused:
        load_settings()

    assert refused.value.field == "GATEWRIGHT_GENIEACS_FILES"
    assert "hush" not in str(refused.value)


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


async def test_an_oktopus_that_is_named_is_asked_which_devices_there_are(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    oktopus_named(monkeypatch)
    async with AsyncExitStack() as stack:
        (hands,) = await made(stack, tmp_path, store)

        assert isinstance(hands.executor, Oktopus)
        assert hands.name == hands.executor.capabilities.kind


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


async def test_all_four_are_there_at_once_and_a_device_is_promised_what_its_own_promises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    oktopus_named(monkeypatch, POLL_EVERY="PT0S")
    monkeypatch.setenv("GATEWRIGHT_GENIEACS_URL", "http://10.0.0.5:7557/nbi")
    monkeypatch.setenv("GATEWRIGHT_USP", "true")
    monkeypatch.setenv("GATEWRIGHT_USP_INSECURE", "true")
    device = Device(id=DeviceId("d"), tenant=TenantId("t"), oui="A", product_class="", serial="1")

    async with opened(load_settings(), work=False) as gatewright:
        assert isinstance(gatewright.executor, ByController)
        kinds = {
            each: gatewright.executor.promised(replace(device, controller=each))
            for each in ControllerName
        }

    assert {each: said.kind for each, said in kinds.items() if said} == {
        each: each.value for each in ControllerName
    }
