"""What goes wrong in this room alone. None of it leaves: callers see ``brain.domain.errors``.

InvalidInput
├── SoapError       bytes that are no CWMP envelope, or a message that cannot be written
└── SessionError    an envelope at a moment when the session has no place for it
"""

from brain.domain.errors import InvalidInput


class SoapError(InvalidInput):
    """These bytes are not an envelope that we accept, or this message cannot become one."""

    code = "invalid_soap"


class SessionError(InvalidInput):
    """The other end spoke out of turn (TR-069 3.7)."""

    code = "invalid_session"
