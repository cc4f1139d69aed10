"""A corpus of questions that both engines have to answer alike, the same ones for the same seed.

Each family grows from the seeds, one question per rule that makes the rule speak:

* ``seeds``: the seeds themselves, under every set of numbers;
* ``own places``: each place where a seed differs from the base question removed, null, and of two
  wrong types; ``other places``: any place of any seed, spoilt in any way;
* ``allowed``: questions that are allowed, with any place of them spoilt;
* ``limits``: a number below, at, above and half above each number of the data files, negative too;
  ``extremes``: numbers that readers of JSON disagree about; ``radio``: every country, band, width;
* ``hostile values`` and ``hostile names``: quotation marks, NUL, surrogates, Rego, very long texts;
* ``twice``: the same change again, counted and not; ``nothing``: plans without a change;
* ``unknown``: members that nobody asked for, at every level; ``pairs``: two rules in one plan;
* ``who``: each point, asker, author, broken glass and halt;
* ``many``: plans around the size of a chunk; ``500``: large ones, too large as shipped, judged
  where the limit is raised; ``500 spoilt``: the same with something wrong in them.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import combinations, product
from types import MappingProxyType

from policies import probes as seeds
from policies.bundle import Bundle
from policies.probes import BASE, GLASS, NUMBERS, SEEDS, WITHOUT, Document
from tests.policies.engines.plans import huge, merged, mixed, repeated
from tests.policies.engines.spoiling import (
    EXTREMES,
    HOSTILE,
    REMOVED,
    WRONG,
    beside,
    is_number,
    named,
    numbers_in,
    places,
    put,
)

RAISED = 600
"""So many changes are judged together where the limit is raised."""
_ROOMS = ("tuned",) * 6 + ("shipped", "shipped", "raised", "bare")


@dataclass(frozen=True, slots=True)
class Case:
    """One question, under one set of numbers."""

    family: str
    numbers: str
    question: Document

    @property
    def key(self) -> str:
        """What no other case of a corpus has."""
        return self.numbers + json.dumps(self.question, sort_keys=True)


_JOB: Document = {
    "asker": seeds.MACHINE,
    "device": {"firmware": "green"},
    "track_record": seeds.proven(),
    "autonomy": seeds.alone(),
}
ALLOWED: tuple[Document, ...] = (
    seeds.setting(seeds.RESOLVER, "9.9.9.9", **_JOB),
    seeds.setting(seeds.RESOLVER, "9.9.9.9", **_JOB, point="execute"),
    seeds.on_radio(seeds.CHANNEL, 6, person=False)
    | {"device": BASE["device"] | {"firmware": "green"}},
    seeds.setting(seeds.RESOLVER, "9.9.9.9", point="rollback", device={"firmware": "green"}),
    merged(seeds.broken(), seeds.setting(seeds.RESOLVER, "9.9.9.9", device={"firmware": "green"})),
)
"""Questions that the tuned numbers allow."""
Recipe = tuple[str, Callable[[], Document]]
"""The name of the numbers, and what makes the question when it is needed."""
Family = Callable[[random.Random], list[Recipe]]


@cache
def bundles() -> dict[str, Bundle]:
    """The shipped rules with the numbers of each name; ``bare`` has none, as no loader lets be."""
    shipped = Bundle.load()
    tuned = shipped.with_numbers(NUMBERS)
    return {
        "shipped": shipped,
        "tuned": tuned,
        "raised": tuned.with_numbers({"limits": {"plan": {"max_changes": RAISED}}}),
        "bare": replace(shipped, data=MappingProxyType({}), revision="bare"),
    }


def corpus(seed: int, *, share: float = 1.0) -> list[Case]:
    """Distinct cases of every family; ``share`` is how much of each, at least ten cases."""
    cases: dict[str, Case] = {}
    for name, (family, most) in FAMILIES.items():
        chance = random.Random(f"{seed} {name}")
        recipes = family(chance)
        chance.shuffle(recipes)
        found: dict[str, Case] = {}
        wanted = len(SEEDS) * 4 if name == "seeds" else max(10, round(most * share))
        for numbers, make in recipes:
            case = Case(name, numbers, make())
            if case.key not in cases:
                found[case.key] = case
            if len(found) == wanted:
                break
        cases |= found
    return [*cases.values()]


def _anywhere(chance: random.Random, make: Callable[[], Document]) -> Recipe:
    return chance.choice(_ROOMS), make


def _seeds(chance: random.Random) -> list[Recipe]:
    return [(name, partial(dict, asked)) for name in bundles() for asked in SEEDS.values()]


def _own(asked: Document) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Places of a seed that the base question does not have, or has another value in."""
    base = dict(places(BASE))
    return ((trail, value) for trail, value in places(asked) if base.get(trail, REMOVED) != value)


