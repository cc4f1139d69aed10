"""XML Schema regular expressions, as TR-106 uses them for ``pattern``, on Python's engine."""

import re
from functools import cache


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is of this pattern: XML Schema anchors at both ends by itself."""
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # In XML Schema ^ and $ outside of brackets are characters like any other.
    return re.compile(re.sub(r"(\\.)|(\[\^?[^\]]*\])|([\^$])", _same, pattern), re.ASCII)


def _same(found: re.Match[str]) -> str:
    return f"\\{found[3]}" if found[3] else found[0]
