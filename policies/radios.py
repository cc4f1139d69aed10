"""What each touched radio (TR-181, ``Device.WiFi.Radio.{i}.``) would be after the plan."""

import re

from brain.domain.canonical import Json
from brain.domain.change import Change, SetParameter
from brain.domain.question import Question

_RADIO = re.compile(r"Device\.WiFi\.Radio\.[0-9]+\.")
_CHANNEL = re.compile(r"[0-9]{1,4}")
_COUNTRY = re.compile(r"([A-Z]{2})([ OIX]?)")
_INDOORS = {"I": True, "O": False}
AUTOMATIC = "automatic"


def radios(question: Question) -> dict[str, Json]:
    """By the path of the radio: band, channel, country, width and whether it is for indoors.

    Each is null where nobody said.
    """
    found = {match[0] for path in question.plan.paths if (match := _RADIO.match(path))}
    wanted = {change.path: change.after for change in _sets(question.plan.changes)}
    values: dict[str, str] = question.values | {str(path): to for path, to in wanted.items()}
    return {radio: _radio(radio, values) for radio in sorted(found)}


def _sets(changes: tuple[Change, ...]) -> list[SetParameter]:
    return [change for change in changes if isinstance(change, SetParameter)]


def _radio(radio: str, values: dict[str, str]) -> Json:
    return {
        "country": _country(values.get(radio + "RegulatoryDomain", "")),
        "band": values.get(radio + "OperatingFrequencyBand") or None,
        "width": _width(values.get(radio + "OperatingChannelBandwidth", "")),
        "channel": _channel(values.get(radio + "Channel", "")),
        "indoors": _indoors(values.get(radio + "RegulatoryDomain", "")),
    }


def _channel(text: str) -> int | None:
    return int(text) if _CHANNEL.fullmatch(text) else None


def _country(text: str) -> str | None:
    """RegulatoryDomain is a country and then a space, ``O``, ``I`` or ``X`` (802.11d)."""
    match = _COUNTRY.fullmatch(text)
    return match[1] if match else None


def _indoors(text: str) -> bool | None:
    """Whether the radio was set up to stand indoors; a space is for both, and so says nothing."""
    match = _COUNTRY.fullmatch(text)
    return _INDOORS.get(match[2]) if match else None


def _width(text: str) -> str:
    """A radio that chooses for itself, or does not say, may use the widest channel it can."""
    if text in ("", "Auto"):
        return AUTOMATIC
    return "320MHz" if text.startswith("320MHz-") else text
