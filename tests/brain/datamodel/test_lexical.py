"""Every base type has one text for one value, and refuses what is not of it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.datamodel.lexical import canonical
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterType

T = ParameterType


@pytest.mark.parametrize(
    ("kind", "text", "form"),
    [
        (T.BOOLEAN, "1", "true"),
        (T.BOOLEAN, " false ", "false"),
        (T.UNSIGNED_INT, "007", "7"),
        (T.UNSIGNED_INT, "+6", "6"),
        (T.INT, "-0", "0"),
        (T.INT, " -12\n", "-12"),
        (T.UNSIGNED_LONG, "18446744073709551615", "18446744073709551615"),
        (T.UNSIGNED_INT, "0" * 5000 + "1", "1"),
        (T.DECIMAL, "-01.500", "-1.5"),
        (T.DECIMAL, ".50", "0.5"),
        (T.DECIMAL, "-0.0", "0"),
        (T.DECIMAL, "10.", "10"),
        (T.HEX_BINARY, "0aFf", "0AFF"),
        (T.HEX_BINARY, "", ""),
        (T.BASE64, "QUJD\nRA==", "QUJDRA=="),
        (T.DATE_TIME, "2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
        (T.DATE_TIME, "2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
        (T.DATE_TIME, "2026-01-31T12:00:00.2500Z", "2026-01-31T12:00:00.25Z"),
        (T.DATE_TIME, "2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00Z"),
        (T.DATE_TIME, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        (T.DATE_TIME, "0001-01-03T03:04:05", "0001-01-03T03:04:05"),
        (T.DATE_TIME, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        (T.STRING, " kept as it is\t", " kept as it is\t"),
    ],
)
def test_one_value_has_one_text(kind: ParameterType, text: str, form: str) -> None:
    assert canonical(kind, text) == form


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (T.BOOLEAN, "yes"),
        (T.BOOLEAN, "True"),
        (T.BOOLEAN, ""),
        (T.UNSIGNED_INT, "-1"),
        (T.UNSIGNED_INT, "4294967296"),
        (T.UNSIGNED_INT, "1.0"),
        (T.UNSIGNED_INT, ""),
        (T.UNSIGNED_INT, "٣"),
        (T.UNSIGNED_INT, "1_0"),
        (T.INT, "2147483648"),
        (T.LONG, "9" * 30),
        (T.DECIMAL, "."),
        (T.DECIMAL, "1e3"),
        (T.DECIMAL, "NaN"),
        (T.HEX_BINARY, "ABC"),
        (T.HEX_BINARY, "0g"),
        (T.BASE64, "***"),
        (T.BASE64, "QUJ"),
        (T.DATE_TIME, "31.01.2026"),
        (T.DATE_TIME, "2026-02-30T00:00:00Z"),
        (T.DATE_TIME, "0001-01-01T00:00:00+02:00"),
        (T.DATE_TIME, "2026-01-31"),
        (T.STRING, "bell\x07"),
        (T.STRING, "\ud800"),
    ],
)
def test_what_is_not_of_the_type_is_refused(kind: ParameterType, text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        canonical(kind, text, field="Device.Some.Path")

    assert refusal.value.rule == "type"
    assert refusal.value.field == "Device.Some.Path"
    assert refusal.value.remedy


@pytest.mark.parametrize("kind", sorted(set(T) - {T.STRING}))
def test_a_refusal_does_not_repeat_what_was_sent(kind: ParameterType) -> None:
    with pytest.raises(InvalidValue) as refusal:
        canonical(kind, "my dog's name!")

    assert "dog" not in str(refusal.value)


@given(st.sampled_from(ParameterType), st.text(max_size=40))
def test_whatever_comes_in_the_canonical_form_is_its_own(kind: ParameterType, text: str) -> None:
    try:
        once = canonical(kind, text)
    except InvalidValue:
        return

    assert canonical(kind, once) == once


@given(st.integers(min_value=-(2**31), max_value=2**31 - 1), st.integers(0, 5))
def test_a_number_is_read_back_whatever_zeros_it_had(number: int, zeros: int) -> None:
    text = f"{'-' if number < 0 else ''}{'0' * zeros}{abs(number)}"

    assert canonical(T.INT, text) == str(number)


@given(st.binary(max_size=40))
def test_octets_have_one_hexadecimal_form(octets: bytes) -> None:
    assert canonical(T.HEX_BINARY, octets.hex()) == canonical(T.HEX_BINARY, octets.hex().upper())


@given(
    st.datetimes(min_value=datetime(1002, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_has_one_form_in_every_zone(moment: datetime, minutes: int) -> None:
    there = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    utc = there.astimezone(UTC).isoformat().replace("+00:00", "Z")

    assert canonical(T.DATE_TIME, there.isoformat()) == utc
