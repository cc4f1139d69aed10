"""One thread that answers questions one after the other, and knows how long it has been at one."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable

Ready = TypeVar("Ready")

PREPARING = 60.0
"""Seconds that a thread has to compile the rules: once, and on a machine that may be busy."""


@dataclass(kw_only=True, eq=False)
class Lane(Generic[Ready]):
    """A thread with what it alone uses. A question's time begins when the thread takes it up."""

    prepare: Callable[[], Ready]
    """Makes what the thread answers with; called in it, before the first question."""
    limit: float
    """Seconds that one question may take."""
    room: int
    """How many questions may be waited for; one more is refused."""
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="policy")
    )
    _asked: set[Future[Json]] = field(default_factory=set)
    _ready: Ready | None = None
    _due: float | None = None

    def begin(self) -> Future[Ready]:
        """Have the thread prepare itself. Raises what ``prepare`` raises, when it is waited for."""
        return self._thread.submit(self._prepared)

    def take(self, answer: Callable[[Ready], Json]) -> "Future[Json]":
        """Have this answered after all that was taken before. Raises PolicyUnavailable when full.

        It is cancelled when the lane is left while it waits. Raises RuntimeError for a lane that
        was left.
        """
        if len(self._asked) >= self.room:
            raise PolicyUnavailable(
                f"the policy engine is busy: {self.room} questions wait", remedy="Try again."
            )
        taken = self._thread.submit(self._timed, answer)
        self._asked.add(taken)
        taken.add_done_callback(self._asked.discard)
        return taken

    @property
    def stuck(self) -> bool:
        """Whether it is at something for longer than that may take."""
        return self._patience() <= 0

    @property
    def look_again(self) -> float:
        """Seconds after which it may be stuck: it may have taken up the next thing by then."""
        return min(max(self._patience(), 0), self.limit)

    def leave(self) -> None:
        """Take no more questions, and cancel what waits. What runs cannot be stopped."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _timed(self, answer: Callable[[Ready], Json]) -> Json:
        ready = self._prepared()
        self._due = monotonic() + self.limit
        try:
            return answer(ready)
        finally:
            self._due = None

    def _patience(self) -> float:
        due = self._due
        return self.limit if due is None else due - monotonic()

    def _prepared(self) -> Ready:
        if self._ready is None:
            self._due = monotonic() + max(PREPARING, self.limit)
            try:
                self._ready = self.prepare()
            finally:
                self._due = None
        return self._ready