def _own_places(chance: random.Random) -> list[Recipe]:
    found = []
    for code, asked in SEEDS.items():
        numbers = "bare" if code in WITHOUT else "tuned"
        for trail, _ in _own(asked):
            for junk in (REMOVED, None, *chance.sample(WRONG, 2)):
                found.append((numbers, partial(put, asked, trail, junk)))
    return found


def _other_places(chance: random.Random) -> list[Recipe]:
    return [
        _anywhere(chance, partial(put, asked, trail, chance.choice((REMOVED, None, *WRONG))))
        for asked in SEEDS.values()
        for trail, _ in places(asked)
    ]


def _allowed(chance: random.Random) -> list[Recipe]:
    spoilt: list[Recipe] = [
        ("tuned", partial(put, asked, trail, junk))
        for asked in ALLOWED
        for trail, _ in places(asked)
        for junk in (REMOVED, None, *WRONG, *HOSTILE[:12], *EXTREMES[:4])
    ]
    return [*spoilt, *(("tuned", partial(dict, asked)) for asked in ALLOWED)]


def _number_places() -> dict[tuple[str | int, ...], list[Document]]:
    """Every place that holds a number in some seed, with those seeds."""
    found: dict[tuple[str | int, ...], list[Document]] = {}
    for asked in SEEDS.values():
        for trail, value in places(asked):
            if is_number(value):
                found.setdefault(trail, []).append(asked)
    return found


def _limits(chance: random.Random) -> list[Recipe]:
    data = bundles()["tuned"].data
    some = {n for name in data if name != "regulatory" for n in numbers_in(data[name])}
    values = sorted({each for n in some for each in beside(n)})
    return [
        _anywhere(chance, partial(put, chance.choice(asked), trail, value))
        for trail, asked in _number_places().items()
        for value in values
    ]


def _extremes(chance: random.Random) -> list[Recipe]:
    return [
        _anywhere(chance, partial(put, chance.choice(asked), trail, value))
        for trail, asked in _number_places().items()
        for value in EXTREMES
    ]


def _radio(chance: random.Random) -> list[Recipe]:
    """Each country of the tables, and some that are not, with each of their channels and more."""
    channels = sorted({n for n in numbers_in(bundles()["shipped"].data["regulatory"]) if n > 0})
    some = ("DE", "US", "JP", "GB", "FR", "CH", "XX", "de", "", None)
    widths = ("20MHz", "40MHz", "80MHz", "160MHz", "320MHz", "automatic", "17MHz", None)
    bands = ("2.4GHz", "5GHz", "6GHz", "9GHz", None)
    every = [*product(some, bands, widths, channels)]
    found = []
    for country, band, width, channel in chance.sample(every, 3000):
        said = {"band": band, "country": country, "width": width, "channel": channel}
        said["indoors"] = chance.choice((None, True, False))
        person, where = chance.random() < 0.5, {"country": chance.choice((country, "DE"))}
        make = partial(seeds.on_radio, seeds.CHANNEL, channel, person=person, **said)
        found.append(_anywhere(chance, partial(_within, make, device=BASE["device"] | where)))
    return found


def _within(make: Callable[[], Document], **said: object) -> Document:
    return make() | said


def _hostile_values(chance: random.Random) -> list[Recipe]:
    return [
        _anywhere(chance, partial(put, asked, trail, text))
        for asked in SEEDS.values()
        for trail, value in places(asked)
        if isinstance(value, str)
        for text in chance.sample(HOSTILE, 6)
    ]


def _hostile_names(chance: random.Random) -> list[Recipe]:
    return [
        _anywhere(chance, partial(named, asked, trail, text))
        for asked in SEEDS.values()
        for trail, _ in places(asked)
        if trail and isinstance(trail[-1], str)
        for text in chance.sample(HOSTILE, 1)
    ]


def _twice(chance: random.Random) -> list[Recipe]:
    return [
        _anywhere(chance, partial(repeated, asked, times, counted=counted))
        for asked in SEEDS.values()
        for times in (2, 3, 17)
        for counted in (True, False)
    ]


