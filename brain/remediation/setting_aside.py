"""Sets aside what cannot be worked on, where people see it, so that the rest goes on."""

from datetime import datetime

import structlog

from brain.domain.errors import GatewrightError
from brain.domain.identity import TenantId
from brain.domain.remediation import SetAside
from brain.store.transaction import Transaction

_log = structlog.get_logger(__name__)


async def put_aside(
    tx: Transaction, tenant: TenantId, what: str, error: Exception, now: datetime
) -> None:
    """Keep what it was and why; the log has the error, whose words may be a device's."""
    _log.error("set_aside", what=what, exc_info=error)
    await tx.set_aside.add(SetAside(tenant=tenant, what=what, reason=why(error), at=now))


def why(error: Exception) -> str:
    """The reason for a person: our own errors hold no secret, of others only the kind is told."""
    if isinstance(error, GatewrightError):
        return str(error)
    return f"an error of the program ({type(error).__name__}); the log has it"
