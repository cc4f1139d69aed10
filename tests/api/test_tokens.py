"""API tokens are unguessable and kept only as a hash."""

from api.tokens import looks_like_token, new_token, token_hash


def test_a_token_has_256_random_bits_and_a_prefix() -> None:
    token = new_token()

    assert token.startswith("gwt_")
    assert len(token) == len("gwt_") + 43  # 32 bytes in base 64 without padding
    assert new_token() != token


def test_a_hash_does_not_hold_the_token() -> None:
    token = new_token()

    assert token not in token_hash(token)
    assert token_hash(token) == token_hash(token)
    assert token_hash(token) != token_hash(token + "x")


def test_what_is_no_token_is_not_looked_up() -> None:
    assert looks_like_token(new_token())
    assert not looks_like_token("")
    assert not looks_like_token("hunter2")
    assert not looks_like_token("gwt_" + "x" * 10_000)
