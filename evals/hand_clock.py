"""A clock that is moved by hand: time in workbenches and virtual worlds."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it was set to."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.now += timedelta(seconds=seconds)
