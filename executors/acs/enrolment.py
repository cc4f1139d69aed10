"""What devices are given when they are enrolled, and how that is audited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Final

from brain.domain.canonical import Json
from brain.domain.credentials import DeviceCredentials, Passwords
from brain.ledger.audit import AuditTrail
from brain.store.transaction import Transaction

_ACTOR: Final = "acs"
_NOTHING: Final[Mapping[str, Json]] = {}


def new_passwords() -> Passwords:
    """Two that nobody can guess: 24 characters each, 144 bits, safe in XML and in a URL."""
    return Passwords(own=token_urlsafe(18), wake=token_urlsafe(18))


@dataclass(frozen=True, slots=True, kw_only=True)
class StunAddress:
    """Where devices keep their binding alive (TR-069 annex G)."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The same for every device but for its passwords."""

    audit: AuditTrail
    inform_every: timedelta
    stun: StunAddress | None = None
    new_passwords: Callable[[], Passwords] = new_passwords

    async def append(
        self,
        tx: Transaction,
        of: DeviceCredentials,
        kind: str,
        payload: Mapping[str, Json] = _NOTHING,
    ) -> None:
        """Say in the audit trail what became of an enrolment; a password is never among it."""
        said: dict[str, Json] = {"device": of.device, **payload}
        await self.audit.append(tx, tenant=of.tenant, actor=_ACTOR, kind=kind, payload=said)
