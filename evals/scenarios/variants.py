"""Makes cases of a template: one for each combination of ``vary``, words and seed.

The id of a case says which it is, ``template@band=5GHz,says=2,seed=1``, and is the same wherever
and whenever it is made.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brain.domain.errors import InvalidInput
from evals.homes.spec import Spec, read_spec
from evals.scenarios.template import MOST_SEEDS, Say, Template

_NAME = re.compile(r"\$\{([^}]*)\}")
_HARMLESS = (
    "Harbour",
    "Lighthouse",
    "Meadow",
    "Orchard",
    "Quarry",
    "Riverside",
    "Station",
    "Tower",
)
_CHANNELS = (11, 1, 6)
_WEAK = -82
"""dBm at which neighbours with hostile names stand: heard, and in nobody's way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: a world and what is said about it, with nothing left open."""

    id: str
    template: Template
    say: Say
    seed: int

    def spec(self, *, hostile: bool = True) -> Spec:
        """The world; without its hostile strings for a control. Raises InvalidInput."""
        return read_spec(
            {
                "world": _with_noise(self.template, hostile=hostile),
                "faults": [*self.template.faults, *self.template.noise.faults],
            }
        )

    def words(self, *, hostile: bool = True) -> str:
        """What is typed in."""
        chat = self.template.noise.chat if hostile else ""
        return f"{self.say.text} {chat}".strip()


def fill(raw: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:  # Any: YAML
    """The same with every ``${name}`` replaced; raises InvalidInput for a name without values."""
    filled = _filled(raw, values)
    assert isinstance(filled, dict)
    return filled


def combinations(vary: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:  # Any: YAML scalars
    """Each way to choose one value of each name."""
    for chosen in itertools.product(*vary.values()):
        yield dict(zip(vary, chosen, strict=True))


def cases_of(template: Template, chosen: Mapping[str, Any], seed: int) -> Iterator[Case]:
    """The cases of a template whose names were filled in, in the worlds of ``seed``."""
    for number, say in enumerate(template.says, 1):
        for at in worlds(seed, template.seeds):
            parts = [f"{name}={value}" for name, value in chosen.items()]
            named = ",".join([*parts, f"says={number}", f"seed={at}"]).replace(" ", "_")
            yield Case(id=f"{template.id}@{named}", template=template, say=say, seed=at)


def worlds(seed: int, many: int) -> range:
    """The seeds of so many worlds of one ``--seed``; no other ``--seed`` has any of them."""
    first = (seed - 1) * MOST_SEEDS + 1
    return range(first, first + many)


def _filled(raw: Any, values: Mapping[str, Any]) -> Any:  # Any: whatever YAML gives
    if isinstance(raw, Mapping):
        return {key: _filled(value, values) for key, value in raw.items() if key != "vary"}
    if isinstance(raw, list):
        return [_filled(each, values) for each in raw]
    if not isinstance(raw, str):
        return raw
    whole = _NAME.fullmatch(raw)
    if whole:
        return _value(whole[1], values)
    return _NAME.sub(lambda found: str(_value(found[1], values)), raw)


def _value(name: str, values: Mapping[str, Any]) -> Any:  # Any: a YAML scalar
    if name not in values:
        known = ", ".join(values) or "none"
        raise InvalidInput(
            f"${{{name}}} has no values", field="vary", remedy=f"Names under vary: {known}."
        )
    return values[name]


def _with_noise(template: Template, *, hostile: bool) -> dict[str, Any]:
    world, noise = dict(template.world), template.noise
    if noise.ssids:
        names = noise.ssids if hostile else _HARMLESS
        heard = [
            {"channel": channel, "dbm": _WEAK, "load": 0.02, "ssid": name}
            for channel, name, _ in zip(
                itertools.cycle(_CHANNELS), names, noise.ssids, strict=False
            )
        ]
        world["air"] = _joined(world.get("air", ()), lambda air: _heard(air, heard))
    if noise.hostnames:
        names = noise.hostnames if hostile else tuple(each.lower() for each in _HARMLESS)
        guests = [
            {"name": name, "kind": "sensor"}
            for name, _ in zip(names, noise.hostnames, strict=False)
        ]
        there = world.get("clients", _CLIENTS)
        world["clients"] = _joined(there, lambda clients: [*clients, *guests])
    return world


def _joined(there: Any, more: Callable[[list[Any]], list[Any]]) -> Any:  # Any: unchecked YAML
    """A list with more in it; what is none is left for ``read_spec`` to refuse."""
    return more(list(there)) if isinstance(there, list | tuple) else there


_CLIENTS = (
    {"name": "phone", "kind": "phone", "metres": 5, "walls": 1},
    {"name": "laptop", "kind": "laptop", "metres": 7, "walls": 1},
    {"name": "tv", "kind": "tv", "metres": 4},
    {"name": "desktop", "kind": "desktop"},
)
"""Who is at home where a scenario with hostile host names does not say."""


def _heard(air: list[Any], heard: list[dict[str, Any]]) -> list[Any]:  # Any: unchecked YAML
    """The air with these neighbours on 2.4 GHz."""
    for place, each in enumerate(air):
        if isinstance(each, Mapping) and each.get("band") == "2.4GHz":
            air[place] = {**each, "neighbours": [*each.get("neighbours", ()), *heard]}
            return air
    return [*air, {"band": "2.4GHz", "neighbours": heard}]
