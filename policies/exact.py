"""Which questions every engine reads alike; what one of them would alter, none is asked.

Readers of JSON disagree about integers beyond 2**53 (RFC 8259, section 6) and about texts that are
not Unicode, and the embedded engine keeps six decimals of a fraction: to it 0.0000001 is nothing.
"""

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable

EXACT = 2**53
DEEPEST = 32
_DECIMALS = 6


def check(question: Json, depth: int = 0) -> None:
    """Raise PolicyUnavailable for a question that engines would not read alike."""
    if isinstance(question, str):
        check_text(question)
    elif isinstance(question, dict):
        check_depth(depth)
        for name, value in question.items():
            check_text(name)
            check(value, depth + 1)
    elif isinstance(question, list):
        check_depth(depth)
        for value in question:
            check(value, depth + 1)
    elif question is not None:
        check_number(question)


def check_depth(depth: int) -> None:
    """Raise PolicyUnavailable for what lies deeper than any question does."""
    if depth >= DEEPEST:
        raise PolicyUnavailable("the question to policy is nested too deeply")


def check_text(text: str) -> None:
    """Raise PolicyUnavailable for half of a surrogate pair: one engine would read another text."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise PolicyUnavailable(
                "the question to policy holds text that is not Unicode"
            ) from None


def check_number(value: Json) -> None:
    """Raise PolicyUnavailable for what is no number, or one that an engine would round."""
    if not isinstance(value, int | float) or not is_exact(value):
        raise PolicyUnavailable("the question to policy holds a value that cannot be asked exactly")


def is_exact(number: float) -> bool:
    """Whether every engine reads this number as it is."""
    return abs(number) <= EXACT and round(number, _DECIMALS) == number
