"""The TCP connections of devices: how many, from where, how slow, and what they are served with."""

import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from executors.acs.asgi import Answer
from executors.acs.deadlines import Deadlines
from executors.acs.request import Request
from executors.acs.turns import Turns

_SPARE = 512
"""File descriptors for the store, the console and what we call ourselves."""

Met = Callable[[Answer], None]
Meet = Callable[[Request, Met], None]
"""A whole request, and whom to tell the answer, at once or later."""

SERVER_OPTIONS: Final[dict[str, Any]] = {
    "timeout_keep_alive": 75,
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
    "access_log": False,
    "ws": "none",
    "lifespan": "off",
    "backlog": 128,
}
"""For ``uvicorn.Config``. A proxy in front must not share its connections among devices.

asyncio takes in as many connections at once as ``backlog`` says, before anything else is done.
Whoever listens may let more of them wait (``executors.accept_queue``).
"""


def most_connections() -> int:
    """As many as this process may have open, with some to spare for everything else."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(limit - _SPARE, limit // 2)


@dataclass(slots=True, kw_only=True)
class Connections:
    """Counts what is open, in all and by source address."""

    meet: Meet
    unheard: Callable[[], int]
    """The seconds for one that there is no room to hear."""
    most: int = field(default_factory=most_connections)
    most_of_a_source: int = 2_000
    """Many homes may stand behind one address."""
    patience: float = 30.0
    """Seconds that the head of a request may take, and one that is plain as a whole."""
    open: int = 0
    refused: int = 0
    parting: int = 0
    """Refused, and not gone yet: closed at once, what they send would undo the answer."""
    turns: Turns = field(default_factory=Turns)
    """In which what they say is looked at."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    """For those that were plain so far."""
    _sources: Counter[str] = field(default_factory=Counter)

    def enter(self, source: str) -> bool:
        """Whether one more may be open from there; then it is counted until ``leave``."""
        if self.open >= self.most or self._sources[source] >= self.most_of_a_source:
            self.refused += 1
            return False
        self.open += 1
        self._sources[source] += 1
        return True

    def leave(self, source: str) -> None:
        """It was closed."""
        self.open -= 1
        self._sources[source] -= 1
        if not self._sources[source]:
            del self._sources[source]
