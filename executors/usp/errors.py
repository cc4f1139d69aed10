"""What goes wrong in this room alone. None of it leaves: callers see ``brain.domain.errors``.

InvalidInput
├── UspError          bytes or a value that no record or message may be; ``err_code`` says which way
├── StompError        bytes or a value that no STOMP frame may be, or what a broker refuses
└── NotAdmitted       a peer that is not who it says, or that may not come in
"""

from brain.domain.errors import InvalidInput
from executors.usp.codes import RECORD_NOT_PARSED


class UspError(InvalidInput):
    """Not a record or message that we accept, or one that cannot be written."""

    code = "invalid_usp"

    def __init__(self, message: str, *, field: str = "", err_code: int = RECORD_NOT_PARSED) -> None:
        super().__init__(message, field=field)
        self.err_code = err_code
        """What to tell the other end (TR-369 R-MTP.5: 7100 to 7106)."""


class StompError(InvalidInput):
    """The connection to a STOMP broker is of no use any more."""

    code = "invalid_stomp"


class NotAdmitted(InvalidInput):
    """Who connected does not prove the endpoint that it names."""

    code = "not_admitted"