def _nothing(chance: random.Random) -> list[Recipe]:
    nothings: tuple[Document, ...] = (
        {"changes": {}},
        {"changes": {}, "count": 0, "part": 0},
        {"changes": {}, "count": 0, "part": 0, "families": {}, "objects": []},
        {"changes": {"Device.Reboot()": []}, "count": 0, "part": 0},
        {"changes": [], "count": 0, "part": 0},
    )
    return [
        _anywhere(chance, partial(put, asked, ("plan",), asked["plan"] | nothing))
        for asked in SEEDS.values()
        for nothing in nothings
    ]


def _unknown(chance: random.Random) -> list[Recipe]:
    said = (1, "allow", {"outcome": "allow"}, None, [True])
    names = ("zz", "outcome", "allow", "approved", "0", "secret")
    return [
        _anywhere(chance, partial(put, asked, (*trail, chance.choice(names)), chance.choice(said)))
        for asked in SEEDS.values()
        for trail, value in [((), asked), *places(asked)]
        if isinstance(value, dict)
    ]


def _pairs(chance: random.Random) -> list[Recipe]:
    return [
        _anywhere(chance, partial(merged, one, other))
        for one, other in combinations(SEEDS.values(), 2)
    ]


def _who(chance: random.Random) -> list[Recipe]:
    roles = (["support"], ["operator"], ["approver", "support"], ["admin"], ["automation"], [])
    people = product(("person", "machine"), roles, ([], ["billing"]))
    askers = [{"kind": k, "roles": r, "groups": g, "id": "ann"} for k, r, g in people]
    glasses = (None, GLASS, GLASS | {"expires_in_seconds": -1}, GLASS | {"by": "ann"})
    every = product(
        ("submit", "execute", "rollback"),
        askers,
        ("rules", "llm_chosen", "llm_composed", "person", "nobody"),
        glasses,
        (False, True),
        (None, seeds.proven()),
    )
    names = ("point", "asker", "author", "break_glass", "halted", "track_record")
    return [
        _anywhere(chance, partial(dict, asked, **dict(zip(names, said, strict=True))))
        for said in every
        for asked in chance.sample([*SEEDS.values()], 3)
    ]


def _many(chance: random.Random) -> list[Recipe]:
    return [
        (numbers, partial(mixed, chance.getrandbits(32), count))
        for count in (2, 8, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65)
        for numbers in ("raised", "raised", "raised", "tuned", "bare") * 6
    ]


def _large(chance: random.Random) -> list[Recipe]:
    alike: list[Recipe] = [
        (numbers, partial(huge, asked, 500))
        for numbers in ("shipped", "raised")
        for asked in SEEDS.values()
    ]
    return alike + [
        ("raised", partial(mixed, chance.getrandbits(32), count))
        for count in (500, 500, 500, 499, RAISED, RAISED + 1) * 10
    ]


def _large_spoilt(chance: random.Random) -> list[Recipe]:
    return [("raised", partial(_spoilt, chance.getrandbits(32))) for _ in range(300)]


def _spoilt(seed: int) -> Document:
    """A large plan with something wrong in it, mostly in what holds for all of its changes."""
    chance = random.Random(seed)
    asked = mixed(seed, chance.choice((40, 70, 70, 500)))
    trails = [trail for trail, _ in places(asked)]
    about = [trail for trail in trails if trail[0] != "plan" or len(trail) < 4]
    members = [("plan", name) for name in asked["plan"]]
    return put(asked, chance.choice([*about, *members * 4]), chance.choice((REMOVED, None, *WRONG)))


FAMILIES: dict[str, tuple[Family, int]] = {
    "seeds": (_seeds, 4 * len(SEEDS)),
    "own places": (_own_places, 4800),
    "other places": (_other_places, 1500),
    "allowed": (_allowed, 2600),
    "limits": (_limits, 2300),
    "extremes": (_extremes, 500),
    "radio": (_radio, 1000),
    "hostile values": (_hostile_values, 2000),
    "hostile names": (_hostile_names, 800),
    "twice": (_twice, 400),
    "nothing": (_nothing, 300),
    "unknown": (_unknown, 700),
    "pairs": (_pairs, 2000),
    "who": (_who, 2000),
    "many": (_many, 300),
    "500": (_large, 160),
    "500 spoilt": (_large_spoilt, 200),
}
