"""What somebody says about a change without answering it."""

from dataclasses import dataclass
from datetime import datetime

from brain.domain.errors import InvalidInput
from brain.domain.identity import ChangeId, PrincipalId

LONGEST = 2000
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """People write down what they should not: the text is for people alone."""

    change: ChangeId
    by: PrincipalId
    at: datetime
    text: str


def check_text(text: str) -> None:
    """Raise InvalidInput unless something is said, and not too much."""
    if not text.strip() or len(text) > LONGEST:
        raise InvalidInput(
            f"a comment has 1 to {LONGEST} characters",
            field="text",
            remedy="Say it shorter; never write down a passphrase.",
        )
