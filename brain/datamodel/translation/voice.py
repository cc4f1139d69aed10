"""Rules of voice: TR-104 issue 1 has one word where issue 2 has two switches."""

from brain.datamodel.translation.binding import Look, Sets
from brain.datamodel.translation.rule import Rule

_ON, _OFF, _QUIET = "Enabled", "Disabled", "Quiescent"


def _enable(look: Look) -> str | None:
    return {_ON: "true", _OFF: "false", _QUIET: "false"}.get(look.text)


def _set_enable(value: str, look: Look) -> Sets:
    """What is off already stays as it is: quiet, or off at once."""
    if value == "true":
        return look.set(_ON)
    return look.set(_QUIET if look.text == _QUIET else _OFF)


def _quiescent(look: Look) -> str | None:
    return {_ON: "false", _OFF: "false", _QUIET: "true"}.get(look.text)


def _set_quiescent(value: str, look: Look) -> Sets | None:
    """Calls in progress end first: said together with switching off, and never while on."""
    if value == "false":
        return look.set(_OFF if look.text == _QUIET else look.text)
    return None if look.text == _ON else look.set(_QUIET)


VOICE_RULES: dict[str, Rule] = {
    "voice_enable": Rule(read=_enable, write=_set_enable),
    "voice_quiescent": Rule(read=_quiescent, write=_set_quiescent, shared=True, turn=1),
}
