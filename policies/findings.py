"""What rules say when they speak: read from the METADATA comment above each rule."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.verdict import PolicyFinding, Severity

_START = "# METADATA"
_HEAD = re.compile(r"(deny|review) contains\b")
_CODE = re.compile(r'"code": "([a-z_.]*)"')
_GAP = re.compile(r"\{([a-z_]+)\}")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """One rule's words. ``{name}`` in the message stands for a value that the rule gives."""

    code: str
    severity: Severity
    title: str
    message: str
    remedy: str
    passing: bool = False

    def finding(self, path: str, about: Mapping[str, Json]) -> PolicyFinding:
        """The finding on this path, with the rule's values in the message."""
        message = _GAP.sub(lambda gap: _plain(about.get(gap[1])), self.message)
        return PolicyFinding(
            code=self.code,
            severity=self.severity,
            path=path,
            message=message,
            remedy=self.remedy,
            passing=self.passing,
        )


@lru_cache(maxsize=256)
def rule_texts(name: str, source: str) -> tuple[RuleText, ...]:
    """The words of every rule of a module that denies or reviews, in order; kept, as ``tokens``.

    Raises InvalidInput, naming the module, for such a rule that has no METADATA, or whose code is
    not the one in its METADATA: a finding that nobody can explain is no finding.
    """
    texts, heads = [], 0
    for words, rule in _annotated(name, source):
        head = _HEAD.match(rule)
        if head is not None:
            texts.append(_text(name, words, Severity(head[1]), rule))
    heads = len([line for line in source.splitlines() if _HEAD.match(line)])
    if heads != len(texts):
        raise _broken(name, f"{heads - len(texts)} rules have no METADATA of their own")
    return tuple(texts)


def _annotated(name: str, source: str) -> Iterator[tuple[dict[str, object], str]]:
    """Each METADATA comment, and what stands between it and the next."""
    for part in ("\n" + source).split("\n" + _START + "\n")[1:]:
        lines = part.splitlines()
        end = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
        try:
            words = yaml.safe_load("\n".join(line[2:] for line in lines[:end]))
        except yaml.YAMLError as error:
            raise _broken(name, "a METADATA comment is not YAML") from error
        if not isinstance(words, dict):
            raise _broken(name, "a METADATA comment says nothing")
        yield words, "\n".join(lines[end:])


def _text(name: str, words: dict[str, object], severity: Severity, rule: str) -> RuleText:
    custom = words.get("custom")
    told = custom if isinstance(custom, dict) else {}
    fields = {
        "title": words.get("title"),
        "message": words.get("description"),
        "code": told.get("code"),
        "remedy": told.get("remedy"),
    }
    missing = [key for key, value in fields.items() if not isinstance(value, str) or not value]
    if missing:
        raise _broken(name, f"a METADATA comment has no {', '.join(missing)}")
    code = str(fields["code"])
    if _CODE.findall(rule) != [code]:
        raise _broken(name, f"the rule below the METADATA of {code} gives another code")
    if told.get("severity") != severity.value:
        raise _broken(name, f"{code} is a {severity} rule, and its METADATA says otherwise")
    if told.get("passes", False) not in (True, False):
        raise _broken(name, f"{code} says of passes neither true nor false")
    texts = {key: str(value).strip() for key, value in fields.items()}
    return RuleText(severity=severity, passing=told.get("passes") is True, **texts)


def _plain(value: Json) -> str:
    """A value within a sentence: short, on one line, and said to be unknown when it is.

    Engines write one whole number as 1e15, 1000000000000000.0 or -0.0: here it is said one way.
    """
    if value is None:
        return "unknown"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "".join(char if char.isprintable() else "?" for char in text[:_LONGEST])


def _broken(name: str, message: str) -> InvalidInput:
    return InvalidInput(
        message, field=name, remedy="Mend the METADATA comment of the rule; see the shipped rules."
    )
