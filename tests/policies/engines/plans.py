"""Plans of more than one change, made of the seeds: two in one, one again and again, hundreds."""

import random
from copy import deepcopy
from typing import Any

from policies.probes import BASE, SEEDS, Document
from tests.policies.engines.spoiling import WRONG

_BY_PATH = ("images", "openings", "pools", "radios")


def merged(one: Document, other: Document) -> Document:
    """Both plans in one, and what each says beside the plan; the other wins."""
    document = deepcopy(one)
    for name, value in other.items():
        if name == "plan" or value == BASE[name]:
            continue
        known = document[name]
        both = isinstance(known, dict) and isinstance(value, dict)
        changed = (
            {key: each for key, each in value.items() if not _as_in_base(name, key, each)}
            if both
            else {}
        )
        document[name] = known | deepcopy(changed) if both else deepcopy(value)
    document["plan"] = _both(one["plan"], other["plan"])
    return document


def _as_in_base(name: str, key: str, value: object) -> bool:
    base = BASE[name]
    return isinstance(base, dict) and key in base and base[key] == value


def _both(one: Document, other: Document) -> Document:
    changes: dict[str, list[Any]] = {}
    for plan in (one, other):
        for template, each in plan["changes"].items():
            changes.setdefault(template, []).extend(deepcopy(each))
    count = sum(map(len, changes.values()))
    odd = max(one["count"], other["count"])
    return {
        **one,
        "changes": changes,
        "count": odd if odd > 2 else count,
        "part": count,
        "families": one["families"] | other["families"],
        "objects": sorted({*one["objects"], *other["objects"]}),
    }


def repeated(asked: Document, times: int, *, counted: bool) -> Document:
    """The same change so many times; only where it is ``counted`` does the plan say so."""
    document = deepcopy(asked)
    plan = document["plan"]
    plan["changes"] = {name: each * times for name, each in plan["changes"].items()}
    if counted:
        plan["count"] = plan["part"] = times
    return document


def huge(asked: Document, count: int) -> Document:
    """The change of this seed in so many rows of its table, and what is said of each of them."""
    document = deepcopy(asked)
    plan = document["plan"]
    ((template, (change,)),) = plan["changes"].items()
    plan["changes"] = {template: [_in_row(change, row) for row in range(1, count + 1)]}
    plan["count"] = plan["part"] = count
    for name in _BY_PATH:
        facts = document[name].items()
        document[name] = {_row(path, n): f for path, f in facts for n in range(1, count + 1)}
    return document


def mixed(seed: int, count: int) -> Document:
    """Changes of many rules in as many rows, now and then one that is not as it should be."""
    chance = random.Random(seed)
    document = deepcopy(chance.choice([*SEEDS.values()]))
    op = document["plan"]["op"]
    same = [asked for asked in SEEDS.values() if asked["plan"]["op"] == op]
    some = chance.sample(same, min(len(same), chance.choice((1, 3, 8, 40))))
    plan: Document = {"changes": {}, "families": {}, "objects": [], "op": op, "digest": "d"}
    for row in range(1, count + 1):
        asked = chance.choice(some)
        ((template, (change,)),) = asked["plan"]["changes"].items()
        change = _in_row(change, row)
        if chance.random() < 0.004:
            change[chance.choice([*change])] = chance.choice(WRONG)
        plan["changes"].setdefault(template, []).append(change)
        plan["families"] |= asked["plan"]["families"]
        for name in _BY_PATH:
            document[name] |= {_row(path, row): fact for path, fact in asked[name].items()}
    plan["objects"] = sorted({each for asked in some for each in asked["plan"]["objects"]})
    document["plan"] = plan | {"count": count, "part": count}
    return document


def _in_row(change: Document, row: int) -> Document:
    return change | {name: _row(change[name], row) for name in ("path", "object")}


def _row(path: str, row: int) -> str:
    """The path in another row of its first table; one without a table stays."""
    return path.replace(".1.", f".{row}.", 1)
