"""Every rule that the mapping names."""

from brain.datamodel.translation.binding import Look
from brain.datamodel.translation.clock import TIME_RULES
from brain.datamodel.translation.connections import CONNECTION_RULES, routed
from brain.datamodel.translation.hosts import HOST_RULES
from brain.datamodel.translation.routes import ROUTE_RULES
from brain.datamodel.translation.rule import Rule, copy, same
from brain.datamodel.translation.voice import VOICE_RULES
from brain.datamodel.translation.wireless import WIRELESS_RULES
from brain.datamodel.translation.words import from_words, to_words


def _link(look: Look) -> str | None:
    """Not a value of the device at all: how the rows of TR-181 hang together."""
    return look.at.target


def _beside(look: Look) -> str | None:
    return look.beside(look.at.row.argument)


LINKS = frozenset({"link", "routed_link"})
"""The rules whose argument is the template of what they point to."""

RULES: dict[str, Rule] = {
    "same": Rule(read=same, write=copy),
    "together": Rule(read=same, write=copy, together=True),
    "constant": Rule(read=lambda look: look.at.row.argument),
    "read": Rule(read=same),
    "words": Rule(read=from_words, write=to_words),
    "reported": Rule(read=from_words),
    "link": Rule(read=_link),
    "routed_link": routed(Rule(read=_link)),
    "beside": Rule(read=_beside, needs=("DNSEnabled",)),
    **WIRELESS_RULES,
    **CONNECTION_RULES,
    **HOST_RULES,
    **ROUTE_RULES,
    **TIME_RULES,
    **VOICE_RULES,
}
