"""The RPCs about files: downloads and uploads, now or in a window, and how they ended.

Times are as the device wrote them, ``0001-01-01T00:00:00Z`` where it does not know; sizes are in
bytes. ``username`` and ``password`` are those of the file server, and are never shown.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from executors.acs.layout import named

FIRMWARE = "1 Firmware Upgrade Image"
WEB_CONTENT = "2 Web Content"
VENDOR_CONFIGURATION = "3 Vendor Configuration File"
UPLOAD_CONFIGURATION = "1 Vendor Configuration File"
UPLOAD_LOG = "2 Vendor Log File"
ANY_NUMBER_OF_TIMES = -1
"""For ``TimeWindow.max_retries``."""


class WindowMode(StrEnum):
    """When in its window a device may begin (A.4.1.8 WindowMode)."""

    ANY_TIME = "1 At Any Time"
    IMMEDIATELY = "2 Immediately"
    WHEN_IDLE = "3 When Idle"
    CONFIRMATION = "4 Confirmation Needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Fetch a file, ``delay_seconds`` after the session (A.3.2.8)."""

    command_key: str = ""
    file_type: str = ""
    url: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    file_size: int = 0
    target_file_name: str = ""
    delay_seconds: int = 0
    success_url: str = ""
    failure_url: str = ""


@dataclass(frozen=True, slots=True)
class DownloadResponse:
    """``status`` 0: done and in force; 1: a TransferComplete will say how it ended."""

    status: int = 0
    start_time: str = ""
    complete_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Send a file of the device's own to ``url`` (A.4.1.5)."""

    command_key: str = ""
    file_type: str = ""
    url: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    delay_seconds: int = 0


@dataclass(frozen=True, slots=True)
class UploadResponse:
    """As DownloadResponse."""

    status: int = 0
    start_time: str = ""
    complete_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """From ``window_start`` to ``window_end``, in seconds after the request was received."""

    window_start: int
    window_end: int
    window_mode: str = WindowMode.ANY_TIME.value
    user_message: str = ""
    max_retries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDownload:
    """Fetch a file within one of at most two windows (A.4.1.8)."""

    command_key: str = ""
    file_type: str = ""
    url: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    file_size: int = 0
    target_file_name: str = ""
    windows: tuple[TimeWindow, ...] = named("TimeWindowList")


@dataclass(frozen=True, slots=True)
class ScheduleDownloadResponse:
    """It is scheduled, and a TransferComplete will say how it ended."""


@dataclass(frozen=True, slots=True)
class CancelTransfer:
    """Forget every transfer of this key; 9021 when one is too far to be stopped (A.4.1.9)."""

    command_key: str = ""


@dataclass(frozen=True, slots=True)
class CancelTransferResponse:
    """None of that key is left, whether or not there was one."""


@dataclass(frozen=True, slots=True)
class GetQueuedTransfers:
    """Which of our transfers wait or run. Deprecated (A.4.1.1)."""


@dataclass(frozen=True, slots=True)
class QueuedTransfer:
    """``state`` 1: not begun; 2: running; 3: done, and to be reported."""

    command_key: str
    state: int


@dataclass(frozen=True, slots=True)
class GetQueuedTransfersResponse:
    """Our transfers."""

    transfers: tuple[QueuedTransfer, ...] = named("TransferList")


@dataclass(frozen=True, slots=True)
class GetAllQueuedTransfers:
    """Which transfers wait or run, whoever ordered them (A.4.1.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllQueuedTransfer:
    """As QueuedTransfer, with what is transferred."""

    command_key: str
    state: int
    is_download: bool
    file_type: str
    file_size: int = 0
    target_file_name: str = ""


@dataclass(frozen=True, slots=True)
class GetAllQueuedTransfersResponse:
    """All transfers."""

    transfers: tuple[AllQueuedTransfer, ...] = named("TransferList")


@dataclass(frozen=True, slots=True)
class TransferFault:
    """FaultStruct: how a transfer ended; code 0 is a success."""

    fault_code: int = 0
    fault_string: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutonomousTransferComplete:
    """A transfer ended that we did not order (A.3.3.3)."""

    announce_url: str = ""
    transfer_url: str = ""
    is_download: bool = False
    file_type: str = ""
    file_size: int = 0
    target_file_name: str = ""
    fault: TransferFault = field(default_factory=TransferFault, metadata={"element": "FaultStruct"})
    start_time: str = ""
    complete_time: str = ""


@dataclass(frozen=True, slots=True)
class AutonomousTransferCompleteResponse:
    """Taken note of."""


@dataclass(frozen=True, slots=True)
class Arg:
    """ArgStruct: more about a file that a device asks for."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RequestDownload:
    """The device would like a file (A.4.2.2); we decide whether it gets one."""

    file_type: str = ""
    arguments: tuple[Arg, ...] = named("FileTypeArg", default=())


@dataclass(frozen=True, slots=True)
class RequestDownloadResponse:
    """Heard. It promises nothing."""
