"""Concrete TR-181 paths for the instances of one device."""

import re
from collections.abc import Callable

from brain.datamodel.translation.home import Home
from brain.datamodel.translation.joins import JOINS, POSITIONS, Captures, positioned
from brain.datamodel.translation.mapping import NEW, OLD, pattern_of

_NAME = re.compile(r"\{([a-z_0-9]+)\}")


def fill(template: str, at: Captures, home: Home, *, position: int = 0) -> str | None:
    """The concrete path of a target template; None when a number cannot be told."""
    numbers = {name: _number(name, at, home, position) for name in _NAME.findall(template)}
    if None in numbers.values():
        return None
    return _NAME.sub(lambda found: str(numbers[found[1]]), template)


def captures(pattern: re.Pattern[str], path: str) -> Captures | None:
    """The instance numbers in a native path; None when it is not of this pattern."""
    found = pattern.fullmatch(path)
    return None if found is None else {name: int(n) for name, n in found.groupdict().items()}


def target_of(native: str, home: Home) -> str | None:
    """The TR-181 row that a native object has become, without its last dot."""
    for pattern, target in _OBJECTS:
        at = captures(pattern, native)
        if at is not None:
            return fill(target, at, home)
    return None


def native_of(target: str, home: Home) -> str | None:
    """The native object, with its dot, that became this TR-181 row (without its last dot)."""
    owners = {f"{path.rpartition('.')[0]}." for path in home.values}
    return next((each for each in sorted(owners) if target_of(each, home) == target), None)


def radio_at(native: str, home: Home) -> str | None:
    """The TR-181 radio that a WLANConfiguration is on."""
    at = captures(_WLAN, native)
    return None if at is None else fill(NEW + "WiFi.Radio.{radio}", at, home)


def _number(name: str, at: Captures, home: Home, position: int) -> int | None:
    if name in BY_VALUE:
        return BY_VALUE[name](home, at)
    if name in POSITIONS:
        return positioned(JOINS[POSITIONS[name]](at), position)
    return JOINS[name](at) if name in JOINS else at[name]


BY_VALUE: dict[str, Callable[[Home, Captures], int | None]] = {
    "radio": lambda home, at: home.radio_of(at["l"], at["w"]),
    "station": lambda home, at: home.host_of(at["l"], at["w"], at["a"]),
    "default": lambda home, _: home.default_route,
    "dsl": lambda home, _: home.only_dsl,
}
"""Numbers that take what the device says, and not only how it numbers its own rows."""

_WLAN = pattern_of(OLD + "LANDevice.{l}.WLANConfiguration.{w}.")
_OBJECTS = tuple(
    (pattern_of(OLD + native), NEW + target)
    for native, target in (
        ("LANDevice.{l}.LANEthernetInterfaceConfig.{e}.", "Ethernet.Interface.{eth_lan}"),
        (
            "LANDevice.{l}.WLANConfiguration.{w}.AssociatedDevice.{a}.",
            "WiFi.AccessPoint.{wlan}.AssociatedDevice.{a}",
        ),
        ("LANDevice.{l}.WLANConfiguration.{w}.", "WiFi.AccessPoint.{wlan}"),
        ("LANDevice.{l}.LANHostConfigManagement.IPInterface.{n}.", "IP.Interface.{ip_lan}"),
        ("WANDevice.{v}.WANConnectionDevice.{c}.WANIPConnection.{i}.", "IP.Interface.{ip_wan}"),
        ("WANDevice.{v}.WANConnectionDevice.{c}.WANPPPConnection.{p}.", "IP.Interface.{ip_ppp}"),
    )
)
