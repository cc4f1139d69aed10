"""Says so when Oktopus signs its log-ins with the key that everybody knows.

Who knows the key makes a token for any account, and with it changes every device. The key is
``SECRET_API_KEY``, ``supersecretkey`` unless an operator sets it; tokens are JWT (HS256).
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

import structlog

from executors.oktopus.interface import Interface

_log = structlog.get_logger(__name__)
_SHIPPED: Final = b"supersecretkey"


async def warn_if_forgeable(interface: Interface) -> bool:
    """Whether it was warned of."""
    if not is_forgeable(await interface.token()):
        return False
    _log.warning(
        "oktopus_signs_with_the_shipped_key",
        reason="whoever knows it logs in as anybody",
        remedy="Set SECRET_API_KEY of Oktopus's controller to a secret of your own.",
    )
    return True


def is_forgeable(token: str) -> bool:
    """Whether this token is signed with the key that Oktopus ships."""
    content, _, signature = token.rpartition(".")
    made = hmac.new(_SHIPPED, content.encode(), sha256).digest()
    expected = urlsafe_b64encode(made).rstrip(b"=").decode()
    return hmac.compare_digest(expected.encode(), signature.encode())
