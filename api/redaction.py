"""Takes secrets out of whatever is about to be written down."""

import re
from collections.abc import Iterable, Mapping

REDACTED = "[redacted]"

_KEYS = re.compile(
    r"pass$|passwd|passphrase|password|secret|token|authorization|cookie|credential"
    r"|api_?key|private_?key|pre_?shared_?key|wep_?key|signature|session_?(id|key)",
    re.IGNORECASE,
)
"""Names whose values are never written, wherever they occur in the name."""

_VALUES = (
    re.compile(r"gwt_[A-Za-z0-9_-]+"),
    re.compile(r"\b(?:Bearer|Basic|Digest)\s+\S+", re.IGNORECASE),
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),
    re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S
    ),
    re.compile(
        r"(?P<name>(?:key_?passphrase|passphrase|password|secret|token|pre_?shared_?key|api_?key)"
        r"[\"']?\s*[=:]\s*)[\"']?[^\s\"',;&}]+",
        re.IGNORECASE,
    ),
)
"""Texts that are secrets by their form, whatever they are called."""


class Redactor:
    """Masks by name, by form, and every secret it was told of."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        # A very short secret would blot out half of every line.
        self._known = tuple(sorted({each for each in known if len(each) >= 6}, key=len)[::-1])

    def clean(self, value: object, *, name: str = "") -> object:
        """The value with every secret replaced; containers are copied, never changed."""
        if value is None or isinstance(value, bool | int | float):
            return value  # counts such as ``tokens_used``; the secrets of the field are texts
        if _KEYS.search(name):
            return REDACTED
        if isinstance(value, Mapping):
            return {str(key): self.clean(item, name=str(key)) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.clean(item) for item in value]
        return self.text(str(value))

    def text(self, text: str) -> str:
        """The text with what looks like a secret, or is a known one, replaced."""
        for secret in self._known:
            text = text.replace(secret, REDACTED)
        for pattern in _VALUES:
            text = pattern.sub(_mask, text)
        return text


def _mask(match: re.Match[str]) -> str:
    return match.groupdict().get("name", "") + REDACTED
