"""What names people, places and secrets in free text, as patterns."""

import re

SECRET_MARK = "[secret]"  # noqa: S105 - stands where a secret was

_AIR = r"(?:wi-?fi|wlan|wireless|netzwerk|netwerk|network|réseau|red)"
_OF = r"(?: (?:du|de la|del|de))?"
_NAMED = (
    r"(?:pass(?:word|phrase|wort|code)|wachtwoord|kennwort|contraseña|mots? de passe|psk|pin"
    rf"|{_AIR}[ -]?(?:key|code|sleutel|schlüssel)"
    rf"|(?:clé|code|llave|clave){_OF} {_AIR}|clave)"
)
_ORDINARY = (
    r"forg\w*|lost|again|unknown|gone|wrong|not|no|vergessen|vergeten|weg|olvid\w*|perdid\w*"
    r"|oublié\w*|perdue?|perdus|inconnue?|falsch|verkeerd|incorrect\w*|erroné\w*|nicht|niet|pas"
)
_QUOTED = r"\"[^\"]*\"|'[^']*'"

SECRET = re.compile(
    rf"(?i:\b({_NAMED}\b(?:\s+(?:they want|il veut|elle veut|\w+ möchte))?"
    r"\s*(?:\b(?:is|was|to|into|as|ist|war|lautet|auf|naar|wordt|in|es|era|a|est|était|en)\b|[:=])))"
    rf"\s*(?!(?:{_ORDINARY})\b)(?:{_QUOTED}|\S+)"
    rf"|(?i:\b({_NAMED}))\s+(?:{_QUOTED}|(?=\S*\d)\S+)"
)
"""What follows *password is*, and a word with a digit in it right after *password*."""

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
