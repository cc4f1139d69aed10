"""What an agent's software has: the answer to GetSupportedDM, by the standard's names (TR-369)."""

from dataclasses import dataclass, field
from enum import IntEnum


class ParamAccess(IntEnum):
    """ParamAccessType."""

    READ_ONLY = 0
    READ_WRITE = 1
    WRITE_ONLY = 2


class ObjAccess(IntEnum):
    """ObjAccessType."""

    READ_ONLY = 0
    ADD_DELETE = 1
    ADD_ONLY = 2
    DELETE_ONLY = 3


class ParamValueType(IntEnum):
    """ParamValueType."""

    UNKNOWN = 0
    BASE_64 = 1
    BOOLEAN = 2
    DATE_TIME = 3
    DECIMAL = 4
    HEX_BINARY = 5
    INT = 6
    LONG = 7
    STRING = 8
    UNSIGNED_INT = 9
    UNSIGNED_LONG = 10


class ValueChangeType(IntEnum):
    """Whether a subscription to changes of a value may name the parameter."""

    UNKNOWN = 0
    ALLOWED = 1
    WILL_IGNORE = 2


class CmdType(IntEnum):
    """Whether a command answers at once or when it is complete."""

    UNKNOWN = 0
    SYNC = 1
    ASYNC = 2


@dataclass(frozen=True, slots=True)
class SupportedCommandResult:
    """A command with its arguments."""

    command_name: str
    input_arg_names: tuple[str, ...] = ()
    output_arg_names: tuple[str, ...] = ()
    command_type: CmdType = CmdType.UNKNOWN


@dataclass(frozen=True, slots=True)
class SupportedEventResult:
    """An event with its arguments."""

    event_name: str
    arg_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SupportedParamResult:
    """A parameter: its type and what may be done with it."""

    param_name: str
    access: ParamAccess = ParamAccess.READ_ONLY
    value_type: ParamValueType = ParamValueType.UNKNOWN
    value_change: ValueChangeType = ValueChangeType.UNKNOWN


@dataclass(frozen=True, slots=True)
class SupportedUniqueKeySet:
    """Parameters that together name a row."""

    key_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SupportedObjectResult:
    """An object as the software has it."""

    supported_obj_path: str
    access: ObjAccess = ObjAccess.READ_ONLY
    is_multi_instance: bool = False
    supported_commands: tuple[SupportedCommandResult, ...] = ()
    supported_events: tuple[SupportedEventResult, ...] = ()
    supported_params: tuple[SupportedParamResult, ...] = ()
    divergent_paths: tuple[str, ...] = ()
    unique_key_sets: tuple[SupportedUniqueKeySet, ...] = ()


@dataclass(frozen=True, slots=True)
class SupportedObjects:
    """What one path asked for gave (GetSupportedDMResp.RequestedObjectResult)."""

    req_obj_path: str
    err_code: int = 0
    err_msg: str = field(default="", repr=False)
    data_model_inst_uri: str = ""
    supported_objs: tuple[SupportedObjectResult, ...] = ()


@dataclass(frozen=True, slots=True)
class GetSupportedDMResp:
    """The supported data model."""

    req_obj_results: tuple[SupportedObjects, ...] = ()
