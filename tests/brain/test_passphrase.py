"""A new passphrase can be read out over a telephone and typed without doubt."""

from brain.passphrase import new_passphrase


def test_it_has_a_length_that_every_device_takes() -> None:
    assert 8 <= len(new_passphrase()) <= 63  # IEEE 802.11: a passphrase of ASCII characters


def test_no_letter_looks_or_sounds_like_another() -> None:
    spoken = "".join(new_passphrase() for _ in range(200))

    assert not set(spoken) & set("ilo01IO")


def test_no_two_are_the_same() -> None:
    assert len({new_passphrase() for _ in range(500)}) == 500
