"""Assertions on a world."""

import pytest

from evals.scenarios.ends import read_end

BEFORE = {"web.works": "0.0", "radio.1.utilisation": "0.9", "Device.A": "Elm"}
NOW = {"web.works": "1.0", "radio.1.utilisation": "0.5", "Device.A": "Oak", "Device.B": "11"}


@pytest.mark.parametrize(
    "text",
    [
        "web.works == 1",
        "web.works != before",
        "radio.1.utilisation <= before - 0.2",
        "radio.1.utilisation < before * 0.6",
        "Device.A != before",
        "Device.A in Elm, Oak",
        "Device.B in 1, 11",
        "Device.B == 11",
    ],
)
def test_what_is_so_holds(text: str) -> None:
    assert read_end(text).holds(NOW, BEFORE)


@pytest.mark.parametrize(
    "text",
    [
        "web.works == 0",
        "radio.1.utilisation <= before - 0.5",
        "Device.A == before",
        "Device.A > 3",
        "Device.B in 1, 6",
        "no.such.figure == 1",
        "no.such.figure != 1",
    ],
)
def test_what_is_not_so_does_not(text: str) -> None:
    assert not read_end(text).holds(NOW, BEFORE)


@pytest.mark.parametrize("text", ["web.works", "web.works = 1", "web.works >= much", ""])
def test_what_is_no_assertion_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"FIGURE OPERATOR VALUE|no number"):
        read_end(text)
