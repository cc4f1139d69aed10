"""How the devices of a vendor, or some of its models, stray from TR-098: as data.

Other words for a value, another place for the passphrase, parameters of their own for what TR-181
has a name for, and parameters that count instead of the standard's as the device is set. Only what
was seen on a real device, or in what operators publish, is listed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from json import loads
from typing import Any

from brain.datamodel.catalogue import template_of
from brain.datamodel.translation.mapping import OLD, Row, grouped, row_of

_INFO = OLD + "DeviceInfo."
_FIRST = 10_000
"""Rows of the standard stand before those of vendors."""


@dataclass(frozen=True, slots=True)
class Instead:
    """Leaves of one object that count instead of others, while some leaves are as named."""

    when: Mapping[str, str]
    leaves: Mapping[str, str]
    """The vendor's own leaf for one of the standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """What is known of one device by its vendor and model."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By TR-098 template without its root: the vendor's word for each word of the standard."""
    passphrases: tuple[str, ...] = ()
    """Where below WLANConfiguration the passphrase may be, best first; none means the standard."""
    instead: tuple[Instead, ...] = ()
    rows: tuple[Row, ...] = ()
    """Pairs of a parameter of the vendor's own and one of TR-181."""
    by_native: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """The same, by the generic template of the parameter."""

    def standard(self, native: str, text: str) -> str:
        """The word of the standard for what the device said."""
        return self._of(native).get(text, text)

    def own(self, native: str, text: str) -> str:
        """The word the device uses for one of the standard."""
        words = {standard: own for own, standard in self._of(native).items()}
        return words.get(text, text)

    def leaf(self, leaf: str, now: Callable[[str], str | None]) -> str:
        """The leaf that counts for one of the standard, with the object as ``now`` tells it."""
        for each in self.instead:
            own = each.leaves.get(leaf)
            as_named = all(now(name) == text for name, text in each.when.items())
            if own is not None and as_named and now(own) is not None:
                return own
        return leaf

    def beside(self, leaf: str) -> Iterator[str]:
        """All that has to be known to tell which leaf counts for this one, and what it is."""
        for each in self.instead:
            if leaf in each.leaves:
                yield from (*each.when, each.leaves[leaf])

    def _of(self, native: str) -> Mapping[str, str]:
        return self.words.get(template_of(native).removeprefix(OLD), {})


NO_VENDOR = Vendor()


def vendor_of(values: Mapping[str, str]) -> Vendor:
    """What is known of the device that said these values, by the maker and model that it names.

    All entries that fit count together; the later of them, for fewer models, go before.
    """
    maker = values.get(_INFO + "Manufacturer", "").lower()
    models = tuple(values.get(_INFO + leaf, "") for leaf in ("ModelName", "ProductClass"))
    fitting = (
        place
        for place, entry in enumerate(_entries())
        if entry["manufacturer"] in maker
        and any(fnmatchcase(model, entry["models"]) for model in models)
    )
    return _joined(tuple(fitting))


@cache
def vendor_rows() -> tuple[tuple[str, Row], ...]:
    """Every row of a vendor's own, each after the vendor and the models that have it."""
    return tuple(
        (f"{entry['manufacturer']} {entry['models']}", row)
        for place, entry in enumerate(_entries())
        for row in _joined((place,)).rows
    )


@cache
def _joined(places: tuple[int, ...]) -> Vendor:
    found = [(place, _entries()[place]) for place in reversed(places)]
    words: dict[str, Mapping[str, str]] = {}
    for _, entry in reversed(found):
        words |= entry.get("words", {})
    passphrases = (entry["passphrases"] for _, entry in found if "passphrases" in entry)
    rows = tuple(
        row_of("\t".join(line), _FIRST * (place + 1) + number)
        for place, entry in found
        for number, line in enumerate(entry.get("rows", ()))
    )
    return Vendor(
        words=words,
        passphrases=tuple(next(passphrases, ())),
        instead=tuple(
            Instead(each["when"], each["leaves"])
            for _, entry in found
            for each in entry.get("instead", ())
        ),
        rows=rows,
        by_native=grouped(rows),
    )


@cache
def _entries() -> tuple[dict[str, Any], ...]:  # Any: JSON of our own
    text = (files("brain.datamodel") / "data" / "tr098_vendors.json").read_text("utf-8")
    return tuple(loads(text))
