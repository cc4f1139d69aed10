"""What a model is told that it could set: what the rules list for it, at a value it has not yet."""

import pytest

from policies.bundle import Bundle
from policies.composable import composable


def test_a_listed_switch_that_is_off_could_be_set(bundle: Bundle) -> None:
    assert composable(bundle, "Device.WiFi.Radio.2.Enable", "false")


def test_one_that_is_as_it_should_be_could_not(bundle: Bundle) -> None:
    assert not composable(bundle, "Device.WiFi.Radio.2.Enable", "true")


@pytest.mark.parametrize(
    "path", ["Device.WiFi.Radio.1.Channel", "Device.Firewall.Enable", "Device.WiFi.Radio.Enable"]
)
def test_what_is_not_listed_could_not(bundle: Bundle, path: str) -> None:
    assert not composable(bundle, path, "false")
