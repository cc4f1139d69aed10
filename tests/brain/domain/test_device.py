"""A device is named once and safely, and one that was never heard from was not seen."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from brain.domain.device import Device, device_id
from brain.domain.identity import TenantId

NOW = datetime(2026, 1, 1, tzinfo=UTC)
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


def test_a_device_never_heard_from_was_not_seen() -> None:
    device = Device(
        id=device_id("00D09E", "G1", "1"),
        tenant=TenantId("t"),
        oui="00D09E",
        product_class="G1",
        serial="1",
    )

    assert not device.seen_within(timedelta(days=999), now=NOW)
