"""Binding requests of devices, byte for byte, and what they are answered (RFC 3489, annex G)."""

import hmac
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.acs.stun import BindingRequest, read, response, unauthorized

TRANSACTION = bytes(range(16))
BINDING = b"\xc0\x01\x00\x14dslforum.org/TR-111 "
NAME = b"\x00\x06\x00\x08box-1   "


def request(*attributes: bytes, transaction: bytes = TRANSACTION) -> bytes:
    body = b"".join(attributes)
    return struct.pack("!HH", 1, len(body)) + transaction + body


def signed(password: bytes, *attributes: bytes) -> bytes:
    """As RFC 3489 section 11.2.8 has it: over what is before it, padded to 64 bytes."""
    before = request(*attributes)
    before = before[:2] + struct.pack("!H", len(before) - 20 + 24) + before[4:]
    padded = before + bytes(-len(before) % 64)
    return before + b"\x00\x08\x00\x14" + hmac.digest(password, padded, "sha1")


def heard(datagram: bytes) -> BindingRequest:
    found = read(datagram)
    assert found is not None
    return found


def test_a_device_says_who_it_is_and_what_the_binding_is_for() -> None:
    found = heard(signed(b"wake", BINDING, NAME))

    assert (found.username, found.binding, found.reply_to) == ("box-1", True, None)
    assert found.is_signed_by("wake")


@pytest.mark.parametrize("password", ["other", ""])
def test_another_password_did_not_sign_it(password: str) -> None:
    assert not heard(signed(b"wake", BINDING, NAME)).is_signed_by(password)


def test_what_is_not_signed_is_signed_by_nobody() -> None:
    assert not heard(request(BINDING, NAME)).is_signed_by("wake")


def test_what_was_altered_is_signed_by_nobody() -> None:
    altered = signed(b"wake", BINDING, NAME).replace(b"box-1", b"box-2")

    assert heard(altered).username == "box-2"
    assert not heard(altered).is_signed_by("wake")


def test_what_comes_behind_the_signature_counts_for_nothing() -> None:
    whole = signed(b"wake", BINDING)
    behind = whole[:2] + struct.pack("!H", len(whole) - 20 + len(NAME)) + whole[4:] + NAME

    assert heard(behind).username == ""


def test_the_answer_says_where_it_came_from() -> None:
    answer = response(heard(request()), ("192.0.2.7", 4000), ("198.51.100.1", 3478))

    assert answer[:4] == b"\x01\x01\x00\x18"
    assert answer[4:20] == TRANSACTION
    assert answer[20:32] == b"\x00\x01\x00\x08\x00\x01\x0f\xa0\xc0\x00\x02\x07"
    assert answer[32:] == b"\x00\x04\x00\x08\x00\x01\x0d\x96\xc6\x33\x64\x01"


def test_a_client_with_the_cookie_is_told_it_masked_too() -> None:
    asked = heard(request(transaction=b"\x21\x12\xa4\x42" + bytes(12)))

    answer = response(asked, ("192.0.2.7", 4000), ("198.51.100.1", 3478))

    assert b"\x00\x20\x00\x08\x00\x01\x2e\xb2\xe1\x12\xa6\x45" in answer


def test_an_unsigned_one_is_asked_to_say_who_it_is() -> None:
    answer = unauthorized(heard(request(BINDING)))

    assert answer[:2] == b"\x01\x11"
    assert answer[20:28] == b"\x00\x09\x00\x10\x00\x00\x04\x01"


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"GET / HTTP/1.1",
        request()[:19],
        request(b"\x00\x06\x00\x40torn"),
        b"\x01\x01" + request()[2:],
        request(bytes(600)),
    ],
)
def test_anything_else_is_not_answered(datagram: bytes) -> None:
    assert read(datagram) is None


@given(st.binary(max_size=600))
def test_no_datagram_breaks_it(datagram: bytes) -> None:
    found = read(b"\x00\x01" + len(datagram).to_bytes(2, "big") + bytes(16) + datagram)

    assert found is None or not found.is_signed_by("wake")
