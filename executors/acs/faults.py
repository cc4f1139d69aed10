"""What the fault codes of CWMP mean, and what is to be done about each (TR-069 A.5.1, A.5.2).

The words here are ours. What a device writes beside a code is never passed on: it may quote a
value, and a value may be a passphrase.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from executors.acs.messages import Fault

METHOD_NOT_SUPPORTED: Final = 8000
VERSION_INCOMPATIBLE: Final = 8006
RESOURCES_EXCEEDED: Final = 9004
INVALID_NAME: Final = 9005


class Remedy(StrEnum):
    """What helps against a fault. Nothing of it is done without a person or a new permit."""

    RETRY = "retry"
    """The same may work later: the device was short of something, or a server was away."""
    REPLAN = "replan"
    """The request is wrong for this device, and will be each time: ask for something else."""
    STOP = "stop"
    """It fails for every device alike, or nobody knows why: stop, and have a person look."""
    CREDENTIALS = "credentials"
    """A name or password is wrong: mend that, then try again."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code."""

    words: str
    remedy: Remedy


_RETRY, _REPLAN, _STOP = Remedy.RETRY, Remedy.REPLAN, Remedy.STOP

MEANINGS: Final[Mapping[int, Meaning]] = MappingProxyType(
    {
        8000: Meaning("method not supported", _REPLAN),
        8001: Meaning("request denied", _STOP),
        8002: Meaning("internal error", _RETRY),
        8003: Meaning("invalid arguments", _REPLAN),
        8004: Meaning("resources exceeded", _RETRY),
        8005: Meaning("retry request", _RETRY),
        8006: Meaning("no CWMP version in common", _STOP),
        9000: Meaning("method not supported", _REPLAN),
        # No reason given: asked again it may be granted, and a person is not needed to find out.
        9001: Meaning("request denied", _RETRY),
        9002: Meaning("internal error", _RETRY),
        9003: Meaning("invalid arguments", _REPLAN),
        9004: Meaning("resources exceeded", _RETRY),
        9005: Meaning("invalid parameter name", _REPLAN),
        9006: Meaning("invalid parameter type", _REPLAN),
        9007: Meaning("invalid parameter value", _REPLAN),
        9008: Meaning("parameter is not writable", _REPLAN),
        9009: Meaning("notification request rejected", _REPLAN),
        9010: Meaning("file transfer failed", _RETRY),
        9011: Meaning("upload failed", _RETRY),
        9012: Meaning("file server refused the credentials", Remedy.CREDENTIALS),
        9013: Meaning("file transfer protocol not supported", _REPLAN),
        9014: Meaning("could not join the multicast group", _RETRY),
        9015: Meaning("file server could not be reached", _RETRY),
        9016: Meaning("file could not be accessed", _STOP),
        9017: Meaning("file was not transferred to the end", _RETRY),
        9018: Meaning("file is corrupt", _STOP),
        9019: Meaning("file is not authentic", _STOP),
        9020: Meaning("not completed within the time windows", _RETRY),
        9021: Meaning("transfer can no longer be cancelled", _STOP),
        9022: Meaning("invalid UUID", _REPLAN),
        9023: Meaning("unknown execution environment", _REPLAN),
        9024: Meaning("execution environment is disabled", _REPLAN),
        9025: Meaning("unit does not fit the execution environment", _REPLAN),
        9026: Meaning("unit is there already", _REPLAN),
        9027: Meaning("system resources exceeded", _RETRY),
        9028: Meaning("unknown deployment unit", _REPLAN),
        9029: Meaning("unit is in no state for this", _REPLAN),
        9030: Meaning("downgrade is not permitted", _REPLAN),
        9031: Meaning("version is not given", _REPLAN),
        9032: Meaning("version is there already", _REPLAN),
    }
)
"""All that the standard has, of an ACS and of a device."""

_ANOTHER = Meaning("vendor-specific or unreadable fault", _STOP)
_ADVICE = {
    Remedy.RETRY: "Try again later.",
    Remedy.REPLAN: "Ask for something else: this device will refuse it each time.",
    Remedy.STOP: "Have a person look before this is tried again anywhere.",
    Remedy.CREDENTIALS: "Mend the name and password of the file server, then try again.",
}
_NAMED_AT_MOST = 8


def meaning(code: int) -> str:
    """The code in words, for a person."""
    return MEANINGS.get(code, _ANOTHER).words


def remedy(fault: Fault) -> Remedy:
    """What helps; where single parameters were wrong, what helps against the worst of them."""
    codes = [fault.code, *(each.code for each in fault.parameters)]
    found = {MEANINGS.get(code, _ANOTHER).remedy for code in codes}
    order = (Remedy.STOP, Remedy.CREDENTIALS, Remedy.REPLAN, Remedy.RETRY)
    return next(each for each in order if each in found)


def advice(fault: Fault) -> str:
    """The same as a sentence."""
    return _ADVICE[remedy(fault)]


def sentence(fault: Fault) -> str:
    """The whole fault for a person: code, meaning, and which parameters were wrong and how."""
    said = f"{fault.code} {meaning(fault.code)}"
    named = fault.parameters[:_NAMED_AT_MOST]
    parts = [f"{each.name[:256]}: {each.code} {meaning(each.code)}" for each in named]
    if len(fault.parameters) > len(named):
        parts.append(f"and {len(fault.parameters) - len(named)} more")
    return f"{said} ({'; '.join(parts)})" if parts else said
