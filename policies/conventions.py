"""The policy over the policies: what every rule, its tests and every file of numbers must have.

It counts what it looks at in two ways, and does not hold when the two differ or when there was
nothing to look at: a check that sees nothing would never object.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from brain.domain.canonical import Json
from policies.bundle import Bundle
from policies.numbers.everything import Everything
from policies.packed import ROOT
from policies.tokens import tokens

_HEAD = re.compile(r"(?m)^(?:deny|review)\b")
_TEST = re.compile(r"(?m)^test_[a-z0-9_]+\b")
_GAP = re.compile(r"\{([a-z_]+)\}")
_DATA = f"data.{ROOT}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How much was looked at, and what is wrong with it, one sentence each."""

    rules: int
    tests: int
    numbers: int
    wrong: tuple[str, ...]

    @property
    def seen(self) -> str:
        """How much was looked at, as a sentence."""
        return f"{self.rules} rules, {self.tests} tests and {self.numbers} files of numbers seen"


def census(folder: Path, bundle: Bundle) -> Census:
    """Look at every rule of this bundle, and at the tests and the numbers in its folder."""
    tested, sources = _tests(folder / ROOT), _packages(bundle)
    tests = sum(_count(each) for each in tested.values())
    files = {path.parent.name for path in (folder / "data" / ROOT).glob("*/data.yaml")}
    wrong = [
        *_nothing(len(bundle.findings), tests, len(files)),
        *_unseen(sources, bundle),
        *_untested(sources, tested, bundle),
        *_silent_gaps(sources, bundle),
        *_without_schema(files, bundle),
        *_numbers_that_are_not_there(bundle),
    ]
    return Census(
        rules=len(bundle.findings),
        tests=tests,
        numbers=len(files),
        wrong=tuple(wrong),
    )


def _packages(bundle: Bundle) -> dict[str, str]:
    """The rules by package: the last folder they are in."""
    found: dict[str, str] = {}
    for name, source in bundle.modules.items():
        package = name.split("/")[-2]
        found[package] = f"{found.get(package, '')}{source}\n"
    return found


def _tests(root: Path) -> dict[str, str]:
    """The tests beside the rules, by package."""
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*_test.rego")):
        found[path.parent.name] = found.get(path.parent.name, "") + path.read_text("utf-8")
    return found


def _count(tests: str) -> int:
    return len(_TEST.findall(tests))


def _nothing(rules: int, tests: int, files: int) -> Iterator[str]:
    for count, what in ((rules, "rule"), (tests, "test"), (files, "file of numbers")):
        if not count:
            yield f"no {what} was seen"


def _unseen(sources: Mapping[str, str], bundle: Bundle) -> Iterator[str]:
    """Rules that stand in the source, and of which nobody read a METADATA comment."""
    for package, source in sources.items():
        known = sum(code.startswith(f"{package}.") for code in bundle.findings)
        there = len(_HEAD.findall(source))
        if there != known:
            yield f"{package}: {there} rules deny or review, and {known} of them can be explained"


def _untested(
    sources: Mapping[str, str], tested: Mapping[str, str], bundle: Bundle
) -> Iterator[str]:
    for package in sources:
        if not _count(tested.get(package, "")):
            yield f"{package}: there is no test beside it"
    for code in bundle.findings:
        if f'"{code}"' not in tested.get(code.partition(".")[0], ""):
            yield f"{code}: no test beside the rule names it"


def _silent_gaps(sources: Mapping[str, str], bundle: Bundle) -> Iterator[str]:
    """A ``{name}`` in a message for which the package gives no value would read "unknown"."""
    for code, text in bundle.findings.items():
        for gap in _GAP.findall(text.message):
            if f'"{gap}"' not in sources[code.partition(".")[0]]:
                yield f"{code}: nothing gives a value for {{{gap}}} in its message"


def _without_schema(files: set[str], bundle: Bundle) -> Iterator[str]:
    schemas = set(Everything.model_fields)
    for name in sorted(files - schemas):
        yield f"data/{ROOT}/{name}: there is no schema for it"
    for name in sorted(schemas - files):
        yield f"data/{ROOT}/{name}: there is a schema for it, and no file"
    used = {name for source in bundle.modules.values() for name in _imported(source)}
    for name in sorted(files - used):
        yield f"data/{ROOT}/{name}: no rule reads it"


def _numbers_that_are_not_there(bundle: Bundle) -> Iterator[str]:
    """A number that a rule names and that no file has would be missing for ever: a silent typo."""
    packages = set(_packages(bundle))
    for name, source in bundle.modules.items():
        imported = _imported(source)
        for each in sorted(imported - set(bundle.data) - packages):
            yield f"{name}: there is no file of numbers {each}"
        for word in tokens(source):
            head, _, rest = word.text.partition(".")
            named = word.kind == "name" and rest and head in imported & set(bundle.data)
            if named and not _is_there(bundle.data[head], rest):
                yield f"{name}: line {word.line}: there is no number {word.text}"


def _imported(source: str) -> set[str]:
    """The documents directly below ``data.gatewright`` that a module takes in."""
    return {
        name.text.removeprefix(_DATA)
        for before, name in pairwise(tokens(source))
        if before.text == "import"
        and name.text.startswith(_DATA)
        and "." not in name.text.removeprefix(_DATA)
    }


def _is_there(value: Json, path: str) -> bool:
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True
