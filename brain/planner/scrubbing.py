"""What names people and places in free text, as patterns."""

import re

_TITLES = (
    r"mrs?|ms|miss|dr|herr|frau|dhr|mevr|mevrouw|meneer|señora?|sr|sra|mister|mme|mlle|madame"
    r"|monsieur"
)
_ROLES = r"customer|subscriber|client|caller|user|klant|kunde|kundin|cliente|abonnee"

KNOWN_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("text", re.compile(r"[\"“„«](?P<what>[^\"”“»]{1,200})[\"”“»]")),
    ("text", re.compile(r"(?<!\w)['\u2018](?P<what>[^'\u2019]{1,200})['\u2019](?!\w)")),
    ("mail", re.compile(r"(?P<what>[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+)")),
    ("mac", re.compile(r"(?<!\w)(?P<what>(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})(?!\w)")),
    ("mac", re.compile(r"(?<!\w)(?P<what>(?=\w*\d)(?=\w*[A-Fa-f])[0-9A-Fa-f]{12})(?!\w)")),
    ("ip", re.compile(r"(?<![\w.])(?P<what>(?:\d{1,3}\.){3}\d{1,3})(?![\w.]\d)")),
    ("ip", re.compile(r"(?<![\w:])(?P<what>(?=\S*:\S*:)[0-9A-Fa-f:]{3,39})(?![\w:])")),
    ("number", re.compile(r"(?<![\w.])(?P<what>\+?\d(?:[ ()/.-]{0,2}\d){6,17})(?!\w)")),
    (
        "site",
        re.compile(
            r"(?<![\w.@])(?P<what>(?:https?://\S+|(?!Device\.)(?:[\w-]+\.)+[A-Za-z]{2,24}))"
        ),
    ),
    (
        "name",
        re.compile(rf"(?i:\b(?:{_TITLES})\b\.?)\s+(?P<what>[^\W\d_][\w'-]+(?:\s[A-Z][\w'-]+)*)"),
    ),
    (
        "name",
        re.compile(
            rf"(?:\b(?i:{_ROLES}|name is|naam is|name ist|se llama|s'appelle|heißt|heet)\s+)"
            r"(?P<what>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)*)"
        ),
    ),
)
"""Forms that are recognised without knowing whose they are, most telling first."""
