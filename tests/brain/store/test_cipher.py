"""What is sealed opens with its key, in its place, unaltered; otherwise it is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.domain.errors import InvalidInput, Unreadable
from brain.store.cipher import Cipher

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
PLACE = b"plans\0north\0d1"


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_is_sealed_opens_again(message: bytes, place: bytes) -> None:
    sealed = Cipher(KEY).encrypt(message, place)

    assert Cipher(KEY).decrypt(sealed, place) == message
    assert len(message) < 4 or message not in sealed


def test_the_same_message_is_sealed_differently_each_time() -> None:
    cipher = Cipher(KEY)

    assert cipher.encrypt(b"once", PLACE) != cipher.encrypt(b"once", PLACE)


def test_another_key_opens_nothing() -> None:
    sealed = Cipher(KEY).encrypt(b"secret", PLACE)

    with pytest.raises(Unreadable, match="under a key that was not given") as caught:
        Cipher(OTHER).decrypt(sealed, PLACE)

    assert caught.value.remedy


def test_another_place_opens_nothing() -> None:
    sealed = Cipher(KEY).encrypt(b"secret", PLACE)

    with pytest.raises(Unreadable, match="altered"):
        Cipher(KEY).decrypt(sealed, b"plans\0south\0d1")


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_altered_byte_is_noticed(at: int, flip: int) -> None:
    sealed = bytearray(Cipher(KEY).encrypt(b"secret", PLACE))
    sealed[at % len(sealed)] ^= flip

    with pytest.raises(Unreadable):
        Cipher(KEY).decrypt(bytes(sealed), PLACE)


@given(st.integers(min_value=0, max_value=38))
def test_any_cut_is_noticed(length: int) -> None:
    sealed = Cipher(KEY).encrypt(b"secret", PLACE)
    assert len(sealed) == 39

    with pytest.raises(Unreadable):
        Cipher(KEY).decrypt(sealed[:length], PLACE)


def test_after_a_rotation_old_messages_open_and_new_ones_are_under_the_new_key() -> None:
    old = Cipher(KEY).encrypt(b"old", PLACE)
    rotated = Cipher(OTHER, KEY)

    assert rotated.decrypt(old, PLACE) == b"old"
    assert Cipher(OTHER).decrypt(rotated.encrypt(b"new", PLACE), PLACE) == b"new"


def test_looking_up_still_works_after_a_rotation() -> None:
    assert Cipher(OTHER, KEY).blind("novak", PLACE) == Cipher(KEY).blind("novak", PLACE)
    assert Cipher(OTHER).blind("novak", PLACE) != Cipher(KEY).blind("novak", PLACE)
    assert Cipher(KEY).blind("novak", b"elsewhere") != Cipher(KEY).blind("novak", PLACE)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        Cipher(bytes(length))

    assert caught.value.field == "key"
