"""Reads a message by its words: English first, and the commonest words of three more languages."""

import re

from brain.domain.incident import Symptom
from brain.planner.facts import Band, IntakeFacts
from brain.planner.requests import read_request

LONGEST = 4_000
"""Characters of a message that are read; nobody describes a home network in more."""

_BANDS: tuple[tuple[Band, str], ...] = (
    (Band.GHZ_2_4, r"2[.,]4"),
    (Band.GHZ_5, r"(?<![\d.,])5(?=\s?-?\s?(?:g\b|ghz))"),
    (Band.GHZ_6, r"(?<![\d.,])6(?=\s?-?\s?(?:g\b|ghz))"),
)

_KEY = (
    r"(?:pass(?:word|phrase|wort|code)|wachtwoord|kennwort|contraseña|clave"
    r"|(?:wi-?fi|wlan|wireless)[ -]?(?:key|code|schlüssel))"
)
_LOST = (
    r"(?:forg[eo]t\w*|lost|los[et]s?\b|(?:do|does)(?: not|n'?t) (?:know|remember)|vergeten|kwijt"
    r"|vergessen|olvid\w+|perdid\w+|reset)"
)

_SIGNS: tuple[tuple[Symptom, str], ...] = (
    (Symptom.FORGOT_WIFI_PASSPHRASE, rf"{_LOST}.{{0,60}}{_KEY}|{_KEY}.{{0,40}}{_LOST}"),
    (
        Symptom.SITES_DO_NOT_OPEN,
        r"(?:sites?|pages?|webpages?|urls?|apps?|names?|pagina'?s?|seiten?|páginas?|sitios?)\b"
        r".{0,40}(?:(?:do|does|will|can|could)(?: not|n'?t)|won'?t|cannot|never|fail\w*"
        r"|\bniet\b|\bnicht\b|\bno\b)"
        r"|\bno (?:web ?)?(?:sites?|pages?)\b|\b(?:sites?|pages?|addresses) (?:are |is )?not found"
        r"|(?:cannot|can'?t|no) (?:open|load|reach|resolve|abren?).{0,30}"
        r"(?:sites?|pages?|names?|páginas?|sitios?)"
        r"|\bno (?:se )?(?:abren?|cargan?)\b|\bdns\b|(?:sites?|pages?) (?:is|are) (?:not|un)",
    ),
    (
        Symptom.UNSTABLE_LINE,
        r"drop\w*|disconnect\w*|cuts? out|unstable|intermittent\w*|comes and goes|flapp\w*"
        r"|keeps? (?:losing|rebooting|restarting)|valt (?:steeds )?(?:weg|uit)|instabiel"
        r"|bricht ab|abbr[uü]che?|instabil|se corta|inestable",
    ),
    (
        Symptom.NO_INTERNET,
        r"no (?:internet|connection|signal|service|wi-?fi)\b|(?:can't|cannot) (?:get|go) online"
        r"|nothing works|red light|los light|(?:internet|connection|line|service|everything)"
        r".{0,20}(?:down|dead|out\b|gone|not work\w*|(?:does|do)(?: not|n'?t) work)|\boffline\b"
        r"|geen (?:internet|verbinding)|keine? (?:internet|verbindung)|sin (?:internet|conexión)",
    ),
    (
        Symptom.SLOW_WIFI,
        r"\bslow\w*|stutter\w*|buffer\w*|\blag\w*|choppy|freez\w*|crawl\w*|bad (?:wi-?fi|video)"
        r"|(?:wi-?fi|wireless|video|stream\w*).{0,25}(?:bad|poor|weak|terrible|awful)"
        r"|traag|langzaam|hapert|langsam|ruckelt|lent[oa]",
    ),
)


def read_message(text: str, *, known: Symptom = Symptom.UNCLEAR) -> IntakeFacts:
    """The facts of a message; ``known`` is the symptom the case already has."""
    words = plain(text)
    band = _band(words)
    request = read_request(text[:LONGEST], words)
    if request is not None:
        return IntakeFacts(symptom=Symptom.EXPLICIT_REQUEST, band=band, request=request)
    return IntakeFacts(symptom=_symptom(words) or known, band=band)


def plain(text: str) -> str:
    """Small letters and single spaces, no longer than is read."""
    return " ".join(text[:LONGEST].casefold().replace("\u2019", "'").split())


def _symptom(words: str) -> Symptom | None:
    return next((symptom for symptom, sign in _SIGNS if re.search(sign, words)), None)


def _band(words: str) -> Band | None:
    named = [band for band, sign in _BANDS if re.search(sign, words)]
    return named[0] if len(named) == 1 else None
