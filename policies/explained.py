"""What a rule means, where it stands, and the numbers that its topic goes by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from brain.domain.canonical import Json
from brain.domain.errors import NotFound
from policies.bundle import Bundle
from policies.tokens import tokens

_IMPORT = re.compile(r"(?m)^import data\.gatewright\.([a-z_]+)$")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRule:
    """One rule, for a person who met it."""

    code: str
    severity: str
    title: str
    message: str
    remedy: str
    passing: bool
    module: str
    line: int
    numbers: dict[str, Json]
    """By dotted name, such as ``limits.presence.minutes``."""


def explained_rule(bundle: Bundle, code: str) -> ExplainedRule:
    """Raises NotFound for a code that no rule has."""
    text = bundle.findings.get(code)
    if text is None:
        raise NotFound(
            f"there is no rule {code}", field="CODE", remedy="`gatewright policy show` lists them."
        )
    module, line = _place(bundle, code)
    return ExplainedRule(
        code=code,
        severity=text.severity.value,
        title=text.title,
        message=text.message,
        remedy=text.remedy,
        passing=text.passing,
        module=module,
        line=line,
        numbers=dict(_numbers(bundle, bundle.modules[module])),
    )


def _place(bundle: Bundle, code: str) -> tuple[str, int]:
    """The module and the line of its METADATA's code."""
    said = re.compile(rf"(?m)^#\s+code: {re.escape(code)}$")
    for name, source in bundle.modules.items():
        found = said.search(source)
        if found is not None:
            return name, source.count("\n", 0, found.start()) + 1
    raise NotFound(f"the rule {code} stands nowhere")


def _numbers(bundle: Bundle, source: str) -> Iterator[tuple[str, Json]]:
    """What this module names of the data, as it stands there; tables are only named."""
    roots = {*_IMPORT.findall(source)} & bundle.data.keys()
    named = {
        token.text
        for token in tokens(source)
        if token.kind == "name" and token.text.split(".")[0] in roots
    }
    for name in sorted(named):
        value = _at(bundle.data, name.split("."))
        if "." in name and value is not None:
            yield name, value if len(str(value)) <= _LONGEST else "(a table)"


def _at(value: object, names: list[str]) -> Json:
    for name in names:
        value = value.get(name) if hasattr(value, "get") else None
    return value  # type: ignore[return-value]  # a part of JSON
