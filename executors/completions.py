"""Commands that take long: who waits for the end of which, by device and command key."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, TypeVar

End = TypeVar("End")


@dataclass(slots=True)
class Completions(Generic[End]):
    """A key is waited for before the command leaves, since its end may overtake the answer."""

    _awaited: "dict[tuple[str, str], asyncio.Future[End]]" = field(default_factory=dict)

    def expect(self, device: str, key: str) -> "asyncio.Future[End]":
        """Its end, once the device tells it; ``forget`` it when nobody waits any more."""
        end: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self._awaited[device, key] = end
        return end

    def forget(self, device: str, key: str) -> None:
        """Nobody waits for it any more."""
        self._awaited.pop((device, key), None)

    def told(self, device: str, key: str, end: End) -> None:
        """The device says how a command ended; nothing happens if it was another's."""
        awaited = self._awaited.get((device, key))
        if awaited is not None and not awaited.done():
            awaited.set_result(end)
