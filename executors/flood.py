"""How much one agent may send: a bucket that fills with time. No I/O, no clock."""


class Flood:
    """Takes ``rate`` records a second over time, and ``burst`` at once."""

    __slots__ = ("_burst", "_level", "_rate", "_seen")

    def __init__(self, *, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst = rate, burst
        self._level, self._seen = burst, now

    def takes(self, now: float) -> bool:
        """Whether one more is within it."""
        level = self._level + (now - self._seen) * self._rate
        self._seen = now
        taken = level >= 1
        self._level = (level if level < self._burst else self._burst) - taken
        return taken
