"""Takes out of free text what may be a secret: whatever stands where somebody says one.

What a secret looks like nobody can tell, so it is told by its place: after the name of one nothing
is left but words that everybody uses. That takes out too much rather than too little; the rules
read the message as it was typed, and only a language model gets this one.
"""

import re
import tomllib
from pathlib import Path

SECRET_MARK = "[secret]"  # noqa: S105 - stands where a secret was

_AIR = r"(?:wi-?fi|wlan|wpa\d?|wireless|netzwerk|netwerk|network|security|réseau|red)"
_OF = r"(?: (?:du|de la|del|de))?"
_NAME = (
    r"\b(?:pass(?:words?|phrases?|code|wort(?:e?s)?|w(?:or)?d)|pwd?|psk|pin|wachtwoord|kennwort"
    r"|contraseñas?|mots? de passe|mdp"
    rf"|{_AIR}[ -]?(?:key|code|sleutel|schlüssel)"
    rf"|(?:clé|code|llave|clave){_OF} {_AIR}|clave|pass(?=\s*[:=]))\b"
)
_BEFORE = (
    r"(?:is|as|ist|als|es|est|como|comme)\s+"
    r"(?:(?:the|her|his|my|our|your|their|a|das|ihr|sein|mein|het|de|haar|zijn|mijn|la|le|su|mi|son"
    r"|sa|ma|mon|new|neues|nieuwe?|nueva|nouveau)\s+){0,2}"
)
_SAID = re.compile(rf"(?i:{_NAME})(?P<rest>(?:(?![.!?;](?:\s|$))[\s\S]){{0,120}}[^\s.!?;]*)")
"""A secret's name, and the rest of the sentence."""
_SAID_FIRST = re.compile(rf"(?<!\S)(?i:(?P<what>\S++)(?=\s+{_BEFORE}{_NAME}))")
_MIXED = re.compile(r"(?<!\S)(?=\S*\d)(?=\S*[^\W\d_])\S{6,}")
"""Letters and digits, six at least: taken out wherever a secret is talked about."""
_LONG_MIXED = re.compile(r"(?<!\S)(?!\S*[.:/]\S)(?=\S*\d)(?=\S*[^\W\d_])\S{8,}")
"""Eight and more without a dot, colon or slash, such as no path has: taken out anywhere."""
_MEASURE = re.compile(r"\d+([.,]\d+)?-?[A-Za-z]{1,5}(/s)?\W*|\W*802\.11\w{0,3}\W*")
_WORD = re.compile(r"(?P<lead>[\"'“„«(:=>\-\s]*)(?P<what>\S+)")
_CORE = re.compile(r"[\w'-]+")

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LINKS = frozenset(_WORDS["links"].split())
_GONE = frozenset(_WORDS["gone"].split())
_PLAIN = frozenset(_WORDS["plain"].split())


def without_secrets(text: str) -> str:
    """The text with ``SECRET_MARK`` wherever somebody may have typed a secret."""
    spoken = _SAID.search(text) is not None
    plain = _SAID_FIRST.sub(_unless_plain, text)
    plain = _SAID.sub(_hushed, plain)
    return (_MIXED if spoken else _LONG_MIXED).sub(_unless_measure, plain)


def _hushed(found: re.Match[str]) -> str:
    """The name, and of the rest of its sentence what everybody says."""
    rest, kept, due, said = found["rest"], [], False, False
    for word in _WORD.finditer(rest):
        core = _core(word["what"])
        due = not said and (due or core in _LINKS)
        if core in _LINKS | _GONE or (core in _PLAIN and not due):
            kept.append(word[0])
        else:
            kept.append(word["lead"] + SECRET_MARK)
            said = True
    return found[0][: len(found[0]) - len(rest)] + "".join(kept)


def _core(word: str) -> str:
    """The word without what stands around it."""
    found = _CORE.search(word)
    return found[0].casefold() if found else word


def _unless_plain(found: re.Match[str]) -> str:
    known = _core(found["what"]) in _PLAIN | _LINKS | _GONE
    return found[0] if known else SECRET_MARK


def _unless_measure(found: re.Match[str]) -> str:
    kept = _MEASURE.fullmatch(found[0]) or SECRET_MARK in found[0] or "Device." in found[0]
    return found[0] if kept else SECRET_MARK
