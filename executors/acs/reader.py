"""Reads any number of parameters from a device that may know only some of them.

TR-069 A.3.2.2 answers all or nothing: one unknown name spoils the whole request, and some devices
run out of memory on long lists. So a batch that is refused is halved until what remains is either
answered or one name alone.
"""

from collections.abc import Awaitable, Callable, Sequence

from brain.domain.errors import ControllerRefused, DeviceUnreachable
from executors.acs import messages as m
from executors.acs.faults import INVALID_NAME, RESOURCES_EXCEEDED, advice, sentence
from executors.acs.mailbox import Reply

Ask = Callable[[m.Request], Awaitable[Reply]]
"""Asks one device one thing; reading is always repeatable."""

_MOST_FAULTS = 400
"""A device that refuses more than this is not being read, but worn out."""


class Reading:
    """One reading of one device."""

    def __init__(self, ask: Ask, *, batch: int, lenient: bool = False) -> None:
        self._ask = ask
        self._batch = batch
        self._lenient = lenient
        """Leave out what the device fails to read, instead of failing with it."""
        self._faults = 0

    async def values(self, names: Sequence[str]) -> list[m.ParameterValue]:
        """The values of these parameters and objects; what the device does not have is left out.

        Raises DeviceUnreachable when it stops answering and ControllerRefused when it will not.
        """
        found: list[m.ParameterValue] = []
        waiting = [*reversed([*dict.fromkeys(names)])]
        while waiting:
            batch = [waiting.pop() for _ in range(min(self._batch, len(waiting)))]
            try:
                reply = await self._ask(m.GetParameterValues(tuple(batch)))
            except ControllerRefused:
                if not self._lenient:
                    raise
                continue  # it kills the device
            if isinstance(reply, m.GetParameterValuesResponse):
                found.extend(reply.values)
            elif isinstance(reply, m.Fault):
                found.extend(await self._refused(batch, reply))
            else:
                raise _silent()
        return found

    async def names(self, path: str) -> dict[str, bool]:
        """Every name below ``path``, and whether it is writable; empty when it lists nothing.

        A device that cannot list everything at once is asked object by object. Objects that it
        leaves out, though it lists what is in them, are there and not known to be writable.
        """
        try:
            reply = await self._ask(m.GetParameterNames(path, next_level=False))
        except ControllerRefused:  # it kills the device to list everything at once
            return _with_parents(await self._names_stepwise(path))
        if isinstance(reply, m.GetParameterNamesResponse) and reply.parameters:
            return _with_parents({info.name: info.writable for info in reply.parameters})
        if reply is None:
            raise _silent()
        return _with_parents(await self._names_stepwise(path))

    async def _refused(self, batch: list[str], fault: m.Fault) -> list[m.ParameterValue]:
        self._faults += 1
        if self._faults > _MOST_FAULTS:
            raise _refusal(fault)
        if fault.code == RESOURCES_EXCEEDED:
            self._batch = max(1, min(self._batch, len(batch)) // 2)
        if len(batch) > 1:
            half = len(batch) // 2
            return [*await self.values(batch[:half]), *await self.values(batch[half:])]
        if fault.code == RESOURCES_EXCEEDED and batch[0].endswith("."):
            names = await self.names(batch[0])
            return await self.values([name for name in names if not name.endswith(".")])
        if fault.code == INVALID_NAME or self._lenient:
            return []
        raise _refusal(fault)

    async def _names_stepwise(self, path: str) -> dict[str, bool]:
        reply = await self._ask(m.GetParameterNames(path, next_level=True))
        if not isinstance(reply, m.GetParameterNamesResponse):
            if isinstance(reply, m.Fault):
                raise _refusal(reply)
            raise _silent()
        found = {info.name: info.writable for info in reply.parameters}
        for name in [each for each in found if each.endswith(".") and each != path]:
            below = await self._ask(m.GetParameterNames(name, next_level=False))
            if isinstance(below, m.GetParameterNamesResponse):
                found |= {info.name: info.writable for info in below.parameters}
        return found


def _with_parents(names: dict[str, bool]) -> dict[str, bool]:
    found = dict(names)
    for name in names:
        above = name.rstrip(".").rpartition(".")[0]
        while above and f"{above}." not in found:
            found[f"{above}."] = False
            above = above.rpartition(".")[0]
    return found


def _silent() -> DeviceUnreachable:
    return DeviceUnreachable(
        "the device stopped answering", remedy="Try again when it has come back."
    )


def _refusal(fault: m.Fault) -> ControllerRefused:
    return ControllerRefused(
        f"the device will not say it: {sentence(fault)}. {advice(fault)}", fault=str(fault.code)
    )
