"""What devices write takes no more than it may, wherever it is read or remembered."""

import pytest

from brain.datamodel.catalogue import catalogue
from executors import canonical
from executors.acs import messages as m
from executors.acs.asgi import NAMED, WHOLE, BodyRefused, Event, read_body


async def nothing() -> Event:
    raise AssertionError


async def test_a_body_that_was_read_elsewhere_has_the_same_limit() -> None:
    assert await read_body({WHOLE: b"12", NAMED: {}}, nothing, 2) == b"12"
    with pytest.raises(BodyRefused) as refused:
        await read_body({WHOLE: b"123", NAMED: {}}, nothing, 2)

    assert refused.value.status == 413


def test_long_names_are_refused_and_not_remembered() -> None:
    before = canonical._may_be_one.cache_info().currsize
    names = [f"Device.{number}{'x' * 300}" for number in range(9)]

    assert not any(canonical.is_path(name) for name in names)
    assert canonical._may_be_one.cache_info().currsize == before
    before = canonical._known.cache_info().currsize
    assert canonical.values_of(catalogue("tr181-cwmp"), [(each, "", "") for each in names]) == {}
    assert canonical._known.cache_info().currsize == before


def test_long_event_codes_are_read_and_not_remembered() -> None:
    before = m._known_number.cache_info().currsize
    numbers = [m.InformEvent(f"{number} {'x' * 300}").number for number in range(9)]

    assert numbers == [str(number) for number in range(9)]
    assert m._known_number.cache_info().currsize == before
