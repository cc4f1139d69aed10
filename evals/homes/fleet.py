"""Builds a whole operator's homes from one seed: the cast first, healthy homes after it."""

from dataclasses import dataclass, replace
from itertools import count as counting

from brain.domain.identity import NodeId
from brain.domain.ports import Clock
from evals.homes.cast import ROLES, Role
from evals.homes.chance import dice
from evals.homes.crowd import calm, guests
from evals.homes.device_model import device_model
from evals.homes.home import Home
from evals.homes.household import Household, RadioLife
from evals.homes.network import CABLE, CELL, GOOD_SPLITTERS, Fibres
from evals.homes.optics import Drop
from evals.homes.wan import Wan

_MAKES = (
    ("havrelund-hl2400", "HL24H"),
    ("brightmoor-hearth6", "BMH6H"),
    ("quillon-q5", "QNQ5H"),
)
_FIRST = (
    "Anneke",
    "Bram",
    "Cosima",
    "Dario",
    "Elowen",
    "Florian",
    "Greta",
    "Hugo",
    "Imke",
    "Jonas",
)
_LAST = ("Abendroth", "Birkett", "Calloway", "Duvall", "Eastlake", "Farrow", "Grimsby", "Holloway")
_NETWORKS = ("Nest", "Casa", "Loft", "Haven", "Den")


@dataclass(frozen=True, slots=True)
class Resident:
    """One home, and what only the operator's books say of it."""

    home: Home
    subscriber: str
    site: str
    node: NodeId
    country: str
    role: Role | None = None
    plan: str = "home-500"


def name_of(number: int) -> str:
    """An invented name."""
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number * 3 // 2 % len(_LAST)]}"


def build_fleet(count: int, *, seed: int, clock: Clock) -> list[Resident]:
    """So many homes; the first ``len(ROLES)`` are the cast. Equal seeds make equal homes."""
    fibres = Fibres()
    numbers = counting(1)
    residents = []
    for role, _ in zip([*ROLES, *[None] * count], range(count), strict=False):
        number = next(numbers)
        residents.append(
            _cast(role, number, seed, clock, fibres)
            if role
            else _healthy(number, seed, clock, fibres)
        )
    return residents


def _cast(role: Role, number: int, seed: int, clock: Clock, fibres: Fibres) -> Resident:
    well = _household(role.model, role.serial, role.country, number, seed)
    home = role.ailment(_lit(well, role.node, fibres, number), dice(seed, "ailment", role.key))
    return Resident(
        Home(home, clock=clock), role.subscriber, role.site, role.node, role.country, role
    )


def _healthy(number: int, seed: int, clock: Clock, fibres: Fibres) -> Resident:
    model, prefix = _MAKES[number % len(_MAKES)]
    optical = device_model(model).optical
    node = GOOD_SPLITTERS[number % 2] if optical else CABLE
    name = name_of(number)
    street = "Alder Street" if optical else "Birch Road"
    household = _household(model, f"{prefix}{number:05d}", "GB", number, seed)
    home = Home(_lit(household, node, fibres, number), clock=clock)
    return Resident(home, name, f"{street} {100 + number}", node, "GB")


def _lit(household: Household, node: NodeId, fibres: Fibres, number: int) -> Household:
    if node in (CABLE, CELL):
        return household
    loss = dice(household.seed, "drop").uniform(3.6, 4.4)
    return replace(household, drop=Drop(fibres.behind(node), loss))


def _household(model: str, serial: str, country: str, number: int, seed: int) -> Household:
    own = seed * 1_000_003 + number
    draw = dice(own, "household")
    lives = [_life(own, spec.band, hostile=number % 4 == 0) for spec in device_model(model).radios]
    return Household(
        model=model,
        serial=serial,
        seed=own,
        country=country,
        ssid=f"{draw.choice(_NETWORKS)}-{draw.randrange(1000, 9999)}",
        passphrase="-".join(f"{draw.randrange(36**5):05x}" for _ in range(3)),
        wan=Wan(_address(number), "100.127.255.254"),
        resolvers=("198.51.100.53", "203.0.113.53"),
        radios=tuple(lives),
        guests=guests(draw, hostile=number % 5 == 0),
    )


def _address(number: int) -> str:
    """An address of the range that operators share among homes (RFC 6598)."""
    return f"100.{64 + number // 62_500 % 63}.{number // 250 % 250}.{number % 250 + 2}"


def _life(seed: int, band: str, *, hostile: bool) -> RadioLife:
    """A radio with little trouble, on the channel that suits it best."""
    draw = dice(seed, "air", band)
    air = calm(draw, band, hostile=hostile)
    if band != "2.4GHz":
        return RadioLife(air, channel=36, demand=draw.uniform(0.05, 0.15), automatic=True)
    loads = {c: sum(n.load for n in air.neighbours if n.channel == c) for c in (1, 6, 11)}
    return RadioLife(
        air, channel=min(loads, key=lambda c: loads[c]), demand=draw.uniform(0.07, 0.16)
    )
