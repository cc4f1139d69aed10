"""Commands that take long: who waits for the end of which, by agent and command key."""

import asyncio
from dataclasses import dataclass, field

from executors.usp.requests import CommandFailure, OperationComplete, OutputArgs

End = OutputArgs | CommandFailure


@dataclass(slots=True)
class Completions:
    """A key is waited for before the command leaves, since its end may overtake the answer."""

    _awaited: dict[tuple[str, str], "asyncio.Future[End]"] = field(default_factory=dict)

    def expect(self, endpoint: str, key: str) -> "asyncio.Future[End]":
        """Its end, once the agent tells it; ``forget`` it when nobody waits any more."""
        end: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self._awaited[endpoint, key] = end
        return end

    def forget(self, endpoint: str, key: str) -> None:
        """Nobody waits for it any more."""
        self._awaited.pop((endpoint, key), None)

    def told(self, endpoint: str, complete: OperationComplete) -> None:
        """The agent says that a command came to its end; nothing happens if it was another's."""
        end = self._awaited.get((endpoint, complete.command_key))
        if end is not None and not end.done():
            end.set_result(complete.operation_resp)
