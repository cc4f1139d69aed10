"""What the error codes of USP mean (TR-369, Error Codes), and what each makes of a request.

The words here are ours. What an agent writes beside a code is never passed on: it may quote a
value, and a value may be a passphrase.
"""

from enum import StrEnum
from typing import Final

MESSAGE_FAILED: Final = 7000
NOT_SUPPORTED: Final = 7001
RESOURCES_EXCEEDED: Final = 7005
UNSUPPORTED_PARAMETER: Final = 7010
NO_SUCH_OBJECT: Final = 7016
COMMAND_FAILED: Final = 7022
INVALID_PATH: Final = 7026
RECORD_NOT_PARSED: Final = 7100
INVALID_RECORD: Final = 7104
SESSION_ENDED: Final = 7105

ABSENT: Final = frozenset({UNSUPPORTED_PARAMETER, NO_SUCH_OBJECT, INVALID_PATH})
"""What is asked for is not there: an answer, and no failure."""


class Ending(StrEnum):
    """What a request that came back with an error has done."""

    REFUSED = "refused"
    """Nothing: the agent said no."""
    RETRY = "retry"
    """Nothing, and the same may be taken later."""
    UNKNOWN = "unknown"
    """Nobody can tell: look before anything else."""


_R, _T, _U = Ending.REFUSED, Ending.RETRY, Ending.UNKNOWN
_CODES: Final[dict[int, tuple[str, Ending]]] = {
    7000: ("message failed", _U),
    7001: ("message not supported", _R),
    7002: ("request denied", _R),
    7003: ("internal error", _U),
    7004: ("invalid arguments", _R),
    7005: ("resources exceeded", _T),
    7006: ("permission denied", _R),
    7007: ("invalid configuration", _R),
    7008: ("invalid path syntax", _R),
    7009: ("parameter action failed", _R),
    7010: ("unsupported parameter", _R),
    7011: ("invalid type", _R),
    7012: ("invalid value", _R),
    7013: ("parameter is not writable", _R),
    7014: ("value conflict", _R),
    7015: ("operation error", _R),
    7016: ("object does not exist", _R),
    7017: ("object could not be created", _R),
    7018: ("object is not a table", _R),
    7019: ("object cannot be created", _R),
    7020: ("object could not be updated", _R),
    7021: ("required parameter failed", _R),
    7022: ("command failure", _R),
    7023: ("command cancelled", _U),
    7024: ("object could not be deleted", _R),
    7025: ("object exists with this key", _R),
    7026: ("invalid path", _R),
    7027: ("invalid command arguments", _R),
    7028: ("registration failed", _R),
    7029: ("path is in use", _R),
    7030: ("deregistration failed", _R),
    7031: ("path is registered already", _R),
    7100: ("record could not be parsed", _R),
    7101: ("secure session required", _R),
    7102: ("secure session not supported", _R),
    7103: ("segmentation not supported", _R),
    7104: ("invalid record value", _R),
    7105: ("session context terminated", _U),
    7106: ("session context not allowed", _R),
}


def meaning(code: int) -> str:
    """The code in words, for a person."""
    return _CODES.get(code, ("vendor-specific or unreadable error", _U))[0]


def ending(code: int) -> Ending:
    """What became of a request that this answered; a code that is not known tells nothing."""
    return _CODES.get(code, ("", Ending.UNKNOWN))[1]
