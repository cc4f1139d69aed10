"""A device is named once, and safely."""

from hypothesis import given
from hypothesis import strategies as st

from brain.domain.device import device_id

parts = st.text(max_size=6)


@given(one=st.tuples(parts, parts, parts), two=st.tuples(parts, parts, parts))
def test_no_two_identities_share_an_id(
    one: tuple[str, str, str], two: tuple[str, str, str]
) -> None:
    assert (device_id(*one) == device_id(*two)) is (one == two)


@given(parts)
def test_an_id_is_safe_in_a_url_and_a_file_name(serial: str) -> None:
    name = device_id("00D09E", "G 1/2", serial)

    assert not set(name) & set("/ \\?#&:\n\x00")
