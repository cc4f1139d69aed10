"""Rules of time: one list of servers for five parameters, and a POSIX zone for an offset."""

import re

from brain.datamodel.facets import split_list
from brain.datamodel.translation.binding import Look, Sets
from brain.datamodel.translation.rule import Rule

_SERVERS = tuple(f"Time.NTPServer{number}" for number in range(1, 6))
_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)")
_POSIX = re.compile(r"<([+-])(\d\d)(?::?(\d\d))?>[+-]?\d.*")


def _servers(look: Look) -> str:
    return ",".join(text for name in _SERVERS if (text := look.beside(name)))


def _set_servers(value: str, look: Look) -> Sets | None:
    """All of them anew, the rest emptied; None for more than the device has room for."""
    wanted = list(split_list(value))
    places = [name for name in _SERVERS if look.beside(name) is not None]
    if len(wanted) > len(places) or not all(wanted):
        return None
    wanted += [""] * (len(places) - len(wanted))
    return tuple((look.at.owner + place, each) for place, each in zip(places, wanted, strict=True))


def _zone(look: Look) -> str | None:
    """POSIX counts westwards: an hour ahead of Greenwich is ``<+01>-1``."""
    match = _OFFSET.fullmatch(look.text)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    rest = f":{minutes}" if minutes != "00" else ""
    name = f"<{sign}{hours}{minutes if rest else ''}>"
    return f"{name}{'-' if sign == '+' else ''}{int(hours)}{rest}"


def _set_zone(value: str, look: Look) -> Sets | None:
    """Only what reads back as it was written: an offset has no room for a name or for summer."""
    match = _POSIX.fullmatch(value)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    sets = look.set(f"{sign}{hours}:{minutes or '00'}")
    return sets if _zone(look.after(sets)) == value else None


TIME_RULES: dict[str, Rule] = {
    "servers": Rule(read=_servers, write=_set_servers, needs=_SERVERS[1:]),
    "offset": Rule(read=_zone, write=_set_zone),
}
