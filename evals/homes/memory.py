"""Remembers what was worked out for a moment: nothing moves but by time and settings."""

from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Memory:
    """Values by name, forgotten as soon as ``moment`` is another one."""

    def __init__(self, moment: Callable[[], object]) -> None:
        self._moment = moment
        self._at: object = None
        self._known: dict[object, object] = {}

    def once(self, name: object, make: Callable[[], Found]) -> Found:
        """What ``make`` gives, asked once per moment."""
        now = self._moment()
        if now != self._at:
            self._at, self._known = now, {}
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]  # type: ignore[return-value]  # one name, one make
