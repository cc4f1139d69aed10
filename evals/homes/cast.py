"""The demo's cast: homes with something wrong, whose ids never change. Every name is invented."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from brain.domain.device import device_id
from brain.domain.identity import DeviceId, NodeId
from evals.homes.air import Air, Interferer
from evals.homes.crowd import HOSTILE_NAMES, neighbour
from evals.homes.device_model import device_model
from evals.homes.household import Household, RadioLife
from evals.homes.network import BAD_SPLITTERS, CABLE, CELL, GOOD_SPLITTERS

DEAD_RESOLVERS = ("192.0.2.53", "192.0.2.54")
"""Addresses that nothing answers from (RFC 5737)."""

Ailment = Callable[[Household, Random], Household]


@dataclass(frozen=True, slots=True)
class Role:
    """One member of the cast."""

    key: str
    model: str
    serial: str
    subscriber: str
    site: str
    node: NodeId
    ailment: Ailment
    country: str = "GB"
    says: str = ""
    """What the subscriber complains of, in their words."""

    @property
    def device(self) -> DeviceId:
        """The id of the device, the same in every run."""
        model = device_model(self.model)
        return device_id(model.oui, model.product_class, self.serial)


def _congested(home: Household, draw: Random) -> Household:
    """Loud neighbours share channel 6; 1 is nearly free, 11 is so-so."""
    loud = [(-48, 0.32), (-53, 0.28), (-57, 0.24), (-60, 0.2), (-64, 0.15)]
    seen = [neighbour(draw, 6, dbm, load) for dbm, load in loud]
    seen.append(neighbour(draw, 1, -84, 0.08, name=HOSTILE_NAMES[0]))
    seen += [neighbour(draw, 11, -63, 0.26), neighbour(draw, 11, -70, 0.2)]
    life = RadioLife(Air("2.4GHz", tuple(seen)), channel=6, demand=0.16)
    return replace(home, radios=(life, *home.radios[1:]))


def _abroad(home: Household, draw: Random) -> Household:
    """A box in the United States that believes channels 12 and 13 are open to it.

    47 CFR 15.247 leaves them unused in practice: the edge of the band must stay quiet.
    """
    seen = [neighbour(draw, c, -62, 0.3) for c in (1, 6, 11)] + [neighbour(draw, 11, -66, 0.2)]
    life = RadioLife(Air("2.4GHz", tuple(seen)), channel=6, demand=0.14)
    settings = {"Device.WiFi.Radio.1.PossibleChannels": "1-13"}
    return replace(home, radios=(life, *home.radios[1:]), settings=settings)


def _haunted(home: Household, draw: Random) -> Household:
    """A scan shows channel 6 free, and a video sender that no scan shows sits right on it."""
    seen = [neighbour(draw, 1, dbm, load) for dbm, load in ((-55, 0.3), (-60, 0.26), (-66, 0.2))]
    seen += [neighbour(draw, 11, dbm, load) for dbm, load in ((-52, 0.34), (-58, 0.3), (-61, 0.2))]
    sender = Interferer("video sender", centre=2437.0, width=18.0, dbm=-50, duty=0.94)
    air = Air("2.4GHz", tuple(seen), (sender,))
    return replace(home, radios=(RadioLife(air, channel=1, demand=0.12), *home.radios[1:]))


def _misled(home: Household, draw: Random) -> Household:
    """Somebody typed in resolvers that do not answer."""
    return replace(home, resolvers=DEAD_RESOLVERS, own_resolvers=True)


def _misled_old(home: Household, draw: Random) -> Household:
    """The same on a TR-098 box, whose own resolvers must not be overridden by learned ones."""
    wan = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."
    settings = {wan + "DNSOverrideAllowed": "false"}
    return replace(home, resolvers=DEAD_RESOLVERS, own_resolvers=True, settings=settings)


def _well(home: Household, draw: Random) -> Household:
    """Nothing is wrong in here: it may be outside."""
    return home


_DIM = (
    ("Edda Marlowe", "Mill Lane 3"),
    ("Caspian Thorne", "Mill Lane 7"),
    ("Ottoline Brandt", "Mill Lane 9"),
    ("Ruben Achterberg", "Mill Lane 15"),
    ("Saoirse Pell", "Mill Lane 17"),
    ("Idris Fenwick", "Mill Lane 21"),
    ("Lucia Vantongeren", "Mill Lane 25"),
    ("Bartholomew Rusk", "Mill Lane 31"),
)

ROLES: tuple[Role, ...] = (
    Role(
        key="congested",
        model="havrelund-hl2400",
        serial="HL24000101",
        subscriber="Maren Oakley",
        site="Alder Street 12",
        node=GOOD_SPLITTERS[0],
        ailment=_congested,
        says="the wifi is terribly slow every evening",
    ),
    Role(
        key="abroad",
        model="quillon-q5",
        serial="QNQ5000207",
        subscriber="Delphine Castellanos",
        site="Birch Road 8",
        node=CABLE,
        ailment=_abroad,
        country="US",
        says="please put my wifi on channel 13, a forum says it is the fastest",
    ),
    Role(
        key="haunted",
        model="brightmoor-hearth6",
        serial="BMH6000303",
        subscriber="Tobias Quist",
        site="Alder Street 26",
        node=GOOD_SPLITTERS[1],
        ailment=_haunted,
        says="wifi keeps stuttering in the living room",
    ),
    Role(
        key="misled",
        model="brightmoor-hearth6",
        serial="BMH6000404",
        subscriber="Ingrid Vasquez",
        site="Alder Street 30",
        node=GOOD_SPLITTERS[1],
        ailment=_misled,
        says="no web site opens, but video calls that were running go on",
    ),
    Role(
        key="forgotten",
        model="havrelund-hl2400",
        serial="HL24000505",
        subscriber="Percival Nakamura",
        site="Alder Street 18",
        node=GOOD_SPLITTERS[0],
        ailment=_well,
        says="I forgot my wifi password",
    ),
    Role(
        key="old",
        model="huawei-bm632w",
        serial="BM632W000606",
        subscriber="Halima Strand",
        site="Hill Farm",
        node=CELL,
        ailment=_misled_old,
        says="pages do not load since my nephew changed something",
    ),
    *(
        Role(
            key=f"dim-{number}",
            model="havrelund-hl2400",
            serial=f"HL2400070{number}",
            subscriber=name,
            site=site,
            node=BAD_SPLITTERS[(number - 1) // 4],
            ailment=_well,
            says="internet drops out all the time" if number == 1 else "",
        )
        for number, (name, site) in enumerate(_DIM, 1)
    ),
)

CAST: dict[str, DeviceId] = {role.key: role.device for role in ROLES}
"""Device ids by what is the matter: ``CAST["congested"]``."""
