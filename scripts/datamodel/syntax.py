"""The syntax of a parameter or argument in the XML, as facts with short keys."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

Facts = dict[str, object]

BASE_TYPES = frozenset(
    {"string", "int", "unsignedInt", "long", "unsignedLong", "boolean", "dateTime"}
    | {"base64", "hexBinary", "decimal"}
)
_DEFAULT_KINDS = {"factory": "f", "implementation": "i", "parameter": "p"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a syntax stands: the named data types, and what references are relative to."""

    types: Mapping[str, Element]
    objects: frozenset[str]
    """Every object of the model."""
    path: str
    """The object that holds the parameter, command or event."""
    arguments: str | None = None
    """For an argument: the object among the arguments that it is in, "" for none."""

    def inside(self, arguments: str) -> "Scope":
        """The scope of an argument, in this object among the arguments."""
        return replace(self, arguments=arguments)


def syntax_facts(syntax: Element, scope: Scope) -> Facts:
    """The facts of one ``<syntax>``, with named data types worked out."""
    facts: Facts = {}
    for child in syntax.iterchildren("*"):
        if child.tag == "list":
            facts["l"] = _list_facts(child)
        elif child.tag == "dataType":
            _use_named(child, facts, scope)
        elif child.tag == "default" and child.get("status") != "deleted":
            facts["d"] = child.get("value", "")
            if kind := _DEFAULT_KINDS.get(child.get("type", "")):
                facts["dy"] = kind
        elif child.tag in BASE_TYPES:
            facts["t"] = child.tag
            facts |= _facets(child, scope)
    return facts | _marks(syntax)


def _marks(syntax: Element) -> Facts:
    facts: Facts = {}
    for mark in ("hidden", "secured"):
        if syntax.get(mark) == "true":
            facts["sec"] = mark
    if syntax.get("command") == "true":
        facts["cmd"] = True
    return facts


def _use_named(use: Element, facts: Facts, scope: Scope) -> None:
    name = use.get("ref") or use.get("base") or ""
    named = _named_facts(name, scope)
    if "l" in named and "l" in facts:
        # A list of a type that is a list itself: the items are lists in brackets.
        facts["ll"] = named.pop("l")
    facts |= {"dt": name} | named | _facets(use, scope)


def _named_facts(name: str, scope: Scope) -> Facts:
    """What a named data type says; one built on another narrows it (TR-106 3.2.4)."""
    definition = scope.types[name]
    base = definition.get("base")
    facts = _named_facts(base, scope) if base else {}
    for child in definition.iterchildren("*"):
        if child.tag == "list":
            facts["l"] = _list_facts(child)
        elif child.tag in BASE_TYPES:
            facts |= {"t": child.tag} | _facets(child, scope)
    return facts | _facets(definition, scope)


def _list_facts(element: Element) -> Facts:
    facts: Facts = {}
    low, high = element.get("minItems"), element.get("maxItems")
    if low is not None or high is not None:
        facts["i"] = [_bound(low), _bound(high)]
    if sizes := _sizes(element):
        facts["s"] = sizes
    if brackets := element.get("nestedBrackets"):
        facts["nb"] = brackets
    return facts


def _facets(element: Element, scope: Scope) -> Facts:
    facts: Facts = {}
    _enumeration(element, facts)
    if patterns := [each.get("value", "") for each in _current(element, "pattern")]:
        facts["pt"] = patterns
    if ranges := [_range(each) for each in _current(element, "range")]:
        facts["r"] = ranges
    if sizes := _sizes(element):
        facts["s"] = sizes
    for units in _current(element, "units"):
        facts["u"] = units.get("value", "")
    for reference in _current(element, "enumerationRef"):
        facts["er"] = _enumeration_reference(reference, scope)
    for reference in _current(element, "pathRef"):
        facts["pr"] = _path_reference(reference, scope)
    return facts


def _current(element: Element, tag: str) -> list[Element]:
    return [each for each in element.findall(tag) if each.get("status") != "deleted"]


def _enumeration(element: Element, facts: Facts) -> None:
    values = element.findall("enumeration")
    if not values:
        return
    facts["e"] = [each.get("value", "") for each in values]
    extras = {each.get("value", ""): extra for each in values if (extra := _value_extras(each))}
    if extras:
        facts["ex"] = extras


def _value_extras(value: Element) -> Facts:
    extra: Facts = {}
    if value.get("optional") == "true":
        extra["o"] = 1
    if status := value.get("status"):
        extra["st"] = status
    if value.get("access") == "readOnly":
        extra["R"] = 1
    if version := value.get("version"):
        extra["v"] = version
    if code := value.get("code"):
        extra["c"] = int(code)
    return extra


def _range(element: Element) -> list[int | None]:
    bounds = [_bound(element.get("minInclusive")), _bound(element.get("maxInclusive"))]
    step = element.get("step")
    return [*bounds, int(step)] if step else bounds


def _sizes(element: Element) -> list[list[int | None]]:
    sizes = [
        [_bound(each.get("minLength")), _bound(each.get("maxLength"))]
        for each in _current(element, "size")
    ]
    return [size for size in sizes if size != [None, None]]


def _bound(text: str | None) -> int | None:
    return None if text is None or text == "unbounded" else int(text)


def _enumeration_reference(element: Element, scope: Scope) -> Facts:
    # The list of an argument is another argument; that of a parameter is a parameter.
    near = scope.path if scope.arguments is None else scope.arguments
    facts: Facts = {"p": _resolved(element.get("targetParam", ""), near)}
    null = element.get("nullValue")
    return facts if null is None else facts | {"n": null}


def _path_reference(element: Element, scope: Scope) -> Facts:
    facts: Facts = {"k": element.get("targetType", "any")}
    if element.get("refType") == "weak":
        facts["w"] = True
    targets = [_target(each, scope) for each in (element.get("targetParent") or "").split()]
    if known := [each for each in targets if each]:
        facts["t"] = known
    return facts


def _target(reference: str, scope: Scope) -> str:
    """The table that a reference points into; "" when the model has none of that name.

    Inside commands and events some references climb one or two levels too many, as if the command
    and its side were objects: the first that names an object of the model is what is meant.
    """
    root = scope.path.partition(".")[0] + "."
    while True:
        found = _resolved(reference, scope.path)
        if found == root:
            return root
        table = found if found.endswith("{i}.") else found + "{i}."
        if table in scope.objects:
            return table
        if not reference.startswith("#"):
            return ""
        reference = reference[1:] if reference.startswith("##") else reference[2:]


def _resolved(reference: str, parent: str) -> str:
    """A relative path of TR-106 A.2.3.4 made full: ``.`` root, ``#.`` parent, else sibling."""
    if reference.startswith("."):
        return parent.partition(".")[0] + reference
    if reference.startswith(("Device.", "InternetGatewayDevice.")):
        return reference
    path = reference.lstrip("#")
    climbs = len(reference) - len(path)
    names = _components(parent)
    return "".join(names[: len(names) - climbs]) + (path.removeprefix(".") if climbs else path)


def _components(path: str) -> list[str]:
    """The objects of a path; a table and its ``{i}`` are one step (TR-106 A.2.3.4)."""
    names: list[str] = []
    for name in path.rstrip(".").split("."):
        if name == "{i}" and names:
            names[-1] += "{i}."
        elif name:
            names.append(name + ".")
    return names
