"""How many sessions a second can be taken in, measured second by second. No clock of its own."""

from collections.abc import Callable

_WINDOW = 1.0
_SMOOTH = 0.3
"""How far one window moves what is thought of the capacity."""
_FULL, _ENOUGH = 0.8, 0.5
"""The share of a processor that sessions may take, and that of the capacity which has to have come
to say anything of it."""
_SENDING_AWAY = 0.1
"""At least so much of what a session takes it takes to send one away: what is left for sessions
while a crowd comes for the first time is not what there will be."""


class Capacity:
    """What leaves a fifth of the processor for whoever reads a device, or looks at the console."""

    def __init__(
        self, *, seconds: Callable[[], float], busy: Callable[[], float], guess: float = 500.0
    ) -> None:
        """``busy``: the seconds of a processor that the thread of sessions has had; ``guess`` is
        what is thought until it was measured.
        """
        self._seconds, self._busy = seconds, busy
        self.a_second = guess
        self._began, self._busy_before = seconds(), busy()
        self._done = self._sent_away = 0

    def done(self) -> None:
        """One more was taken in, and its Inform answered."""
        self._done += 1

    def sent_away(self) -> None:
        """One more was told to come later."""
        self._sent_away += 1

    def passed(self, *, under_way: float, waited_for: bool) -> float:
        """The seconds of a window that has just ended, or 0 while it lasts.

        ``under_way`` is the share of the places that are taken; ``waited_for``: somebody was sent
        away and is not back.
        """
        passed = self._seconds() - self._began
        if passed < _WINDOW:
            return 0.0
        busy = self._busy()
        rate = (self._done + _SENDING_AWAY * self._sent_away) / passed
        load = (busy - self._busy_before) / passed
        if self._sent_away and under_way >= 1 / 4 and load < _FULL:
            self._found(self._done / passed)  # something else than the processor holds it back
        elif waited_for and load > 0 and rate > self.a_second * _ENOUGH:
            self._found(rate * _FULL / load)
        self._began, self._busy_before = self._began + passed, busy
        self._done = self._sent_away = 0
        return passed

    def _found(self, rate: float) -> None:
        self.a_second = max(self.a_second + (rate - self.a_second) * _SMOOTH, 1.0)
