"""One meaning has one byte form; what has none is an error."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from brain.domain.canonical import canonical_bytes, digest_of


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical_bytes({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    east = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))

    assert canonical_bytes(east) == canonical_bytes(datetime(2026, 1, 1, tzinfo=UTC))


def test_text_and_number_are_not_the_same() -> None:
    assert digest_of("1") != digest_of(1)


@pytest.mark.parametrize("value", [object(), b"bytes", float("nan")])
def test_what_has_no_canonical_form_is_an_error(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_bytes(value)
