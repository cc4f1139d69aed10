"""A fleet's year is as homes are: what they measure, how often it differs, which values it has."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from brain.domain.history import EventKind
from brain.domain.parameter import ParameterPath
from brain.store.store import Store
from evals.bench import fleet_year
from evals.bench.fleet_year import MODELS, RATES, YEAR, Habit, fill, habits

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_number_is_another_as_often_as_in_the_home() -> None:
    looks = [NOW + number * timedelta(hours=12) for number in range(4000)]
    habit = Habit(ParameterPath("Device.X"), counts=False, changes=0.25, seen=(3, 9))

    year = habit.year(Random(1), looks)

    assert 900 < len(year) < 1100
    assert {point.value for point in year} == {"3", "9"}


def test_a_counter_only_grows() -> None:
    looks = [NOW + number * timedelta(hours=12) for number in range(100)]
    habit = Habit(ParameterPath("Device.X"), counts=True, changes=1.0, seen=(1, 5))

    values = [int(point.value) for point in habit.year(Random(1), looks)]

    assert values == sorted(values)
    assert len(values) == 100


async def test_the_year_of_a_few_devices_is_in_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet_year, "MODELS", MODELS[:1])
    filled = await fill(store, devices=2, until=NOW)

    device = filled.devices[0]
    async with store.read() as tx:
        found = await tx.measures.of_device(device.tenant, device.id)
        faults = await tx.events.of_device(device.tenant, device.id, kinds=[EventKind.FAULT])
    measured = {habit.path for habit in habits(MODELS[0])}
    assert found.keys() == measured
    assert min(points[0].at for points in found.values()) >= NOW - YEAR
    assert len(faults) == RATES[EventKind.FAULT]
    assert filled.events == 2 * sum(RATES.values())
