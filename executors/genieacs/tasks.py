"""Hands one task that changes something to a device, and makes sure that none is left waiting."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from brain.domain.canonical import Json
from brain.domain.errors import DeviceUnreachable, GatewrightError, OutcomeUnknown
from executors.acs.faults import meaning
from executors.genieacs.nbi import Document, Nbi, Ran
from executors.genieacs.reading import Sleep

_TRIES, _PAUSE = 8, 5.0
"""How often a device in a session is waited for before its task is left alone."""


class Came(StrEnum):
    """What is known of a task that changes something."""

    ENDED = "ended"
    """Its session ended without a fault; what that means the device has to show."""
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class End:
    """How it ended, in our own words."""

    came: Came
    detail: str = ""
    fault: str = ""
    task: str = ""
    """Its number in GenieACS, where it ended without a fault: a fault may come later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errands:
    """Sends tasks, each with a key by which an older one of the same change is replaced."""

    nbi: Nbi
    sleep: Sleep = asyncio.sleep

    async def send(self, device: str, what: Document, *, key: str, expiry: float) -> End:
        """Send it and say how it ended. DeviceUnreachable when it certainly never ran and never
        will."""
        task = {**what, "uniqueKey": key, "expiry": max(1, int(expiry))}
        try:
            answered = await self.nbi.task(device, task)
        except OutcomeUnknown as lost:
            return await self._after_silence(device, key, lost.message)
        if answered.ran is Ran.QUEUED:
            return await self._withdrawn(device, answered.id)
        return await self.fault(device, answered.id) or End(Came.ENDED, task=answered.id)

    async def _after_silence(self, device: str, key: str, why: str) -> End:
        try:
            rows = await self.nbi.list("tasks", {"device": device, "uniqueKey": key})
            for row in rows:
                await self._withdraw(str(row.get("_id", "")))
        except GatewrightError:
            return End(Came.UNKNOWN, f"{why}, and the task may still be waiting in GenieACS")
        return End(Came.UNKNOWN, why)

    async def _withdrawn(self, device: str, task: str) -> End:
        gone = await self._withdraw(task)
        if gone is None:
            detail = "the device is in a session, and its task could not be taken back"
            return End(Came.UNKNOWN, detail)
        if not gone:
            return End(Came.UNKNOWN, "the task ran before it could be taken back")
        raise DeviceUnreachable(
            "the device did not come for it in time; the task was taken back",
            remedy="Check that it is on and online, then try again.",
        )

    async def _withdraw(self, task: str) -> bool | None:
        """Whether it was there still; None when its device stays in a session."""
        for _ in range(_TRIES):
            gone = await self.nbi.withdraw(task)
            if gone is not None:
                return gone
            await self.sleep(_PAUSE)
        return None

    async def fault(self, device: str, task: str) -> End | None:
        """The fault of this task, taken away so that GenieACS does not try the task again."""
        rows = await self.nbi.list("faults", {"_id": f"{device}:task_{task}"})
        if not rows:
            return None
        code = str(rows[0].get("code", ""))
        for _ in range(_TRIES):
            if await self.nbi.forget_fault(device, task):
                break
            await self.sleep(_PAUSE)
        else:
            return End(Came.UNKNOWN, "it failed, and GenieACS may try it again by itself")
        if not code.startswith("cwmp."):
            return End(Came.UNKNOWN, f"the session broke: {_ours(code)}")
        fault = _code(code)
        named = _named(rows[0].get("detail"))
        words = f"{fault} {meaning(int(fault))}" if fault else "a fault that cannot be read"
        return End(Came.REFUSED, words + (f" ({'; '.join(named)})" if named else ""), fault)


def _code(text: str) -> str:
    number = text.removeprefix("cwmp.")
    return number if number.isascii() and number.isdecimal() and len(number) <= 5 else ""


def _named(detail: Json) -> list[str]:
    """Which parameters were wrong and how, without a word of the device's."""
    told = detail.get("setParameterValuesFault") if isinstance(detail, dict) else None
    found = []
    for each in told[:8] if isinstance(told, list) else []:
        if isinstance(each, dict):
            code = _code(str(each.get("faultCode", "")))
            why = f"{code} {meaning(int(code))}" if code else "a fault that cannot be read"
            found.append(f"{str(each.get('parameterName', ''))[:256]}: {why}")
    return found


_MACHINE = frozenset(
    {"session_terminated", "timeout", "invalid_response", "too_many_rpcs", "too_many_commits"}
)


def _ours(code: str) -> str:
    return code.replace("_", " ") if code in _MACHINE else "a fault of GenieACS's own"
