"""A line that was down between two looks is told from one that stayed up, and from a start."""

from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.device import Device
from brain.domain.history import Difference, Event
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from executors.acs.drops import UPTIME, drop

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
NOW = BEFORE + timedelta(hours=1)
DEVICE = Device(
    id=DeviceId("box"), tenant=TenantId("north"), oui="001122", product_class="", serial="1"
)
LINE, PPP = "Device.Optical.Interface.1.", "Device.PPP.Interface.1."


def difference(path: str, before: str | None, after: str) -> Difference:
    since = None if before is None else BEFORE
    return Difference(path=ParameterPath(path), before=before, after=after, since=since)


def looked(
    *rows: str, held: str, status: str = "Up", was: str | None = "90000", uptime: str = "900000"
) -> Event | None:
    """An hour after the last look: these interfaces are in their state for ``held`` seconds."""
    values = {UPTIME: uptime}
    for row in rows or (LINE,):
        values[ParameterPath(row + "Status")] = status
        values[ParameterPath(row + "LastChange")] = held
    found = [difference(row + "LastChange", was, held) for row in rows or (LINE,)]
    return drop(DEVICE, Snapshot(device=DEVICE.id, taken_at=NOW, values=values), found)


def test_a_line_that_is_up_for_less_long_than_nobody_looked_was_down() -> None:
    found = looked(held="600")

    assert found is not None
    assert (found.path, found.value) == (LINE + "Status", "Down")
    assert found.at == NOW - timedelta(seconds=600)


def test_a_stack_that_goes_down_together_is_one_drop_of_its_lowest_layer() -> None:
    found = looked(PPP, LINE, held="600")

    assert found is not None
    assert found.path == LINE + "Status"


@pytest.mark.parametrize(
    "said",
    [
        {"held": "93600"},
        {"held": "3590"},
        {"held": "600", "status": "Down"},
        {"held": "600", "was": None},
        {"held": "600", "uptime": "700"},
        {"held": "600", "uptime": ""},
        {"held": ""},
        {"held": "9" * 20},
    ],
    ids=["it stayed up", "seconds", "still down", "first look", "start", "no uptime", "no", "much"],
)
def test_what_was_no_drop_or_cannot_be_told_is_none(said: dict[str, str | None]) -> None:
    assert looked(**said) is None  # type: ignore[arg-type]  # each is of its parameter's type


def test_a_line_that_was_down_at_the_last_look_too_did_not_drop_since() -> None:
    values = {
        UPTIME: "900000",
        ParameterPath(LINE + "Status"): "Up",
        ParameterPath(LINE + "LastChange"): "600",
    }
    found = [
        difference(LINE + "LastChange", "60", "600"),
        difference(LINE + "Status", "Down", "Up"),
    ]

    assert drop(DEVICE, Snapshot(device=DEVICE.id, taken_at=NOW, values=values), found) is None
