"""Devices are changed through our own ACS, unless the settings name a GenieACS."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from brain.controllers import Controller, controller, genie_options
from brain.domain.errors import InvalidInput
from brain.keys import Keys
from brain.own_acs import permit_desk
from brain.remediation.rules import load_rules
from brain.settings import load_settings
from brain.store.store import Store
from executors.genieacs.genieacs import GenieAcs

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
