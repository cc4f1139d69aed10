"""Tells an agent's own words from what they pasted: another's order is evidence of nothing."""

import re

_ORDERS = (
    r"(?:set|put|change|use|switch|turn|disable|enable|reboot"
    r"|zet|stell|setz|pon|cambia|mets|Device\.)"
)
_QUOTES = re.compile(
    r"(?:(?<!\bi )\b(?:forum\w*|foro|reddit|website|blog|chat ?gpt|paste[ds]?|cop(?:ied|y)|found"
    r"|read|saw|wrote|written|posted|say|says|said|told|suggest\w*|advi[cs]e\w*|tip|below|quote\w*"
    r"|ticket|e?-?mail|stand|steht|stehen|gefunden|gelesen|geschrieben|gesagt|kopiert|eingefügt"
    r"|staat|stond|gevonden|gelezen|geschreven|gezegd|geplakt|gekopieerd"
    r"|dice|dijo|decía|encontr\w+|leí\w*|pegad\w+|copiad\w+|escri\w+"
    r"|dit|disait|trouvé\w*|lu|collé\w*|copié\w*|écrit\w*)\b[^.!?:\n]{0,60}:(?=\s)"
    r"|\b(?:forum|foro|reddit|website|blog|chat ?gpt|post|video|article|guide|somebody|someone|son"
    r"|daughter|cousin|nephew|neighbou?r|friend|colleague|husband|wife)\b[^.!?\n]{0,40}"
    r"\b(?:says?|said|recommends?|recommended|suggests?|suggested|advises?|advised|writes|wrote)\b"
    rf"(?=[^.!?,\n]{{0,20}}\b{_ORDERS})"
    r"|\n\s*(?:>|`{3}|-{3,})|[“„«]"
    rf"|\"(?=\s*(?:please\s+)?{_ORDERS}))",
    re.IGNORECASE,
)
"""Who speaks from here on is somebody else: a word of quoting with a colon, somebody who is said to
order, or a mark of it."""

_BORROWED = re.compile(
    r"\b(?:pre-?)?approved\b|\bverdict\b"
    r"|\b(?:ignore|disregard|forget) (?:all|any|the|this|that|everything|previous|what)\b"
    r"|\[/?(?:system|inst|tool)|\b(?:system|assistant)\s*:|</?[a-z_]+>"
)
"""What nobody says who wishes for something themselves: approval brought along, machine talk."""


def own_words(text: str) -> str:
    """The message up to where it quotes somebody; all of it when it does not."""
    found = _QUOTES.search(text)
    return text[: found.start()] if found else text


def is_borrowed(words: str) -> bool:
    """Whether a wish in these words claims what an agent's own does not have to."""
    return _BORROWED.search(words) is not None
