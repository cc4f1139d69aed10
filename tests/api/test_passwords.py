"""Passwords are long rather than odd, hashed with argon2id, and checked as long for nobody."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from api.passwords import Passwords
from brain.domain.errors import InvalidInput

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
GOOD = "four words of her own"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "            spaces count too",
        "ein schöner Sommertag",
        "这是一个很长的密码足够长了吧真的",
        "a" * 8 + "bcdxyzuvw" + "q" * 239,
    ],
)
async def test_length_is_enough_and_no_kind_of_character_is_asked_for(password: str) -> None:
    passwords = Passwords(CHEAP)

    kept = await passwords.hash(password, name="ana")

    assert (await passwords.check(kept, password)).right
    assert password not in kept


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "0 characters"),
        ("fourteen chars", "14 characters"),
        ("x1" * 129, "258 characters"),
        ("passwordpassword", "first that are guessed"),
        ("Password-Password-Password", "first that are guessed"),
        ("qwertyuiop123456", "first that are guessed"),
        ("correct horse battery staple", "first that are guessed"),
        ("aaaaaaaaaaaaaaaaaaaa", "first that are guessed"),
        ("abcdefghijklmnopq", "first that are guessed"),
        ("123456789012345678", "first that are guessed"),
        ("!!!!!!!!!!!!!!!!!!!!", "first that are guessed"),
        ("annabellannabellX", "little more than"),
        ("Gatewright-2026!", "little more than"),
    ],
)
async def test_what_is_short_or_guessed_first_is_refused(password: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        await Passwords(CHEAP).hash(password, name="annabell")

    assert refused.value.field == "password"
    assert password == "" or password not in str(refused.value)


async def test_another_password_is_wrong_however_near() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash(GOOD, name="ana")

    for other in (GOOD.upper(), GOOD + " ", GOOD[:-1], "", "x" * 10_000, "\0"):
        assert not (await passwords.check(kept, other)).right


async def test_the_same_characters_from_another_keyboard_are_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("caf\u00e9 au lait deux fois", name="ana")

    assert (await passwords.check(kept, "cafe\u0301 au lait deux fois")).right


async def test_where_nothing_is_kept_the_work_is_the_same_and_the_answer_no() -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(str(hash))
            return super().verify(hash, password)

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)

    assert not (await Passwords(hasher).check(None, GOOD)).right
    assert not (await Passwords(hasher).check(None, "\0")).right
    assert len(verified) == 2
    assert extract_parameters(verified[0]) == extract_parameters(hasher.hash(GOOD))


async def test_a_damaged_hash_is_nobodys_password() -> None:
    for kept in ("", "$argon2id$", "plain text", GOOD):
        assert not (await Passwords(CHEAP).check(kept, GOOD)).right


async def test_a_hash_of_older_parameters_is_made_anew_when_its_password_is_seen() -> None:
    kept = await Passwords(CHEAP).hash(GOOD, name="ana")
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    checked = await stronger.check(kept, GOOD)
    again = await stronger.check(checked.rehashed, GOOD)

    assert checked.right
    assert extract_parameters(checked.rehashed).time_cost == 2
    assert (again.right, again.rehashed) == (True, "")
    assert (await stronger.check(kept, "wrong words altogether")).rehashed == ""


async def test_the_usual_parameters_are_those_that_are_advised() -> None:
    used = extract_parameters(await Passwords().hash(GOOD, name="ana"))

    assert used.type is Type.ID
    assert (used.memory_cost, used.time_cost) >= (64 * 1024, 3)
