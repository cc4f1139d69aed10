"""Stands in for how GenieACS has devices fetch its files, and what it remembers of that.

A task is done once the device has promised to fetch; how that ended comes in a later session, as
values of a row of ``Downloads`` or as a fault of a task that is gone. There is no checksum.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from brain.domain.canonical import Json
from evals.homes.device_session import DeviceSession
from evals.standins.genieacs.records import Known, Node, Task, iso
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.transfers import Download, DownloadResponse

if TYPE_CHECKING:
    from evals.standins.genieacs.sessions import Genie

SITE: Final = "https://files.example/"
"""Where devices find its files, as its setting ``FS_URL_PREFIX`` has it."""
_KEPT: Final = ";/?:@&=+$,#!*'()"
"""What ``encodeURI`` leaves as it is, beside what ``quote`` does."""


@dataclass(frozen=True, slots=True)
class File:
    """One file; ``about`` is what was said of it when it was put there."""

    body: bytes
    about: dict[str, Json]

    def document(self, name: str) -> dict[str, Json]:
        """As the database has it."""
        return {"_id": name, "length": len(self.body), "metadata": self.about}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A download under way: of which task, into which row, and since when."""

    task: str
    row: str
    file_type: str
    file_name: str
    target: str
    at: datetime


def request(genie: "Genie", task: Task) -> Download:
    """What the device is asked; the address is of its own file server, whatever the file is."""
    name = str(task.what["fileName"])
    file = genie.files.get(name)
    return Download(
        command_key=task.id,
        file_type=str(task.what["fileType"]),
        url=SITE + quote(name, safe=_KEPT),
        file_size=len(file.body) if file is not None else 0,
        target_file_name=str(task.what.get("targetFileName") or ""),
    )


def answered(genie: "Genie", known: Known, task: Task, said: DownloadResponse) -> None:
    """Remember that it is under way, or that it is done already."""
    asked = request(genie, task)
    name = str(task.what["fileName"])
    row = _row(genie, known, asked, name)
    _keep(genie, known, row, Download=iso(genie.clock()))
    if said.status == 0:  # it takes both names from the type: so its source has it
        kind = asked.file_type
        _done(genie, known, row, (kind, kind, kind), genie.clock(), said.start_time)
        return
    genie.operations[known.id, asked.command_key] = Operation(
        task=task.id,
        row=row,
        file_type=asked.file_type,
        file_name=name,
        target=asked.target_file_name,
        at=genie.clock(),
    )


def heard(genie: "Genie", known: Known, talk: DeviceSession) -> None:
    """Take what the device tells of its transfers, before it is given anything to do."""
    for report in talk.reports():
        said = cast(m.TransferComplete, report.message)
        operation = genie.operations.pop((known.id, said.command_key), None)
        if operation is not None and said.fault_code == 0:
            names = (operation.file_type, operation.file_name, operation.target)
            _done(genie, known, operation.row, names, operation.at, said.start_time)
        elif operation is not None:
            code = str(said.fault_code)
            detail: dict[str, Json] = {"faultCode": code, "faultString": said.fault_string}
            genie.failed(known.id, operation.task, f"cwmp.{code}", detail)
        talk.reported(report, Envelope(m.TransferCompleteResponse(), id=report.id))


def _row(genie: "Genie", known: Known, asked: Download, name: str) -> str:
    """The row of exactly this file, a new one where there is none."""
    of = {"FileType": asked.file_type, "FileName": name, "TargetFileName": asked.target_file_name}
    number = 1
    while f"Downloads.{number}" in known.nodes:
        if all(known.nodes[f"Downloads.{number}.{leaf}"].value == of[leaf] for leaf in of):
            return f"Downloads.{number}"
        number += 1
    known.nodes[f"Downloads.{number}"] = Node(True, at=genie.clock(), is_object=True)
    _keep(genie, known, f"Downloads.{number}", **of)
    return f"Downloads.{number}"


def _done(
    genie: "Genie",
    known: Known,
    row: str,
    names: tuple[str, str, str],
    asked: datetime,
    started: str,
) -> None:
    kind, name, target = names
    _keep(genie, known, row, LastDownload=iso(asked), LastFileType=kind, LastFileName=name)
    _keep(genie, known, row, LastTargetFileName=target)
    _keep(genie, known, row, StartTime=started, CompleteTime=iso(genie.clock()))


def _keep(genie: "Genie", known: Known, row: str, **values: str) -> None:
    for leaf, value in values.items():
        kind = "string" if "File" in leaf else "dateTime"
        known.nodes[f"{row}.{leaf}"] = Node(True, value, kind, genie.clock())
