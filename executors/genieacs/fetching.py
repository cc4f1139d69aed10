"""Firmware through GenieACS: one download task, followed until its end is seen.

GenieACS calls the task done when the device has promised to fetch, and serves only its own files,
without a checksum. How it ended is a row of ``Downloads`` or a fault, in a later session.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from brain.domain.canonical import Json
from brain.domain.change import Command
from brain.domain.device import Device
from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from brain.domain.outcome import Outcome, Progress
from brain.domain.ports import Clock
from executors.acs.fetching import NEVER_STARTED
from executors.acs.plans import refused, unknown
from executors.acs.transfers import FIRMWARE
from executors.genieacs.documents import Remembered, parameters
from executors.genieacs.names import is_file_name
from executors.genieacs.nbi import Document, Nbi
from executors.genieacs.options import GenieOptions
from executors.genieacs.reading import Sleep
from executors.genieacs.tasks import Came, End, Errands

_SILENCE_IS_SUCCESS: Final = "cwmp.downloadSuccessOnTimeout"
_ROWS: Final = "Downloads"
_LOST: Final = (
    "it is still under way, or its end was not told; should it fail, GenieACS may try it again"
    " by itself"
)
_NO_ANSWER = (DeviceUnreachable, OutcomeUnknown, ControllerRefused)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A device has promised to fetch: by which task which file, and what was there before."""

    task: str
    file: str
    before: Mapping[str, Remembered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """One file to one device, asked for once."""

    nbi: Nbi
    errands: Errands
    clock: Clock
    options: GenieOptions
    sleep: Sleep

    async def begin(
        self,
        device: Device,
        name: str,
        command: Command,
        send: Callable[[Document], Awaitable[End]],
    ) -> Outcome | UnderWay:
        """Have it promise to fetch. DeviceUnreachable or Halted when nothing was sent."""
        given = dict(command.arguments)
        file = self._named(given.get("URL", ""))
        try:
            why = await self._unfit(device, file, given.get("FileSize", ""))
            before = await self._rows(name)
        except (ControllerRefused, OutcomeUnknown) as error:
            raise DeviceUnreachable(f"it was not sent, since {error.message}") from None
        if why:
            return refused(why, at=self.clock())
        end = await send({"name": "download", "fileType": FIRMWARE, "fileName": file})
        return UnderWay(end.task, file, before) if end.came is Came.ENDED else self._ended(end)

    async def end(self, name: str, fetch: UnderWay) -> Outcome:
        """What became of it."""
        until = self.clock() + self.options.transfer_patience
        while self.clock() < until:
            await self.sleep(self.options.look_every.total_seconds())
            try:
                failed = await self.errands.fault(name, fetch.task)
                if failed is not None:
                    return self._ended(failed)
                if _is_done(fetch, await self._rows(name)):
                    return Outcome(progress=Progress.APPLIED, at=self.clock())
            except _NO_ANSWER:
                continue  # it is asked again; the device goes on by itself
        return unknown(_LOST, at=self.clock())

    def _named(self, url: str) -> str:
        """The file that this address is of; empty for one that GenieACS would not send."""
        site = self.options.files
        file = url.removeprefix(site) if site and url.startswith(site) else ""
        return file if is_file_name(file) else ""

    async def _unfit(self, device: Device, file: str, size: str) -> str:
        """Why it is not asked for, in words; empty when it may be."""
        if not self.options.files:
            return (
                "nobody has said where devices find GenieACS's files: set GATEWRIGHT_GENIEACS_FILES"
            )
        if not file:
            return f"GenieACS has devices fetch from {self.options.files} alone, by a plain name"
        if await self._is_silence_success():
            return f"GenieACS takes silence for success: take {_SILENCE_IS_SUCCESS} out of it first"
        rows = await self.nbi.list("files", {"_id": file})
        if not rows:
            return f"GenieACS has no file {file}"
        return _unlike(device, rows[0], size)

    async def _is_silence_success(self) -> bool:
        rows = await self.nbi.list("config", {"_id": _SILENCE_IS_SUCCESS})
        return any(str(row.get("value")).strip().lower() not in ("false", "0", "") for row in rows)

    async def _rows(self, name: str) -> Mapping[str, Remembered]:
        return parameters(await self.nbi.device(name, [_ROWS]))

    def _ended(self, end: End) -> Outcome:
        never = end.came is Came.REFUSED and _never_started(end.fault)
        progress = Progress.REFUSED if never else Progress.UNKNOWN
        return Outcome(progress=progress, at=self.clock(), detail=end.detail, fault=end.fault)


def _never_started(fault: str) -> bool:
    return fault.isdecimal() and int(fault) in NEVER_STARTED


def _unlike(device: Device, row: Mapping[str, Json], size: str) -> str:
    about = row.get("metadata")
    said = about if isinstance(about, dict) else {}
    if said.get("fileType") != FIRMWARE:
        return "GenieACS has that file, and not as firmware"
    for leaf, ours in (("oui", device.oui), ("productClass", device.product_class)):
        if said.get(leaf) not in (None, "", ours):
            return f"GenieACS has that file for other devices: its {leaf} is another"
    if size and str(row.get("length")) != size:
        return "GenieACS has that file in another size"
    return ""


def _is_done(fetch: UnderWay, now: Mapping[str, Remembered]) -> bool:
    """Whether a row of this file has ended since: both its end and its name were told anew."""
    for path, each in now.items():
        if not path.endswith(".CompleteTime") or not _moved(path, fetch.before, now):
            continue
        row = path.removesuffix("CompleteTime")
        # The last one may be the type of the file instead, where the device was done at once.
        names = [now.get(f"{row}{leaf}") for leaf in ("FileName", "LastFileName")]
        if each.value and any(one is not None and one.value == fetch.file for one in names):
            return _moved(f"{row}LastDownload", fetch.before, now)
    return False


def _moved(path: str, before: Mapping[str, Remembered], now: Mapping[str, Remembered]) -> bool:
    each, earlier = now.get(path), before.get(path)
    return each is not None and (earlier is None or each.at > earlier.at)
