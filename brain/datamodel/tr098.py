"""A device that speaks TR-098, read and written as if it spoke TR-181.

What has no counterpart is left out when read and refused when written: nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.refusal import Rule, Subject
from brain.datamodel.translation.binding import Binding, Look
from brain.datamodel.translation.home import Home
from brain.datamodel.translation.index import Index
from brain.datamodel.translation.mapping import OLD, Row
from brain.datamodel.translation.row_changes import (
    objects_in,
    row_to_add,
    row_to_delete,
    told_whole,
)
from brain.datamodel.translation.rules import RULES
from brain.datamodel.translation.vendors import Vendor, vendor_of
from brain.datamodel.translation.wording import Wording
from brain.datamodel.validation import read_value
from brain.domain.change import AddObject, DeleteObject, SetParameter
from brain.domain.parameter import ParameterPath, Value

_WEP_KEY = ".WEPKey"
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Translator:
    """Translates for one device. It remembers what the device said last, but never a secret."""

    def __init__(
        self,
        names: Mapping[str, str],
        aliases: Vendor | None = None,
        *,
        types: Mapping[str, str] = _NOTHING,
    ) -> None:
        """``names`` are the device's own values by full native path: they tell instances apart.

        ``aliases`` default to those of the manufacturer that the values name. ``types`` are the
        xsd types the device itself gave its values, without prefix; a device that answers with
        another type than the standard's wants it written like that too.
        """
        self._aliases = aliases
        self._types = types
        self._values: dict[str, str] = {}
        self._digits: dict[str, int] = {}
        self._index = self._learn(names)

    def to_tr181(
        self, values: Mapping[str, str], *, asked: Sequence[str] = ()
    ) -> dict[ParameterPath, Value]:
        """What these native values say in TR-181, canonical; secrets read empty, as they do there.

        Values that only together say something are completed from what was said before. ``asked``
        are the native paths that the values are the whole answer to: what is below an object of
        these and was not said is gone, and is forgotten.
        """
        self._forget(values, asked)
        self._index = self._learn(values)
        said: dict[ParameterPath, Value] = {}
        for path, binding in self._index.bindings.items():
            if values.keys().isdisjoint(_reads(binding, self._index.home.vendor)):
                continue
            text = RULES[binding.row.rule].read(Look(binding, self._index.home, {}))
            if text is not None:
                said[path] = "" if catalogue().is_secret(path) else read_value(path, text)
        return said

    def writable(self, native_writable: Mapping[str, bool]) -> Mapping[ParameterPath, bool]:
        """Which TR-181 paths the device lets us write, from its own flags by native path."""
        known = {name: self._values.get(name, "") for name in native_writable}
        index = Index(Home(self._values | known, self._index.home.vendor, self._digits))
        return {
            path: native_writable[binding.native] and _can_set(binding, index.home)
            for path, binding in index.bindings.items()
            if binding.native in native_writable
        }

    def native_paths(self, paths: Sequence[ParameterPath]) -> tuple[str, ...]:
        """What to read for these TR-181 paths; one that ends in a dot is a whole object.

        Tables are read whole, so that new rows show themselves. Nothing is read for what TR-098
        does not have, or what this device showed that it does not have.
        """
        found: set[str] = set()
        vendor = self._index.home.vendor
        for path in paths:
            binding = self._index.bindings.get(path)
            found |= set(self._known(_reads(binding, vendor))) if binding else self._tables(path)
            found |= self._growing(path)
        whole = {each for each in found if each.endswith(".")}
        return tuple(sorted(each for each in found if not _covered(each, whole)))

    def whole(
        self, paths: Sequence[ParameterPath], asked: Sequence[str]
    ) -> tuple[ParameterPath, ...]:
        """Of the TR-181 objects in ``paths``: the tables and rows that an answer to the native
        paths ``asked`` tells whole, so that a row of them that is not in it is gone."""
        return told_whole(paths, asked, self._index)

    def native_row(self, change: AddObject) -> tuple[str, tuple[tuple[str, str, str], ...]]:
        """The native table to add a row to, and what to set in it: leaf, xsd type and value.

        Raises InvalidValue with rule ``not_mapped`` when a row of this table is none of TR-098,
        when the values do not say in which of several tables it is to be, or when one of them
        cannot be said.
        """
        return row_to_add(change, self._index, self._wording)

    def native_deletion(self, change: DeleteObject) -> str:
        """The native row to delete for this one; InvalidValue when it is no row of TR-098."""
        return row_to_delete(change, self._index)

    def native_sets(self, changes: Sequence[SetParameter]) -> tuple[tuple[str, str, str], ...]:
        """What to set for these, as native path, xsd type and value, all in ONE request.

        Raises InvalidValue with rule ``not_mapped`` when one of them cannot be said in TR-098 or to
        this device, or when two of them contradict each other.
        """
        pending: dict[str, str] = {}
        self._check_together(changes)
        for change in sorted(changes, key=self._turn):
            for native, value in self._sets(change, pending):
                pending[native] = value
        return tuple(
            (native, *self._wording.typed(native, value)) for native, value in pending.items()
        )

    def cannot_map(self, path: str) -> str:
        """Why a TR-181 path cannot be written on this device; empty when it can."""
        binding = self._index.bindings.get(ParameterPath(path))
        if binding is not None:
            can = _can_set(binding, self._index.home)
            return "" if can else "this device only reports this"
        known = [row for row in self._index.rows if row.target_template == template_of(path)]
        if any(row.rule != "none" for row in known):
            return "this device has nothing that stands for this"
        why = f": {known[0].argument}" if known else ""
        return f"TR-098 has no counterpart for this{why}"

    @property
    def _wording(self) -> Wording:
        return Wording(self._index.home.vendor, self._types)

    def _forget(self, values: Mapping[str, str], asked: Sequence[str]) -> None:
        below = tuple(objects_in(asked))
        gone = [path for path in self._values if path.startswith(below) and path not in values]
        for path in gone if below else ():
            del self._values[path]
            self._digits.pop(path, None)
        if below and gone:
            self._index = Index(self._home())

    def _home(self) -> Home:
        vendor = vendor_of(self._values) if self._aliases is None else self._aliases
        return Home(dict(self._values), vendor, dict(self._digits))

    def _learn(self, values: Mapping[str, str]) -> Index:
        book = catalogue("tr098")
        fresh = {
            name: "" if book.is_secret(name) else text
            for name, text in values.items()
            if name.startswith(OLD)
        }
        digits = {name: len(text) for name, text in values.items() if name.endswith(_WEP_KEY)}
        old = self._values | self._digits
        if self._values and all(old.get(name) == text for name, text in (fresh | digits).items()):
            return self._index
        self._values |= fresh
        self._digits |= digits
        return Index(self._home())

    def _known(self, natives: Iterable[str]) -> Iterable[str]:
        return (native for native in natives if native in self._values)

    def _tables(self, path: ParameterPath) -> set[str]:
        """For a whole object, or for what this device has not shown yet."""
        template = template_of(path)
        if path.endswith("."):
            found = {
                native
                for each, binding in self._index.bindings.items()
                if each.startswith(path)
                for native in self._known(_reads(binding, self._index.home.vendor))
            }
            wanted = [row for row in self._index.rows if row.target_template.startswith(template)]
        else:
            found = set()
            wanted = [row for row in self._index.rows if row.target_template == template]
        for row in wanted:
            if row.rule != "none":
                found |= self._index.tables_of(row) if path.endswith(".") else set()
                found |= self._unseen(row)
        return found

    def _growing(self, path: ParameterPath) -> set[str]:
        """Tables that may be empty now: their rows show themselves when they come."""
        places = self._index.places if path.endswith(".") else ()
        return {p.native for p in places if p.table.startswith(path) or path.startswith(p.table)}

    def _unseen(self, row: Row) -> set[str]:
        """The part of the device that a row is in, if nothing was ever heard of that part."""
        part = OLD + row.native.removeprefix(OLD).partition(".")[0] + "."
        return set() if any(name.startswith(part) for name in self._values) else {part}

    def _turn(self, change: SetParameter) -> int:
        binding = self._index.bindings.get(change.path)
        return RULES[binding.row.rule].turn if binding is not None else 0

    def _check_together(self, changes: Sequence[SetParameter]) -> None:
        """What is one parameter here and several there is set in all places, or in none."""
        wanted = {change.path for change in changes}
        for change in changes:
            binding = self._index.bindings.get(change.path)
            if binding is None or not RULES[binding.row.rule].together:
                continue
            others = (p for p, b in self._index.bindings.items() if b.native == binding.native)
            missing = [path for path in others if path not in wanted]
            if missing:
                Subject(field=change.path, secret=change.secret).refuse(
                    Rule.NOT_MAPPED,
                    "this device has only one such setting, and it holds for others as well",
                    f"Set to the same value in the same plan: {', '.join(missing)}",
                )

    def _sets(self, change: SetParameter, pending: Mapping[str, str]) -> list[tuple[str, str]]:
        subject = Subject(field=change.path, secret=change.secret)
        binding = self._index.bindings.get(change.path)
        if binding is None or not _can_set(binding, self._index.home, pending):
            subject.refuse(Rule.NOT_MAPPED, self.cannot_map(change.path), "Choose another setting.")
        rule = RULES[binding.row.rule]
        look = Look(binding, self._index.home, pending)
        sets = rule.write(change.after, look) if rule.write else None
        if sets is None:
            subject.refuse(
                Rule.NOT_MAPPED,
                "this value cannot be said in TR-098 to this device as it is now",
                "Choose another value, or change what it depends on first.",
            )
        return [self._wording.checked(each, pending, subject, shared=rule.shared) for each in sets]


def _reads(binding: Binding, vendor: Vendor) -> tuple[str, ...]:
    """The native parameters that the value of a binding comes from."""
    leaves = (binding.row.leaf, *RULES[binding.row.rule].needs)
    own = (each for leaf in leaves for each in vendor.beside(leaf))
    return (binding.native, *(binding.owner + leaf for leaf in (*leaves[1:], *own)))


def _can_set(binding: Binding, home: Home, pending: Mapping[str, str] = _NOTHING) -> bool:
    rule = RULES[binding.row.rule]
    return rule.write is not None and rule.settable(Look(binding, home, pending))


def _covered(path: str, whole: Iterable[str]) -> bool:
    return any(path != each and path.startswith(each) for each in whole)
