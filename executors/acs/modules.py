"""The RPCs about software modules: deployment units come, change and go (TR-069 A.4.1.10, A.4.2.3).

UUIDs are those of TR-157; an empty text that may be left out is left out.
"""

from dataclasses import dataclass, field

from executors.acs.layout import optional, repeated
from executors.acs.transfers import TransferFault


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallOp:
    """Install what ``url`` leads to."""

    url: str
    uuid: str = optional()
    username: str = optional()
    password: str = field(default="", repr=False, metadata={"optional": True})
    execution_env_ref: str = optional()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOp:
    """Update one unit, or all of them when neither ``uuid`` nor ``url`` is given."""

    uuid: str = optional()
    version: str = optional()
    url: str = optional()
    username: str = optional()
    password: str = field(default="", repr=False, metadata={"optional": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class UninstallOp:
    """Take one unit out."""

    uuid: str
    version: str = optional()
    execution_env_ref: str = optional()


Operation = InstallOp | UpdateOp | UninstallOp


@dataclass(frozen=True, slots=True)
class ChangeDUState:
    """Do all of these, one after the other."""

    operations: tuple[Operation, ...] = repeated()
    command_key: str = optional()


@dataclass(frozen=True, slots=True)
class ChangeDUStateResponse:
    """Taken; a DUStateChangeComplete will say how each ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpResult:
    """What became of one unit; ``current_state`` is Installed, Uninstalled or Failed."""

    uuid: str = ""
    deployment_unit_ref: str = ""
    version: str = ""
    current_state: str = ""
    resolved: bool = False
    execution_unit_ref_list: str = ""
    start_time: str = ""
    complete_time: str = ""
    fault: TransferFault = field(default_factory=TransferFault)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutonOpResult(OpResult):
    """The same of what nobody here ordered: Install, Update or Uninstall."""

    operation_performed: str = ""


@dataclass(frozen=True, slots=True)
class DUStateChangeComplete:
    """How each operation ended, in their order."""

    results: tuple[OpResult, ...] = repeated()
    command_key: str = optional()


@dataclass(frozen=True, slots=True)
class DUStateChangeCompleteResponse:
    """Taken note of."""


@dataclass(frozen=True, slots=True)
class AutonomousDUStateChangeComplete:
    """Units changed that we did not change."""

    results: tuple[AutonOpResult, ...] = repeated()


@dataclass(frozen=True, slots=True)
class AutonomousDUStateChangeCompleteResponse:
    """Taken note of."""
