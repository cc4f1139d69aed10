"""What the rules in force let a language model compose, for whoever tells it what it could set.

It only spares a model what would be refused: the rules judge whatever comes (package ``composed``).
"""

from brain.domain.canonical import Json
from policies.bundle import Bundle
from policies.facts import template_of

_TRUTHS: dict[str, bool] = {"true": True, "1": True, "false": False, "0": False}


def composable(bundle: Bundle, path: str, now: str) -> bool:
    """Whether some value that this parameter does not have yet may be composed for it."""
    lists = bundle.data.get("composable")
    if not isinstance(lists, dict):
        return False
    template = template_of(path)
    if template in _names(lists.get("any")) or template in _names(lists.get("no_less")):
        return True
    values = lists.get("values")
    allowed = values.get(template) if isinstance(values, dict) else None
    return isinstance(allowed, list) and any(each != _TRUTHS.get(now, now) for each in allowed)


def _names(listed: Json) -> list[Json]:
    return listed if isinstance(listed, list) else []
