"""Slows guessing down by address and account; counted in the store, so a restart helps nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

import structlog

from api.problems import TooMany
from brain.domain.ports import Clock
from brain.store.store import Store
from brain.store.transaction import Transaction

_FORGOTTEN_AFTER = timedelta(hours=1)
_log = structlog.get_logger("gatewright.api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many guesses are free; after those each waits twice as long as the one before."""

    free: int
    first: timedelta
    most: timedelta = timedelta(minutes=15)

    def wait(self, tries: int) -> timedelta:
        """How long to wait after so many."""
        over = tries - self.free
        return min(self.first * 2 ** min(over, 16), self.most) if over >= 0 else timedelta()


ACCOUNT = Patience(free=5, first=timedelta(seconds=30))
"""At most about a hundred guesses a day at one name, from wherever."""
ADDRESS = Patience(free=20, first=timedelta(minutes=1))
TOKENS = Patience(free=30, first=timedelta(minutes=1))
"""More: a token has 256 random bits, and a whole site may stand behind one address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that guesses are counted for."""

    key: str
    patience: Patience


def from_address(address: str) -> Subject:
    """Passwords tried from an address."""
    return Subject(key=f"address {_place(address)}", patience=ADDRESS)


def at_account(name: str) -> Subject:
    """Passwords tried at a name, whether or not anybody has it."""
    return Subject(key=f"account {name}", patience=ACCOUNT)


def tokens_from(address: str) -> Subject:
    """Wrong tokens and wrong answers of the identity provider, from an address."""
    return Subject(key=f"tokens {_place(address)}", patience=TOKENS)


@dataclass(frozen=True, slots=True)
class Throttle:
    """A guess is counted first and judged then: a thousand at once are a thousand."""

    store: Store
    clock: Clock

    async def count(self, *subjects: Subject) -> bool:
        """Count a guess for each, or raise TooMany, and count nothing, while one has to wait.

        Whether this guess is one that makes the next one wait.
        """
        now = self.clock()
        async with self.store.begin() as tx:  # which counts nothing when it raises
            tries = [await _counted(tx, each, now) for each in subjects]
        held = any(n >= each.patience.free for n, each in zip(tries, subjects, strict=True))
        if held:
            _log.warning("guesses_held", kinds=[each.key.split()[0] for each in subjects])
        return held

    async def check(self, *subjects: Subject) -> None:
        """Raise TooMany while one of them has to wait. Counts nothing."""
        now = self.clock()
        async with self.store.read() as tx:
            for each in subjects:
                _check(await tx.guesses.held_until(each.key), now)

    async def succeeded(self, *, account: Subject | None = None, address: Subject) -> None:
        """It was no guess: forget those at the account, take this one off the address.

        Not more off the address: whoever has an account of their own could guess at others' for
        ever.
        """
        async with self.store.begin() as tx:
            if account is not None:
                await tx.guesses.drop(account.key)
            await tx.guesses.give_back(address.key)
            await tx.guesses.hold(address.key, None)


async def _counted(tx: Transaction, subject: Subject, now: datetime) -> int:
    # Counted before it is looked whether to wait: from then on others wait for this transaction.
    tries = await tx.guesses.count(subject.key, now=now, stale=now - _FORGOTTEN_AFTER)
    _check(await tx.guesses.held_until(subject.key), now)
    wait = subject.patience.wait(tries)
    await tx.guesses.hold(subject.key, now + wait if wait else None)
    return tries


def _check(until: datetime | None, now: datetime) -> None:
    if until is not None and now < until:
        seconds = ceil((until - now).total_seconds())
        raise TooMany(
            "too many wrong tries",
            remedy=f"Wait {seconds} seconds and try again.",
            retry_after=seconds,
        )


def _place(address: str) -> str:
    """An IPv6 network of 64 bits is one place: whoever has one address of it has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)
