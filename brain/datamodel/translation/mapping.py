"""The committed mapping: which TR-098 parameter is which TR-181 parameter, and by which rule."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from brain.datamodel.catalogue import template_of

OLD, NEW = "InternetGatewayDevice.", "Device."
_BUILT_IN = frozenset({"l", "v", "c"})
_NAME = re.compile(r"\{([a-z_]+)\}")
_ANY_NAME = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of parameters."""

    native: str
    """The TR-098 path, with names in braces for instance numbers."""
    target: str
    """The TR-181 path, with names of joins in braces."""
    rule: str
    argument: str
    """What the rule needs to know besides: a table of words, a template to link to; of a pair that
    is not translated the reason."""
    pattern: re.Pattern[str]
    place: int
    """Where the row stands: of two rows for one target the first is preferred."""
    native_template: str
    """The TR-098 path as the catalogue has it."""
    target_template: str
    """The TR-181 path as the catalogue has it."""

    @property
    def leaf(self) -> str:
        """The native path as seen from the instance it belongs to, or from the root."""
        end = self.native.rfind("}") + 2
        return self.native[end:] if end > 1 else self.native.removeprefix(OLD)

    @property
    def table(self) -> str:
        """The native table whose rows hold it, as the catalogue has it; empty when none does.

        The LAN and WAN devices are parts of the box: their rows do not come and go.
        """
        names = names_in(self.native)
        if not names or names[-1] in _BUILT_IN:
            return ""
        return generic(self.native[: self.native.rfind("{")])


def names_in(template: str) -> tuple[str, ...]:
    """The names in braces, in order."""
    return tuple(_ANY_NAME.findall(template))


def generic(template: str) -> str:
    """A template with ``{i}`` for every instance, named or literal."""
    return template_of(_NAME.sub("{i}", template))


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the mapping, translated or not."""
    text = (files("brain.datamodel") / "data" / "tr098_to_tr181.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(row_of(line, place) for place, line in enumerate(lines))


@cache
def by_native() -> dict[str, tuple[Row, ...]]:
    """The rows that are translated, by the generic template of their TR-098 path."""
    return grouped(row for row in rows() if row.rule not in ("none", "part"))


def grouped(some: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    """Rows by the generic template of their TR-098 path."""
    found: dict[str, list[Row]] = {}
    for row in some:
        found.setdefault(row.native_template, []).append(row)
    return {template: tuple(each) for template, each in found.items()}


def pattern_of(template: str) -> re.Pattern[str]:
    """A regular expression for the concrete paths of a template, a group for each name."""
    parts = _NAME.split(template)
    names = (rf"(?P<{name}>[1-9][0-9]{{0,9}})" for name in parts[1::2])
    literals = (re.escape(part) for part in parts[::2])
    return re.compile(
        "".join(part for pair in zip_longest(literals, names) for part in pair if part)
    )


def row_of(line: str, place: int) -> Row:
    """The row that a line of the mapping, with tabs, stands for."""
    native, target, rule = line.split("\t")
    name, _, argument = rule.partition(":")
    native, target = OLD + native, NEW + target
    return Row(
        native=native,
        target=target,
        rule=name,
        argument=argument,
        pattern=pattern_of(native),
        place=place,
        native_template=generic(native),
        target_template=generic(target),
    )
