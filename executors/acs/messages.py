"""What CWMP says, as types: every RPC we speak, in both directions (TR-069 annex A.3 and A.4).

    from executors.acs.messages import GetParameterValues, Inform, ParameterValue, ...

A class bears the name of its RPC, so ``Reboot`` travels as ``cwmp:Reboot``. Those about files,
software modules and notifications are in ``transfers``, ``modules`` and ``notices``. Nothing is
only ours or only the device's: either end builds and parses all of it through
``executors.acs.soap``.
Text is kept as it came; what is missing has the default that stands beside the field.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, get_args

from brain.domain.device import device_id
from brain.domain.identity import DeviceId
from executors.acs import modules, notices, transfers
from executors.acs.layout import named


class ParameterValue(NamedTuple):
    """ParameterValueStruct. ``type`` is the local name of its ``xsi:type``, such as ``boolean``.

    A tuple, as each Inform has a dozen of them, and one is made in half the time.
    """

    name: str
    value: str
    type: str = "string"


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """ParameterInfoStruct. For an object, ``writable`` says that rows may be added or deleted."""

    name: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """DeviceIdStruct: OUI, ProductClass (may be empty) and SerialNumber name a device for good."""

    manufacturer: str
    oui: str
    product_class: str
    serial: str

    @property
    def id(self) -> DeviceId:
        """By which the device is known here."""
        return device_id(self.oui, self.product_class, self.serial)


@dataclass(frozen=True, slots=True)
class InformEvent:
    """EventStruct, such as ``1 BOOT`` or ``M Reboot`` with the CommandKey that we gave."""

    code: str
    command_key: str = ""

    @property
    def number(self) -> str:
        """What tells events apart: the leading number, or the whole code folded when it has none.

        Devices write ``1 Boot`` and ``1BOOT`` for ``1 BOOT``, so only the number is compared.
        """
        return _number(self.code)


_LONGEST_CODE = 64  # TR-069 A.3.3.1 EventStruct; no more is kept of what devices write


def _number(code: str) -> str:
    return _known_number(code) if len(code) <= _LONGEST_CODE else _read_number(code)


def _read_number(code: str) -> str:
    head = code.strip()
    digits = head[: len(head) - len(head.lstrip("0123456789"))]
    return digits or " ".join(head.casefold().split())


_known_number = lru_cache(maxsize=256)(_read_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inform:
    """A device opens a session (A.3.3.1)."""

    device: Identity
    events: tuple[InformEvent, ...] = ()
    parameters: tuple[ParameterValue, ...] = ()
    max_envelopes: int = 1
    current_time: str = ""
    retry_count: int = 0

    def has(self, code: str) -> bool:
        """Whether this event is among those reported, however the device writes it."""
        return _number(code) in [_number(event.code) for event in self.events]


@dataclass(frozen=True, slots=True)
class InformResponse:
    """The session is open. ``max_envelopes`` other than 1 is obsolete."""

    max_envelopes: int = 1


@dataclass(frozen=True, slots=True)
class GetRPCMethods:
    """Which RPCs the other end knows."""


@dataclass(frozen=True, slots=True)
class GetRPCMethodsResponse:
    """The names of the RPCs that this end knows."""

    methods: tuple[str, ...] = named("MethodList")


@dataclass(frozen=True, slots=True)
class GetParameterNames:
    """The names below ``path`` (empty: the whole model); ``next_level``: only one level."""

    path: str = named("ParameterPath")
    next_level: bool = False


@dataclass(frozen=True, slots=True)
class GetParameterNamesResponse:
    """Names of parameters and, ending in a dot, of objects."""

    parameters: tuple[ParameterInfo, ...]


@dataclass(frozen=True, slots=True)
class GetParameterValues:
    """Values of parameters, or of all below a path that ends in a dot."""

    names: tuple[str, ...] = named("ParameterNames")


@dataclass(frozen=True, slots=True)
class GetParameterValuesResponse:
    """The values asked for."""

    values: tuple[ParameterValue, ...]


@dataclass(frozen=True, slots=True)
class SetParameterValues:
    """Set all of these or none (A.3.2.1); the key comes back in every later Inform."""

    values: tuple[ParameterValue, ...]
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class SetParameterValuesResponse:
    """``status`` 0: in force; 1: committed, in force after a reboot or the like."""

    status: int = 0


@dataclass(frozen=True, slots=True)
class AddObject:
    """A new row in the table whose path, ending in a dot, this is."""

    path: str = named("ObjectName")
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class AddObjectResponse:
    """The number of the new row."""

    instance: int = named("InstanceNumber")
    status: int = 0


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """Take this row, and all below it, out of its table."""

    path: str = named("ObjectName")
    parameter_key: str = ""


@dataclass(frozen=True, slots=True)
class DeleteObjectResponse:
    """The row is gone; ``status`` as in SetParameterValuesResponse."""

    status: int = 0


@dataclass(frozen=True, slots=True)
class Reboot:
    """Start anew; the key comes back with the ``M Reboot`` event."""

    command_key: str = ""


@dataclass(frozen=True, slots=True)
class RebootResponse:
    """The device will start anew after this session."""


@dataclass(frozen=True, slots=True)
class FactoryReset:
    """Forget everything; shown by a later ``0 BOOTSTRAP``."""


@dataclass(frozen=True, slots=True)
class FactoryResetResponse:
    """The device will reset after this session."""


@dataclass(frozen=True, slots=True)
class TransferComplete:
    """A transfer ended (A.3.3.2). ``fault_code`` 0 is a success."""

    command_key: str = ""
    fault_code: int = 0
    fault_string: str = ""
    start_time: str = ""
    complete_time: str = ""


@dataclass(frozen=True, slots=True)
class TransferCompleteResponse:
    """Taken note of. Without it the device repeats itself in every session."""


@dataclass(frozen=True, slots=True)
class ParameterFault:
    """SetParameterValuesFault: what was wrong with one parameter."""

    name: str
    code: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The other end refused. ``code`` 0: it gave none that can be read.

    ``text`` is what the other end wrote: untrusted, and it may quote a value.
    """

    code: int
    text: str = ""
    parameters: tuple[ParameterFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """An RPC of this name that we do not speak."""

    name: str


Request = (
    Inform
    | GetRPCMethods
    | GetParameterNames
    | GetParameterValues
    | SetParameterValues
    | AddObject
    | DeleteObject
    | Reboot
    | FactoryReset
    | TransferComplete
    | transfers.Download
    | transfers.Upload
    | transfers.ScheduleDownload
    | transfers.CancelTransfer
    | transfers.GetQueuedTransfers
    | transfers.GetAllQueuedTransfers
    | transfers.AutonomousTransferComplete
    | transfers.RequestDownload
    | modules.ChangeDUState
    | modules.DUStateChangeComplete
    | modules.AutonomousDUStateChangeComplete
    | notices.SetParameterAttributes
    | notices.GetParameterAttributes
    | notices.ScheduleInform
    | notices.Kicked
    | notices.SetVouchers
    | notices.GetOptions
)
Response = (
    InformResponse
    | GetRPCMethodsResponse
    | GetParameterNamesResponse
    | GetParameterValuesResponse
    | SetParameterValuesResponse
    | AddObjectResponse
    | DeleteObjectResponse
    | RebootResponse
    | FactoryResetResponse
    | TransferCompleteResponse
    | transfers.DownloadResponse
    | transfers.UploadResponse
    | transfers.ScheduleDownloadResponse
    | transfers.CancelTransferResponse
    | transfers.GetQueuedTransfersResponse
    | transfers.GetAllQueuedTransfersResponse
    | transfers.AutonomousTransferCompleteResponse
    | transfers.RequestDownloadResponse
    | modules.ChangeDUStateResponse
    | modules.DUStateChangeCompleteResponse
    | modules.AutonomousDUStateChangeCompleteResponse
    | notices.SetParameterAttributesResponse
    | notices.GetParameterAttributesResponse
    | notices.ScheduleInformResponse
    | notices.KickedResponse
    | notices.SetVouchersResponse
    | notices.GetOptionsResponse
)
Message = Request | Response | Fault | Unknown

RPCS: dict[str, type[Request] | type[Response]] = {
    kind.__name__: kind for kind in (*get_args(Request), *get_args(Response))
}
"""Each request and response by its name."""
