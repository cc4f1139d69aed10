"""What USP answers, as types by the standard's names (TR-369, Messages).

    from executors.usp import responses as r

An ``err_msg`` is what the other end wrote: untrusted, and it may quote a value: no type shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from executors.usp.requests import CommandFailure, OutputArgs
from executors.usp.supported import GetSupportedDMResp


@dataclass(frozen=True, slots=True)
class ParamError:
    """What was wrong with one path of a request that failed as a whole."""

    param_path: str
    err_code: int
    err_msg: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Error:
    """The request failed as a whole (R-MSG.4)."""

    err_code: int
    err_msg: str = field(default="", repr=False)
    param_errs: tuple[ParamError, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedPathResult:
    """Values below one object, by their names below it."""

    resolved_path: str
    result_params: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PathValues:
    """What one path asked for gave (GetResp.RequestedPathResult)."""

    requested_path: str
    err_code: int = 0
    err_msg: str = field(default="", repr=False)
    resolved_path_results: tuple[ResolvedPathResult, ...] = ()


@dataclass(frozen=True, slots=True)
class GetResp:
    """Values. A path that failed says so by itself; the others are there."""

    req_path_results: tuple[PathValues, ...] = ()


@dataclass(frozen=True, slots=True)
class CurrInstance:
    """A row, and what names it beside its number."""

    instantiated_obj_path: str
    unique_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Instances:
    """What one path asked for gave (GetInstancesResp.RequestedPathResult)."""

    requested_path: str
    err_code: int = 0
    err_msg: str = field(default="", repr=False)
    curr_insts: tuple[CurrInstance, ...] = ()


@dataclass(frozen=True, slots=True)
class GetInstancesResp:
    """The rows that there are."""

    req_path_results: tuple[Instances, ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterError:
    """What was wrong with one parameter of an object."""

    param: str
    err_code: int
    err_msg: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OperationFailure:
    """An object was not added, deleted or registered."""

    err_code: int
    err_msg: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class UpdatedInstanceFailure:
    """The row that could not be set, and which of its parameters were wrong."""

    affected_path: str
    param_errs: tuple[ParameterError, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateFailure:
    """An object was not set (SetResp OperationFailure)."""

    err_code: int
    err_msg: str = field(default="", repr=False)
    updated_inst_failures: tuple[UpdatedInstanceFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdatedInstanceResult:
    """The row that was set; parameters that were not required may be among the errors."""

    affected_path: str
    param_errs: tuple[ParameterError, ...] = ()
    updated_params: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class UpdateSuccess:
    """An object was set (SetResp OperationSuccess)."""

    updated_inst_results: tuple[UpdatedInstanceResult, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdatedObjectResult:
    """What became of one object."""

    requested_path: str
    oper_status: UpdateFailure | UpdateSuccess


@dataclass(frozen=True, slots=True)
class SetResp:
    """What became of each."""

    updated_obj_results: tuple[UpdatedObjectResult, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateSuccess:
    """A row was added, and this is its path."""

    instantiated_path: str
    param_errs: tuple[ParameterError, ...] = ()
    unique_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CreatedObjectResult:
    """What became of one row."""

    requested_path: str
    oper_status: OperationFailure | CreateSuccess


@dataclass(frozen=True, slots=True)
class AddResp:
    """What became of each."""

    created_obj_results: tuple[CreatedObjectResult, ...] = ()


@dataclass(frozen=True, slots=True)
class UnaffectedPathError:
    """A row that is still there."""

    unaffected_path: str
    err_code: int
    err_msg: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DeleteSuccess:
    """These rows are gone."""

    affected_paths: tuple[str, ...] = ()
    unaffected_path_errs: tuple[UnaffectedPathError, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedObjectResult:
    """What became of one path."""

    requested_path: str
    oper_status: OperationFailure | DeleteSuccess


@dataclass(frozen=True, slots=True)
class DeleteResp:
    """What became of each."""

    deleted_obj_results: tuple[DeletedObjectResult, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What a command gave; a path, as text, is the row of ``Device.LocalAgent.Request.{i}.``."""

    executed_command: str
    operation_resp: str | OutputArgs | CommandFailure


@dataclass(frozen=True, slots=True)
class OperateResp:
    """What became of each."""

    operation_results: tuple[OperationResult, ...] = ()


@dataclass(frozen=True, slots=True)
class NotifyResp:
    """Taken note of: the subscription is repeated (R-NOT.4)."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class GetSupportedProtocolResp:
    """Versions, comma-separated."""

    agent_supported_protocol_versions: str


@dataclass(frozen=True, slots=True)
class RegisterSuccess:
    """It is registered."""

    registered_path: str


@dataclass(frozen=True, slots=True)
class RegisteredPathResult:
    """What became of one path."""

    requested_path: str
    oper_status: OperationFailure | RegisterSuccess


@dataclass(frozen=True, slots=True)
class RegisterResp:
    """What became of each."""

    registered_path_results: tuple[RegisteredPathResult, ...] = ()


@dataclass(frozen=True, slots=True)
class DeregisterSuccess:
    """These are no longer registered."""

    deregistered_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeregisteredPathResult:
    """What became of one path."""

    requested_path: str
    oper_status: OperationFailure | DeregisterSuccess


@dataclass(frozen=True, slots=True)
class DeregisterResp:
    """What became of each."""

    deregistered_path_results: tuple[DeregisteredPathResult, ...] = ()


Response = (
    GetResp
    | GetSupportedDMResp
    | GetInstancesResp
    | SetResp
    | AddResp
    | DeleteResp
    | OperateResp
    | NotifyResp
    | GetSupportedProtocolResp
    | RegisterResp
    | DeregisterResp
)
