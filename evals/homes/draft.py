"""A home on paper: what troubles change before it is switched on."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from random import Random
from typing import Any  # parts of dataclasses by name: replace() checks the names

from brain.domain.errors import InvalidInput
from evals.homes.device_model import DeviceModel, device_model
from evals.homes.household import Guest, Household, RadioLife
from evals.homes.people import KINDS, Body
from evals.homes.truth import Trouble


@dataclass(slots=True)
class Draft:
    """One home that is not built yet. ``at`` is when it will be looked at first."""

    household: Household
    at: datetime
    draw: Random
    settings: dict[str, str] = field(default_factory=dict)
    """What differs from what the make ships, by full path; a factory reset mends it."""

    plan: str = ""
    """What the books say the subscriber has; empty: the world's."""
    extender: "Draft | None" = None
    """The extender that hangs from this home, and is its guest of the same serial."""
    manners: dict[str, Any] = field(default_factory=dict)
    """How it treats its controller: fields of ``Faults``."""

    @property
    def model(self) -> DeviceModel:
        """The make."""
        return device_model(self.household.model)

    def set(self, leaf: str, value: str) -> None:
        """Have a parameter hold this value; raises InvalidInput when the make has none such."""
        if not self.has(leaf):
            raise InvalidInput(
                f"{self.household.model} has no {leaf}",
                field="world.model",
                remedy="Choose a make that has it, or another trouble.",
            )
        self.settings[leaf] = value

    def has(self, path: str) -> bool:
        """Whether the make has this parameter, rows of its tables included."""
        return _open(path) in _paths(self.model.name)

    def change(self, **parts: Any) -> None:  # Any: the fields of Household, which checks them
        """Replace parts of the household."""
        self.household = replace(self.household, **parts)

    def truth(self, **parts: Any) -> None:
        """Replace parts of the truth."""
        self.change(truth=replace(self.household.truth, **parts))

    def contract(self, **parts: Any) -> None:
        """Replace parts of what the operator's side is set to."""
        self.truth(contract=replace(self.household.truth.contract, **parts))

    def box(self, **parts: Any) -> None:
        """Replace parts of what is wrong with the device itself."""
        self.truth(box=replace(self.household.truth.box, **parts))

    def services(self, **parts: Any) -> None:
        """Replace parts of what it subscribes to."""
        self.truth(services=replace(self.household.truth.services, **parts))

    def upstream(self, *troubles: Trouble) -> None:
        """Have troubles beyond the home."""
        self.truth(upstream=(*self.household.truth.upstream, *troubles))

    def numbers(self, band: str | None = None) -> list[int]:
        """The radios of a band, or all, counted from 1."""
        radios = enumerate(self.model.radios, 1)
        return [number for number, spec in radios if band in (None, spec.band)]

    def row(self, number: int) -> str:
        """The object of a radio."""
        return self.model.radios[number - 1].row

    def life(self, band: str) -> RadioLife:
        """What the radio of this band is up against."""
        return self.household.radios[self._index(band)]

    def live(self, band: str, **parts: Any) -> None:
        """Replace parts of what the radio of this band is up against."""
        lives = list(self.household.radios)
        lives[self._index(band)] = replace(self.life(band), **parts)
        self.change(radios=tuple(lives))

    def guest(self, name: str) -> Guest:
        """Who has this name; raises InvalidInput with the names there are."""
        found = {each.name: each for each in self.household.guests}
        if name not in found:
            raise InvalidInput(
                f"nobody in this home is called {name!r}",
                field="faults",
                remedy=f"Clients: {', '.join(found)}.",
            )
        return found[name]

    def wireless(self) -> str:
        """The name of the first client without a cable."""
        return next(g.name for g in self.household.guests if g.body and not g.body.cable)

    def move(self, name: str, **parts: Any) -> None:
        """Replace parts of a client's body."""
        old = self.guest(name)
        body = replace(old.body or Body(), **parts)
        guests = self.household.guests
        self.change(guests=tuple(replace(g, body=body) if g is old else g for g in guests))

    def arrive(self, name: str, kind: str, **parts: Any) -> None:
        """Have one more client, unless somebody of that name is there."""
        guests = self.household.guests
        if any(each.name == name for each in guests):
            self.move(name, **parts)
            return
        mac = "0A:" + ":".join(f"{self.draw.randrange(256):02X}" for _ in range(5))
        body = replace(KINDS[kind], **parts)
        address = f"192.168.1.{len(guests) + 10}"
        self.change(guests=(*guests, Guest(name, mac, address, body=body)))

    def _index(self, band: str) -> int:
        numbers = self.numbers(band)
        if not numbers:
            raise InvalidInput(
                f"{self.household.model} has no radio for {band}",
                field="world.model",
                remedy=f"Bands: {', '.join(spec.band for spec in self.model.radios)}.",
            )
        return numbers[0] - 1


def _open(path: str) -> str:
    """The path with every row left open: a file may number rows or leave them open."""
    return ".".join("{i}" if part.isdigit() else part for part in path.split("."))


@cache
def _paths(model: str) -> frozenset[str]:
    return frozenset(_open(path) for path in device_model(model).parameters)
