"""Refuses Rego that the two engines would not answer alike, before any of it is asked.

The embedded engine reads Rego v0, lets rules through when a builtin fails, takes regular
expressions that never end, and shows a policy the environment of the process. What is not on the
list below is not called; each builtin on it answers alike in both engines, which the tests show.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from policies.tokens import Token, tokens

BUILTINS = frozenset(
    {
        "count",
        "endswith",
        "is_null",
        "is_number",
        "is_object",
        "is_string",
        "object.get",
        "object.keys",
        "split",
        "startswith",
    }
)
"""All that rules may call, beside their own functions."""

_NOT_CALLS = frozenset(
    {"if", "in", "some", "every", "not", "contains", "default", "else", "as", "set"}
)  # set() is the empty set
_BEFORE_A_VALUE = frozenset({"if", ":=", "==", "!=", "in", "contains", "|", "&", "-", "else"})


def problems(modules: Mapping[str, str]) -> list[str]:
    """What is wrong with these modules (source by name), one sentence each; empty when nothing."""
    found: list[str] = []
    for name, source in sorted(modules.items()):
        try:
            words = tokens(source)
        except ValueError as error:
            found.append(f"{name}: {error}")
            continue
        found.extend(f"{name}: {problem}" for problem in _of_module(words))
    return found


def _of_module(words: Sequence[Token]) -> Iterator[str]:
    texts = [word.text for word in words]
    if not any(each == ("import", "rego.v1") for each in pairwise(texts)):
        yield "it does not import rego.v1"
    own = set(_own_functions(words))
    yield from _strange_calls(words, own)
    yield from _bodies_of_v0(words)
    yield from _careless_nots(words)
    for word in words:
        if word.kind == "raw" or (word.kind == "text" and "\\" in word.text):
            yield f"line {word.line}: texts are plain: no escapes and no raw strings"
        if word.text == "with":
            yield f"line {word.line}: only tests replace the input or the data"


def _own_functions(words: Sequence[Token]) -> Iterator[str]:
    """Names that a rule at the top level defines as a function: ``_f(x) := ...``."""
    for name, bracket in pairwise(words):
        defined = name.kind == "name" and name.depth == 0 and name.text.startswith("_")
        if defined and bracket.text == "(" and bracket.glued:
            yield name.text


def _strange_calls(words: Sequence[Token], own: set[str]) -> Iterator[str]:
    for name, bracket in pairwise(words):
        called = name.kind == "name" and bracket.text == "(" and bracket.glued
        if called and name.text not in BUILTINS | own | _NOT_CALLS:
            yield f"line {name.line}: {name.text} is not a function that rules may call"


def _bodies_of_v0(words: Sequence[Token]) -> Iterator[str]:
    """In Rego v1 a body follows ``if``; ``allow { ... }`` is v0 and means something else."""
    for before, brace in pairwise(words):
        opens = brace.text == "{" and brace.depth == 0
        if opens and before.text not in _BEFORE_A_VALUE:
            yield f"line {brace.line}: a rule body without if is Rego v0"
        indexed = brace.text == "[" and brace.depth == 0 and brace.glued and before.kind == "name"
        if indexed and before.line == brace.line and _begins_a_rule(words, before):
            yield f"line {brace.line}: a rule named with brackets may be Rego v0"


def _begins_a_rule(words: Sequence[Token], word: Token) -> bool:
    """Whether the word is the first of its line, at the top level."""
    return next(each for each in words if each.line == word.line) is word


def _careless_nots(words: Sequence[Token]) -> Iterator[str]:
    """To OPA, ``not f(x.y)`` is undefined when ``x.y`` is missing; to regopy it is true.

    A denial written so would be silent in OPA for just the input that it is for. So what stands
    after ``not`` is one name, one name compared with a constant, or a function of whole variables.
    """
    for start, word in enumerate(words):
        negates = word.text == "not" and word.kind == "name"
        if negates and not _safe_after_not(_rest_of_line(words, start)):
            yield f"line {word.line}: what may be missing is put after not in a rule of its own"


def _rest_of_line(words: Sequence[Token], start: int) -> list[Token]:
    rest = []
    for word in words[start + 1 :]:
        if word.line != words[start].line or word.depth < words[start].depth or word.text == ";":
            break
        rest.append(word)
    return rest


def _safe_after_not(words: Sequence[Token]) -> bool:
    texts = [word.text for word in words]
    if len(words) == 1:
        return words[0].kind == "name"
    if len(words) == 3 and texts[1] == "==":
        return words[0].kind == "name" and _constant(words[2])
    called = texts[1:2] == ["("] and texts[-1:] == [")"]
    return called and all(_constant(each) or _whole(each) for each in words[2:-1])


def _constant(word: Token) -> bool:
    return word.kind in ("text", "number") or word.text in ("true", "false", "null")


def _whole(word: Token) -> bool:
    dotted = "." in word.text or word.text in ("input", "data")
    return word.text == "," or (word.kind == "name" and not dotted)
