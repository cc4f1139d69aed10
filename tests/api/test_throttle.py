"""Guessing gets slower and slower, by account and by address, and a restart does not help."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.problems import TooMany
from api.throttle import ACCOUNT, ADDRESS, Throttle, at_account, from_address
from brain.store.cipher import Cipher
from brain.store.store import Store
from tests.conftest import FakeClock

HERE = "192.0.2.1"


async def guess(throttle: Throttle, times: int, name: str = "ana", address: str = HERE) -> None:
    for _ in range(times):
        await throttle.count(at_account(name), from_address(address))


async def test_five_guesses_at_an_account_are_free_and_the_next_waits(
    any_store: Store, clock: FakeClock
) -> None:
    throttle = Throttle(any_store, clock)
    await guess(throttle, 5)

    with pytest.raises(TooMany) as held:
        await guess(throttle, 1, address="198.51.100.7")

    assert held.value.retry_after == 30
    clock.advance(seconds=29)
    with pytest.raises(TooMany):
        await guess(throttle, 1)
    clock.advance(seconds=1)
    await guess(throttle, 1)


async def test_each_wait_is_twice_as_long_up_to_a_quarter_of_an_hour(
    store: Store, clock: FakeClock
) -> None:
    throttle, waits = Throttle(store, clock), []
    await guess(throttle, 5)
    for _ in range(7):
        with pytest.raises(TooMany) as held:
            await guess(throttle, 1)
        waits.append(held.value.retry_after)
        clock.advance(seconds=held.value.retry_after)
        await guess(throttle, 1)

    assert waits == [30, 60, 120, 240, 480, 900, 900]


async def test_who_has_to_wait_is_not_counted_again(store: Store, clock: FakeClock) -> None:
    throttle = Throttle(store, clock)
    await guess(throttle, 5)
    for _ in range(50):
        with pytest.raises(TooMany):
            await guess(throttle, 1)

    clock.advance(seconds=30)
    await guess(throttle, 1)


async def test_an_address_that_tries_many_names_waits_and_others_do_not(
    store: Store, clock: FakeClock
) -> None:
    throttle = Throttle(store, clock)
    for n in range(ADDRESS.free):
        await guess(throttle, 1, name=f"name{n}")

    with pytest.raises(TooMany):
        await guess(throttle, 1, name="another")
    await guess(throttle, 1, name="another", address="198.51.100.7")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_network_of_a_home_is_one_place(one: str, other: str, same: bool) -> None:
    assert (from_address(one).key == from_address(other).key) is same


async def test_a_restart_does_not_forget(
    store: Store, clock: FakeClock, tmp_path: Path, cipher: Cipher
) -> None:
    await guess(Throttle(store, clock), 5)
    again = await Store.open(f"sqlite:///{tmp_path / 'gatewright.db'}", cipher)

    with pytest.raises(TooMany):
        await guess(Throttle(again, clock), 1)
    await again.close()


async def test_who_comes_in_is_forgiven_their_own_mistakes(store: Store, clock: FakeClock) -> None:
    throttle, office = Throttle(store, clock), "198.51.100.7"
    await guess(throttle, 4, address=office)
    held = await throttle.count(at_account("ana"), from_address(office))
    await throttle.succeeded(account=at_account("ana"), address=from_address(office))

    await guess(throttle, 5, address=office)
    with pytest.raises(TooMany):
        await guess(throttle, 1, address=office)
    assert held  # it was the fifth, and would have made the next one wait


async def test_an_account_of_ones_own_buys_no_guesses_at_others(
    store: Store, clock: FakeClock
) -> None:
    throttle, tried = Throttle(store, clock), 0
    try:
        for n in range(100):
            await guess(throttle, 1, name=f"victim{n}")
            tried += 1
            await guess(throttle, 1, name="eve")
            await throttle.succeeded(account=at_account("eve"), address=from_address(HERE))
    except TooMany:
        pass

    assert tried == ADDRESS.free


async def test_guesses_are_forgotten_after_an_hour_of_none(store: Store, clock: FakeClock) -> None:
    throttle = Throttle(store, clock)
    await guess(throttle, 5)
    clock.advance(hours=1, seconds=1)

    await guess(throttle, 5)
    with pytest.raises(TooMany):
        await guess(throttle, 1)


def test_a_wait_never_ends_in_a_number_too_large() -> None:
    assert ACCOUNT.wait(10**6) == timedelta(minutes=15)
