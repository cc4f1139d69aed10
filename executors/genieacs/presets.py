"""Presets of GenieACS that have the last word over what we write."""

from collections.abc import Mapping
from dataclasses import dataclass

from executors.genieacs.nbi import Document

_ONCE = frozenset({"0 BOOTSTRAP", "1 BOOT"})


@dataclass(frozen=True, slots=True)
class Overwriter:
    """A preset that wants another value."""

    name: str
    weight: str
    path: str

    def __str__(self) -> str:
        return f"the preset {self.name[:64]!r} (weight {self.weight}) sets {self.path} otherwise"


def overwriters(presets: list[Document], wanted: Mapping[str, str]) -> list[Overwriter]:
    """Those that set one of these paths to another value in ordinary sessions, heaviest first.

    A precondition is not worked out: it is in a language of GenieACS's, so the preset counts. What
    a provision script does cannot be told beforehand; that is seen after the write.
    """
    found = [
        Overwriter(str(preset.get("_id", "")), str(preset.get("weight", 0)), path)
        for preset in sorted(presets, key=_place, reverse=True)
        if not _only_at_start(preset)
        for path, value in _values(preset).items()
        if path in wanted and value != wanted[path]
    ]
    return found


def _place(preset: Document) -> tuple[float, str]:
    weight = preset.get("weight")
    return (float(weight) if isinstance(weight, int | float) else 0.0, str(preset.get("_id", "")))


def _only_at_start(preset: Document) -> bool:
    events = preset.get("events")
    wanted = {name for name, on in events.items() if on} if isinstance(events, dict) else set()
    return bool(wanted) and wanted <= _ONCE


def _values(preset: Document) -> dict[str, str]:
    told = preset.get("configurations")
    return {
        str(each.get("name", "")): _text(each.get("value"))
        for each in (told if isinstance(told, list) else [])
        if isinstance(each, dict) and each.get("type") == "value"
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
