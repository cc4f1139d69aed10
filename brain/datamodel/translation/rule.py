"""What a rule of translation is."""

from collections.abc import Callable
from dataclasses import dataclass

from brain.datamodel.translation.binding import Look, Sets

Read = Callable[[Look], str | None]
Write = Callable[[str, Look], Sets | None]


def always(_: Look) -> bool:
    """A rule that holds for every device."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way of translating a parameter."""

    read: Read
    """The TR-181 value; None when TR-098 does not say."""
    write: Write | None = None
    """What to set for a TR-181 value; None when it cannot be said in TR-098."""
    needs: tuple[str, ...] = ()
    """Leaves of the same object that have to be read along."""
    applies: Callable[[Look], bool] = always
    """Whether the row holds for this device at all."""
    settable: Callable[[Look], bool] = always
    """Whether the device, as it is now, lets the parameter be set in the sense of TR-181."""
    shared: bool = False
    """Several paths of one request may set the same native parameter, one after the other."""
    together: bool = False
    """One native parameter is several paths: a request has to set all of them, and alike."""
    turn: int = 0
    """What it means hangs on what else the request sets: it is translated after those before it."""


def is_on(text: str | None) -> bool:
    """Whether a boolean is true; XML Schema has two spellings for it."""
    return text in ("true", "1")


def same(look: Look) -> str | None:
    """The value as it is."""
    return look.text


def copy(value: str, look: Look) -> Sets:
    """Set the value as it is."""
    return look.set(value)
