"""Ids are unique, sort by time, and fit where they have to travel."""

from datetime import UTC, datetime

from brain.ids import new_id


def at(second: int) -> datetime:
    return datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)


def test_an_id_fits_a_parameter_key() -> None:
    assert len(new_id("chg")) <= 32  # TR-069 A.3.2.1


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    most = new_id("chg", now=lambda: at(1), random=lambda bits: 2**bits - 1)
    least = new_id("chg", now=lambda: at(2), random=lambda bits: 0)

    assert most < least


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id("chg", now=lambda: at(1)) for _ in range(1000)}) == 1000


def test_an_id_is_its_moment_and_its_chance_in_base_32() -> None:
    made = new_id("chg", now=lambda: at(0), random=lambda bits: 2**bits - 1)

    moment = int(at(0).timestamp() * 1000)
    assert made == "chg_" + _base_32(moment << 80 | 2**80 - 1)


def _base_32(number: int) -> str:
    text = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        text = "0123456789abcdefghjkmnpqrstvwxyz"[digit] + text
    return text
