"""Puts a household into its device: settings, resolvers and what hangs on the network."""

from typing import TYPE_CHECKING

from evals.homes.air import Air
from evals.homes.chance import dice
from evals.homes.household import Household, RadioLife

if TYPE_CHECKING:
    from evals.homes.home import Home


def move_in(home: "Home") -> None:
    """Set the radios, give the resolvers, and list who lives here."""
    for radio in home.radios:
        home.tree.put(radio.spec.row + "Channel", str(radio.life.channel))
        automatic = "true" if radio.life.automatic else "false"
        home.tree.put(radio.spec.row + "AutoChannelEnable", automatic)
    _resolve(home)
    for guest in home.household.guests if home.model.places.hosts else ():
        wireless = home.radio_of(guest.point).spec.row.rstrip(".") if guest.point else ""
        facts = {
            "name": guest.name,
            "mac": guest.mac,
            "address": guest.address,
            "layer": wireless or home.model.places.cable,
        }
        home.hosts[home.tree.add(home.model.places.hosts, facts=facts)] = guest


def _resolve(home: "Home") -> None:
    place = home.model.places.resolvers
    if not place.endswith("."):
        home.tree.put(place, ",".join(home.household.resolvers))
        return
    for each in home.household.resolvers:
        kind = "Static" if home.household.own_resolvers else home.model.places.learned
        row = f"{place}{home.tree.add(place, facts={'resolver': each, 'kind': kind})}."
        # TR-181 DNS.Client.Server: the address is the provider's to choose unless Static.
        home.tree.parameters[row + "DNSServer"].writable = kind == "Static"


def quiet(band: str) -> RadioLife:
    """A radio that nobody said anything about: nothing near it, little to do."""
    channel = {"2.4GHz": 1, "5GHz": 36}.get(band, 37)
    return RadioLife(air=Air(band), channel=channel, demand=0.1, automatic=True)


def facts(household: Household) -> dict[str, str]:
    """What the values of a model file may name."""
    draw = dice(household.seed, "facts")
    # The 02 makes it a locally administered address: no vendor's.
    base = "02:" + ":".join(f"{draw.randrange(256):02X}" for _ in range(4))
    return {
        "serial": household.serial,
        "country": household.country,
        "ssid": household.ssid,
        "passphrase": household.passphrase,
        "wan_address": household.wan.address,
        "wan_gateway": household.wan.gateway,
        "resolvers": ",".join(household.provider_resolvers),
        "login": f"{household.serial.lower()}@example.net",
        **{f"mac{number}": f"{base}:{number:02X}" for number in range(16)},
    }
