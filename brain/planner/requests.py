"""Finds what a message asks for outright: a verb that tells us to do it, and what to do."""

import re
from collections.abc import Callable
from ipaddress import ip_address

from brain.planner.facts import Request, RequestKind

_DO = (
    r"\b(?:set|put|move|change|switch|use|make|give|assign|turn|zet|verander|stel|gebruik|stell\w*|setz\w*"
    r"|änder\w*|wechs\w*|nimm|pon|poner|cambia\w*|usa\w*)\b"
)
_NOT = r"\b(?:don'?t|do not|never|without|niet|nicht|nooit|nie)\b[^.!?]{0,25}$"
_ON = r"(?:to|on|onto|at|into|as|number|nr\.?|no\.?|op|naar|auf|zu|al?|en|=|:)"

_CHANNEL = (
    rf"\b(?:channel|kanaal|kanal|canal|ch)\s*(?:{_ON}\s*){{0,2}}(\d{{1,3}})\b"
    r"(?:\s*(?:to|naar|auf|->|a)\s*(\d{1,3})\b(?!\s?[gm%.]))?"
)
_LEFT = r"\b(?:from|instead of|off|leave|van|in plaats van|von|statt|desde|de|del)\s*$"
"""Words before what is to be left, not taken."""
_AUTO = r"\b(?:auto(?:matic(?:ally)?)?|automatisch|automático)\b[ -]*(?:channel|kanaal|kanal|canal)"
_AUTO_AFTER = rf"\b(?:channel|kanaal|kanal|canal)\b[^!?;]{{0,20}}\b{_ON}?\s*(?:auto\w*)\b"
_WIDTH = r"\b(20|40|80|160|320)\s?mhz\b"
_POWER = (
    r"\b(?:power|zendvermogen|sendeleistung|potencia)\b[^!?;]{0,25}?\b(\d{1,3})\s?(?:%|per|pro)"
)
_OFF = r"\b(?:(?:turn|switch)\b[^!?;]{0,30}\boff|disable)\b[^!?;]{0,30}\b(?:wi-?fi|wlan|radio|ghz)"
_OFF_AFTER = r"\b(?:turn|switch)\b[^!?;]{0,30}\b(?:wi-?fi|wlan|radio|ghz)[^!?;]{0,15}\boff\b"
_ON_RADIO = (
    r"\b(?:(?:turn|switch)\b[^!?;]{0,30}\bon|enable)\b[^!?;]{0,30}\b(?:wi-?fi|wlan|radio|ghz)"
)
_REBOOT = (
    r"^(?:please |can you |could you )?(?:reboot|restart|power[ -]?cycle|herstart|reinicia)\b"
    r"|\b(?:please|to) (?:reboot|restart)\b|\bneu ?starten\b"
)
_PARAMETER = re.compile(
    r"\b(?:set|change|put)\s+(Device\.[A-Za-z0-9_.\-]{3,250}[A-Za-z0-9])\s*(?:to|=|:)\s*"
    r"(?:\"([^\"]{0,500})\"|'([^']{0,500})'|(\S{1,500}))",
    re.IGNORECASE,
)


def read_request(text: str, words: str) -> Request | None:
    """What ``text`` asks for; ``words`` is the same in small letters. None when it only tells."""
    for read in (_parameter, *(_of_words(reader) for reader in _READERS)):
        found = read(text, words)
        if found is not None:
            return found
    return None


def addresses_in(text: str) -> tuple[str, ...]:
    """The IP addresses to be used that a text names, in order, each in its canonical form."""
    found: list[str] = []
    for word in re.finditer(r"[^\s,;()\"']+", text):
        try:
            address = str(ip_address(word[0].strip(".!?")))
        except ValueError:
            continue
        if not re.search(_LEFT, text[: word.start()]):
            found.append(address)
    return tuple(dict.fromkeys(found))


def _parameter(text: str, words: str) -> Request | None:
    del words  # paths and values are case-sensitive
    found = _PARAMETER.search(text)
    if found is None:
        return None
    value = next(group for group in found.groups()[1:] if group is not None)
    if found[4] is not None:
        value = value.rstrip(".,;!?") or value
    return Request(kind=RequestKind.PARAMETER, path=found[1], value=value)


def _of_words(reader: Callable[[str], Request | None]) -> Callable[[str, str], Request | None]:
    return lambda text, words: reader(words)


def _reboot(words: str) -> Request | None:
    return Request(kind=RequestKind.REBOOT) if _asked(_REBOOT, words) else None


def _dns(words: str) -> Request | None:
    found = addresses_in(words)
    about = re.search(r"\bdns\b|\bresolvers?\b|\bname ?servers?\b", words)
    if not found or about is None or not _asked(_DO, words):
        return None
    return Request(kind=RequestKind.DNS, value=",".join(found))


def _auto_channel(words: str) -> Request | None:
    named = re.search(_AUTO, words) or re.search(_AUTO_AFTER, words)
    asked = named is not None and _asked(rf"{_DO}|\benable\b", words)
    return Request(kind=RequestKind.AUTO_CHANNEL) if asked else None


def _channel(words: str) -> Request | None:
    for found in re.finditer(_CHANNEL, words):
        before = words[: found.start()]
        if not found[2] and re.search(_LEFT, before):
            continue
        if _asked(_DO, before + " "):
            return Request(kind=RequestKind.CHANNEL, value=str(int(found[2] or found[1])))
    return None


def _bandwidth(words: str) -> Request | None:
    found = re.search(_WIDTH, words)
    asked = found is not None and _asked(_DO, words)
    return Request(kind=RequestKind.BANDWIDTH, value=found[1]) if found and asked else None


def _power(words: str) -> Request | None:
    found = re.search(_POWER, words)
    asked = found is not None and _asked(rf"{_DO}|\b(?:lower|raise|increase|reduce)\b", words)
    return Request(kind=RequestKind.TRANSMIT_POWER, value=found[1]) if found and asked else None


def _radio_off(words: str) -> Request | None:
    off = _asked(_OFF, words) or _asked(_OFF_AFTER, words)
    return Request(kind=RequestKind.RADIO_OFF) if off else None


def _radio_on(words: str) -> Request | None:
    return Request(kind=RequestKind.RADIO_ON) if _asked(_ON_RADIO, words) else None


def _asked(pattern: str, words: str) -> bool:
    """Whether the words are there and nobody said not to."""
    return any(not re.search(_NOT, words[: found.start()]) for found in re.finditer(pattern, words))


_READERS: tuple[Callable[[str], Request | None], ...] = (
    _reboot,
    _dns,
    _auto_channel,
    _channel,
    _bandwidth,
    _power,
    _radio_off,
    _radio_on,
)
