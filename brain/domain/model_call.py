"""One question to a language model: what it was, what came of it, and what it cost."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brain.domain.identity import CaseId, TenantId


class CallOutcome(StrEnum):
    """What came of one question."""

    OK = "ok"
    MENDED = "mended"
    """Answered in the form asked for only after it was told what was wrong."""
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """The record of one question. It holds no word of what was asked, but for ``asked``."""

    tenant: TenantId
    case: CaseId
    proposal: str
    """The proposal of the run that asked, whether it came to be or not."""
    at: datetime
    prompt: str
    """Its name: ``intake``, ``diagnose``, ``propose`` or ``answer``."""
    prompt_sha256: str
    """Of the shipped prompt file, as it was sent."""
    schema_sha256: str
    """Of the JSON Schema that the answer was held to, as canonical JSON."""
    outcome: CallOutcome
    why: str = ""
    """Why there is no answer, in a sentence of ours; empty when there is one."""
    model: str = ""
    """As the server named it; empty when it never answered."""
    mode: str = ""
    """How it was held to the schema; empty when it was never asked."""
    requests: int = 0
    """How often the server was asked for this one answer, mending included."""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    asked: str = ""
    """What was shown, pseudonymised; kept only where the operator says so."""
