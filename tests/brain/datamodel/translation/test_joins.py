"""Instances get numbers of their own: never two the same, and none that others can move."""

from hypothesis import given
from hypothesis import strategies as st

from brain.datamodel.translation.joins import JOINS, fold, fold_three, interleave, positioned

NUMBERS = st.integers(1, 2**32 - 1)


def test_the_usual_instance_keeps_its_number() -> None:
    assert fold(1, 5) == 5
    assert fold_three(1, 1, 5) == 5
    assert [interleave(1, kind, 3) for kind in (1, 2, 3)] == [1, 2, 3]
    assert JOINS["eth_lan"]({"l": 1, "e": 4}) == 4


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_two_pairs_share_no_number(a: int, b: int, c: int, d: int) -> None:
    one, other = fold(a, b), fold(c, d)

    assert one is None or one != other or (a, b) == (c, d)


@given(NUMBERS, st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 2000))
def test_two_triples_share_no_number(a: int, b: int, c: int, d: int) -> None:
    one, other = fold_three(a, b, c), fold_three(a, c, d)

    assert one is None or one != other or (b, c) == (c, d)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 500), st.integers(1, 500))
def test_rows_of_different_kinds_share_no_number(k: int, m: int, a: int, b: int) -> None:
    assert interleave(a, k, 3) != interleave(b, m, 3) or (a, k) == (b, m)


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_ports_of_lan_and_wan_share_no_number(lan: int, wan: int) -> None:
    inner = JOINS["eth_lan"]({"l": 1, "e": lan})

    assert inner is None or inner != JOINS["eth_wan"]({"v": wan})


def test_a_number_too_large_to_be_told_apart_has_no_row() -> None:
    assert fold(1, 100_000) is None
    assert fold_three(1, 1000, 1) is None
    assert interleave(None, 1, 2) is None
    assert positioned(1, 99) is None
    assert positioned(None, 0) is None
    assert JOINS["port"]({"v": 1, "c": 1, "i": 1000, "m": 1}) is None


def test_the_items_of_a_list_follow_each_other_and_stay_apart_from_the_next_list() -> None:
    assert [positioned(1, place) for place in range(3)] == [1, 2, 3]
    assert positioned(2, 0) == 101
