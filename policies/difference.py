"""What other rules change, as those who answer for them have to read it: numbers, source, rules."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from typing import TYPE_CHECKING

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.errors import NotFound
from brain.domain.policy_change import PolicyChange
from policies.bundle import Bundle
from policies.data import as_written

if TYPE_CHECKING:  # a client that reads the difference has no store
    from brain.store.store import Store

_MOST = 10_000
"""So many changes of the rules are looked through for those that one was compared with."""


class Turn(StrEnum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """One number, list or text that an operator tunes, or a whole group that came or went."""

    where: tuple[str, ...]
    """Names from the outside in."""
    turn: Turn
    before: Json = None
    after: Json = None

    @property
    def path(self) -> str:
        """The names as one: ``limits.reach.max_shared``; one with a dot is in brackets."""
        first, *rest = self.where
        return first + "".join(f"[{each}]" if "." in each else f".{each}" for each in rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleChange:
    """One file of rules, with what changes in it as ``diff -u`` writes it."""

    name: str
    turn: Turn
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that is otherwise in one bundle than in another. Nothing is left out."""

    base: str
    revision: str
    numbers: tuple[NumberChange, ...]
    modules: tuple[ModuleChange, ...]
    rules_added: tuple[str, ...]
    rules_removed: tuple[str, ...]


def difference(before: Bundle, after: Bundle) -> Difference:
    """What ``after`` has otherwise. What is worked out of the numbers is not said again."""
    old, new = as_written(before.data), as_written(after.data)
    return Difference(
        base=before.revision,
        revision=after.revision,
        numbers=tuple(_numbers((), old, new)),
        modules=tuple(_modules(before.modules, after.modules)),
        rules_added=tuple(sorted(after.findings.keys() - before.findings.keys())),
        rules_removed=tuple(sorted(before.findings.keys() - after.findings.keys())),
    )


async def proposed_difference(store: "Store", active: Bundle, change: PolicyChange) -> Difference:
    """What a change of the rules would do, or did, to the rules that it was compared with.

    Raises NotFound when those are not kept, as for the very first rules.
    """
    async with store.read() as tx:
        content = await tx.policy_changes.content(change)
        packed = b""
        if change.base != active.revision:
            known = await tx.policy_changes.list(change.tenant, limit=_MOST)
            older = next((each for each in known if each.revision == change.base), None)
            if older is None:
                raise NotFound("there is nothing that these rules were compared with", field="id")
            packed = await tx.policy_changes.content(older)
    return await asyncio.to_thread(_unpacked, packed, active, content)


def _unpacked(base: bytes, active: Bundle, content: bytes) -> Difference:
    before = Bundle.from_tar_gz(base) if base else active
    return difference(before, Bundle.from_tar_gz(content))


def _numbers(
    where: tuple[str, ...], old: Mapping[str, Json], new: Mapping[str, Json]
) -> Iterator[NumberChange]:
    for name in sorted(old.keys() | new.keys()):
        there, here = old.get(name), new.get(name)
        at = (*where, name)
        if name not in old:
            yield NumberChange(where=at, turn=Turn.ADDED, after=here)
        elif name not in new:
            yield NumberChange(where=at, turn=Turn.REMOVED, before=there)
        elif isinstance(there, dict) and isinstance(here, dict):
            yield from _numbers(at, there, here)
        elif canonical_bytes([there]) != canonical_bytes([here]):
            yield NumberChange(where=at, turn=Turn.CHANGED, before=there, after=here)


def _modules(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[ModuleChange]:
    for name in sorted(old.keys() | new.keys()):
        there, here = old.get(name), new.get(name)
        if there != here:
            turn = Turn.CHANGED
            if there is None or here is None:
                turn = Turn.ADDED if there is None else Turn.REMOVED
            yield ModuleChange(name=name, turn=turn, diff=_diff(name, there or "", here or ""))


def _diff(name: str, old: str, new: str) -> str:
    """Lines are cut at newlines alone, as Rego cuts them."""
    lines = unified_diff(old.split("\n"), new.split("\n"), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(visible(line) for line in lines)


def visible(text: str) -> str:
    """With nothing in it that could hide what it says, such as a turned direction of writing."""
    return "".join(
        char if char.isprintable() or char == "\t" else ascii(char)[1:-1] for char in text
    )
