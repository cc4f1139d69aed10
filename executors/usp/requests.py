"""What USP asks and reports, as types by the standard's names (TR-369, Messages).

    from executors.usp import requests as q

Nothing here is only ours or only the agent's: both ends build and read all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Get:
    """Values; ``max_depth`` 0 is all levels below a path."""

    param_paths: tuple[str, ...]
    max_depth: int = 0


@dataclass(frozen=True, slots=True)
class GetSupportedDM:
    """What the agent's software has below these objects, ``{i}`` for rows."""

    obj_paths: tuple[str, ...]
    first_level_only: bool = False
    return_commands: bool = True
    return_events: bool = True
    return_params: bool = True
    return_unique_key_sets: bool = False


@dataclass(frozen=True, slots=True)
class GetInstances:
    """The rows that there are now."""

    obj_paths: tuple[str, ...]
    first_level_only: bool = False


@dataclass(frozen=True, slots=True)
class UpdateParamSetting:
    """One parameter by its name below the object. ``required``: without it the object fails."""

    param: str
    value: str = field(repr=False)
    required: bool = True


@dataclass(frozen=True, slots=True)
class UpdateObject:
    """One object's settings."""

    obj_path: str
    param_settings: tuple[UpdateParamSetting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Set parameters; without ``allow_partial`` all of it or nothing (R-SET.0)."""

    allow_partial: bool = False
    update_objs: tuple[UpdateObject, ...]


@dataclass(frozen=True, slots=True)
class CreateParamSetting:
    """One parameter of a new row."""

    param: str
    value: str = field(repr=False)
    required: bool = True


@dataclass(frozen=True, slots=True)
class CreateObject:
    """A new row in this table."""

    obj_path: str
    param_settings: tuple[CreateParamSetting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Add rows; without ``allow_partial`` all of them or none."""

    allow_partial: bool = False
    create_objs: tuple[CreateObject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Take rows out; without ``allow_partial`` all of them or none."""

    allow_partial: bool = False
    obj_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operate:
    """Carry a command out. ``command_key`` comes back when one that takes long is complete."""

    command: str
    command_key: str = ""
    send_resp: bool = True
    input_args: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class GetSupportedProtocol:
    """Which versions the other end speaks; ours, comma-separated."""

    controller_supported_protocol_versions: str


@dataclass(frozen=True, slots=True)
class RegistrationPath:
    """An object that a service answers for."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A service of the device answers for these objects from now on."""

    allow_partial: bool = False
    reg_paths: tuple[RegistrationPath, ...]


@dataclass(frozen=True, slots=True)
class Deregister:
    """It no longer does; none: for nothing any more."""

    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened, such as ``Boot!``."""

    obj_path: str
    event_name: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A parameter says another thing than before."""

    param_path: str
    param_value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ObjectCreation:
    """A row came."""

    obj_path: str
    unique_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ObjectDeletion:
    """A row went."""

    obj_path: str


@dataclass(frozen=True, slots=True)
class OutputArgs:
    """What a command gave back."""

    output_args: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CommandFailure:
    """A command was not carried out, or not to its end."""

    err_code: int
    err_msg: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OperationComplete:
    """A command that takes long came to its end, whoever asked for it."""

    obj_path: str
    command_name: str
    command_key: str
    operation_resp: OutputArgs | CommandFailure


@dataclass(frozen=True, slots=True)
class OnBoardRequest:
    """A device is here for the first time, or was told to say who it is (R-NOT.5)."""

    oui: str
    product_class: str
    serial_number: str
    agent_supported_protocol_versions: str = ""


Notification = (
    Event | ValueChange | ObjectCreation | ObjectDeletion | OperationComplete | OnBoardRequest
)


@dataclass(frozen=True, slots=True)
class Notify:
    """The agent reports. An OnBoardRequest belongs to no subscription."""

    subscription_id: str
    send_resp: bool
    notification: Notification


Request = (
    Get
    | GetSupportedDM
    | GetInstances
    | Set
    | Add
    | Delete
    | Operate
    | Notify
    | GetSupportedProtocol
    | Register
    | Deregister
)
