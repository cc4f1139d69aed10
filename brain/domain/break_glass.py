"""Going ahead without waiting for approval or a window, in an emergency, and answering for it."""

from dataclasses import dataclass
from datetime import datetime

from brain.domain.identity import PrincipalId


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """Who broke the glass for one change, why, and until when it holds."""

    by: PrincipalId
    ticket: str
    reason: str
    at: datetime
    expires_at: datetime
