"""What each touched shaper (TR-181, ``Device.QoS.Shaper.{i}.``) would do after the plan."""

import re

from brain.domain.canonical import Json
from brain.domain.change import AddObject, SetParameter
from brain.domain.question import Question

_ROW = re.compile(r"Device\.QoS\.Shaper\.(?:[0-9]+\.)?")
_RATE = re.compile(r"-?[0-9]{1,15}")
_SWITCH = {"true": True, "false": False}


def shapers(question: Question) -> dict[str, Json]:
    """By the path of each change that sets or adds one: whether it is on, and its ShapingRate.

    Up to 100 that is a percentage, and -1 is no shaping. Null is what nobody said.
    """
    wanted = question.values | {str(each.path): each.after for each in question.plan.sets}
    found: dict[str, Json] = {}
    for change in question.plan.changes:
        row = _ROW.match(change.path)
        if row is None or not isinstance(change, SetParameter | AddObject):
            continue
        said = dict(change.values) if isinstance(change, AddObject) else _below(wanted, row[0])
        rate = said.get("ShapingRate", "")
        found[change.path] = {
            "enabled": _SWITCH.get(said.get("Enable", "")),
            "rate": int(rate) if _RATE.fullmatch(rate) else None,
        }
    return found


def _below(values: dict[str, str], row: str) -> dict[str, str]:
    return {path.removeprefix(row): value for path, value in values.items() if path.startswith(row)}
