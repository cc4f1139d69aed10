"""Rules of hosts, and of values that are paths."""

from brain.datamodel.translation.binding import Look, Sets
from brain.datamodel.translation.instances import native_of, radio_at, target_of
from brain.datamodel.translation.mapping import OLD
from brain.datamodel.translation.rule import Rule, copy, is_on

_MAC = "AssociatedDeviceMACAddress"


def _layer1(look: Look) -> str | None:
    """TR-181 names the layer-1 interface: the port, or the radio a wireless host is on."""
    where = look.text.rstrip(".") + "."
    radio = radio_at(where, look.home)
    return radio or target_of(where, look.home)


def _station(look: Look) -> str | None:
    """The row of the wireless client with the same MAC address, below its access point."""
    where = look.text.rstrip(".") + ".AssociatedDevice."
    mac = (look.beside("MACAddress") or "").lower()
    if not mac or ".WLANConfiguration." not in where:
        return None
    for native, text in look.home.below(where, _MAC):
        if text.lower() == mac:
            return target_of(native.removesuffix(_MAC), look.home)
    return None


def path_of(look: Look) -> str | None:
    """The TR-181 row that a native path points to."""
    return target_of(look.text.rstrip(".") + ".", look.home) if look.text else ""


def set_path(value: str, look: Look) -> Sets | None:
    """Point to the native object that has become this TR-181 row."""
    if not value:
        return look.set("")
    native = native_of(value.rstrip("."), look.home)
    return None if native is None else look.set(native.rstrip("."))


def _total(look: Look) -> str | None:
    """TR-098 counts the rows of each LAN or connection, TR-181 those of the device."""
    leaf = look.at.native.rpartition(".")[2]
    counts = [text for _, text in look.home.below(OLD, leaf)]
    return str(sum(map(int, counts))) if all(map(str.isdecimal, counts)) else None


def _servers(look: Look) -> list[str]:
    """The switch of the DHCP server of each LAN; TR-181 has one for all of them besides."""
    return [native for native, _ in look.home.below(f"{OLD}LANDevice.", "DHCPServerEnable")]


def _any_on(look: Look) -> str:
    return "true" if any(is_on(look.now(native)) for native in _servers(look)) else "false"


HOST_RULES: dict[str, Rule] = {
    "layer1": Rule(read=_layer1),
    "station": Rule(read=_station, needs=("MACAddress",)),
    "path": Rule(read=path_of, write=set_path),
    "total": Rule(read=_total),
    # With several LANs nobody can tell which of them were on before all were off.
    "any_on": Rule(read=_any_on, write=copy, settable=lambda look: len(_servers(look)) == 1),
}
