"""One text for one value: the canonical form of each base type (TR-106 section 3.2).

Equality of values is equality of text everywhere else, so whatever comes in, from a device or from
a person, passes through here first.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterType, Value

_BLANKS = " \t\r\n"
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}
# Twenty digits hold every legal integer; more would only make int() work.
_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,20})", re.ASCII)
_DECIMAL = re.compile(r"([+-]?)0*([0-9]{0,40})(?:\.([0-9]{0,40}))?", re.ASCII)
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,20}))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
# What XML 1.0 cannot carry: control characters, lone surrogates and two that are no characters.
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LAST_RELATIVE_YEAR = 1000


def canonical(kind: ParameterType, text: str, *, field: str = "value") -> Value:
    """The canonical form of this text; InvalidValue (rule ``type``) when it is not of the type.

    The error never repeats the text: it may be a secret, or somebody's data.
    """
    value = reader_of(kind)(text)
    if value is None:
        form = _FORMS[kind]
        raise InvalidValue(f"this is not {form.name}", field=field, rule="type", remedy=form.remedy)
    return value


def reader_of(kind: ParameterType) -> Callable[[str], Value | None]:
    """What gives the canonical form of a text; None when it is not of the type."""
    return _FORMS[kind].of


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    remedy: str
    of: Callable[[str], Value | None]


def _integer(low: int, high: int) -> _Form:
    def of(text: str) -> Value | None:
        found = _INTEGER.fullmatch(text.strip(_BLANKS))
        if found is None:
            return None
        number = int(found[1] + found[2])
        return str(number) if low <= number <= high else None

    return _Form(f"a whole number from {low} to {high}", "Write digits only, such as 36.", of)


def _boolean(text: str) -> Value | None:
    return _BOOLEANS.get(text.strip(_BLANKS))


def _decimal(text: str) -> Value | None:
    found = _DECIMAL.fullmatch(text.strip(_BLANKS))
    if found is None or not (found[2] or found[3] or "0" in found[0]):
        return None
    whole, part = found[2] or "0", (found[3] or "").rstrip("0")
    sign = "-" if found[1] == "-" and (whole != "0" or part) else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def _string(text: str) -> Value | None:
    # What is printable can be sent, and that is seen faster.
    return text if text.isprintable() or not _UNSENDABLE.search(text) else None


def _base64(text: str) -> Value | None:
    try:
        return b64encode(b64decode("".join(text.split()), validate=True)).decode("ascii")
    except (NotBase64, ValueError):
        return None


def _hex_binary(text: str) -> Value | None:
    stripped = text.strip(_BLANKS)
    whole = len(stripped) % 2 == 0 and re.fullmatch(r"[0-9A-Fa-f]*", stripped)
    return stripped.upper() if whole else None


def _date_time(text: str) -> Value | None:
    """UTC, except that a time of the years up to 1000 is relative and has no zone.

    TR-106 section 3.2: 0001-01-01T00:00:00Z is "unknown", 9999-12-31T23:59:59Z is "never", and a
    time shortly after 0001-01-01T00:00:00 counts from when the device started.
    """
    found = _TIME.fullmatch(text.strip(_BLANKS))
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1] + (found[3] or "Z"))
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    relative = found[3] is None and utc.year < _LAST_RELATIVE_YEAR
    part = (found[2] or "").rstrip("0")
    whole = utc.replace(tzinfo=None).isoformat()
    return whole + (f".{part}" if part else "") + ("" if relative else "Z")


_FORMS = {
    ParameterType.STRING: _Form("text that can be sent", "Leave out control characters.", _string),
    ParameterType.INT: _integer(-(2**31), 2**31 - 1),
    ParameterType.UNSIGNED_INT: _integer(0, 2**32 - 1),
    ParameterType.LONG: _integer(-(2**63), 2**63 - 1),
    ParameterType.UNSIGNED_LONG: _integer(0, 2**64 - 1),
    ParameterType.BOOLEAN: _Form("true or false", "Write true or false.", _boolean),
    ParameterType.DATE_TIME: _Form(
        "a date and time", "Write it like 2026-01-31T23:59:59Z.", _date_time
    ),
    ParameterType.BASE64: _Form("base64", "Encode the octets in base64.", _base64),
    ParameterType.HEX_BINARY: _Form(
        "hexadecimal", "Write two hexadecimal digits for each octet.", _hex_binary
    ),
    ParameterType.DECIMAL: _Form("a decimal number", "Write it like -12.5.", _decimal),
}
