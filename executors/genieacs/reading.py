"""Reads a device through GenieACS and believes only what is proved to be read now.

What GenieACS remembers may be hours old, so every value counts only where its timestamp has moved.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from executors.genieacs.documents import Remembered, parameters
from executors.genieacs.nbi import Document, Nbi, Ran

Sleep = Callable[[float], Awaitable[None]]
_TRIES = 3
_MARKS = 10_000


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a device said just now, by its own names, and the documents before and after."""

    said: Mapping[str, Remembered]
    before: Document
    after: Document


@dataclass(slots=True, kw_only=True)
class FreshReading:
    """Reads devices; remembers which values were lost on the way."""

    nbi: Nbi
    settle: float
    """Seconds after which GenieACS reads again what it read before."""
    sleep: Sleep = asyncio.sleep
    _lost: dict[tuple[str, str], None] = field(default_factory=dict)

    async def read(self, device: str, names: Sequence[str]) -> Fresh:
        """These parameters and objects (ending in a dot); what the device does not have is absent.

        Raises DeviceUnreachable when it does not come, with nothing left behind, and
        ControllerRefused when it came and something of this was not read.
        """
        branches = [name.rstrip(".") for name in names]
        before = await self.nbi.device(device, branches)
        for _ in range(_TRIES):
            await self._refresh(device, branches)
            after = await self.nbi.device(device, branches)
            old, new = parameters(before), parameters(after)
            stale = [name for name in names if _is_stale(name, old, new)]
            if not stale:
                said = {path: each for path, each in new.items() if _moved(path, old, new)}
                return Fresh(self._without_lost(device, said, old), before, after)
            await self.sleep(self.settle)  # it was read within the last second, so it was not again
        raise ControllerRefused(
            "GenieACS did not read it from the device again", paths=tuple(stale[:8])
        )

    def wrote(self, device: str, paths: Sequence[str]) -> None:
        """These were just written, so they may well be empty."""
        for path in paths:
            self._lost.pop((device, path), None)

    async def _refresh(self, device: str, branches: Sequence[str]) -> None:
        try:
            answered = await self.nbi.task(
                device, {"name": "getParameterValues", "parameterNames": [*branches]}
            )
        except OutcomeUnknown as error:
            raise DeviceUnreachable(f"it could not be read: {error.message}") from None
        if answered.ran is Ran.ENDED:
            return
        if answered.ran is Ran.FAULTED:
            await self.nbi.forget_fault(device, answered.id)
            raise ControllerRefused("the device will not say it")
        await self.nbi.withdraw(answered.id)
        raise DeviceUnreachable(
            "the device did not come in time, and nothing was sent",
            remedy="Check that it is on and online, then try again.",
        )

    def _without_lost(
        self, device: str, said: Mapping[str, Remembered], old: Mapping[str, Remembered]
    ) -> dict[str, Remembered]:
        """GenieACS keeps what a device left out of its answer as an empty text, with the time of
        now: such a value was not said, and taken for a backup it would be written."""
        kept = {}
        for path, each in said.items():
            mark, earlier = (device, path), old.get(path)
            if each.value == "" and each.type == "string":
                had = earlier is not None and (earlier.value or earlier.type not in ("string", ""))
                if had or mark in self._lost:
                    self._mark(mark)
                    continue
            else:
                self._lost.pop(mark, None)
            kept[path] = each
        return kept

    def _mark(self, mark: tuple[str, str]) -> None:
        self._lost[mark] = None
        while len(self._lost) > _MARKS:
            del self._lost[next(iter(self._lost))]


def _moved(path: str, old: Mapping[str, Remembered], new: Mapping[str, Remembered]) -> bool:
    earlier, each = old.get(path), new[path]
    return each.value is not None and bool(each.at) and (earlier is None or each.at > earlier.at)


def _is_stale(name: str, old: Mapping[str, Remembered], new: Mapping[str, Remembered]) -> bool:
    """Whether it is remembered and was not read now; of an object, whether none of it was."""
    found = [path for path in new if path == name or (name[-1] == "." and path.startswith(name))]
    return bool(found) and not any(_moved(path, old, new) for path in found)
