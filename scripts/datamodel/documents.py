"""One XML document of a data model, as rows: a path and its facts for one protocol."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element

from datamodel.syntax import Facts, Scope, syntax_facts

_ACCESS = {"readOnly": "R", "readWrite": "W", "writeOnceReadOnly": "1"}
_OBJECT_ACCESS = {"readOnly": "R", "readWrite": "W"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one file says: the rows by path, in its own order."""

    file: str
    model: str
    spec: str
    sha256: str
    rows: dict[str, Facts]


def read_document(path: Path) -> Document:
    """Read a ``-full.xml`` (or ``.xml.gz``) file of the Broadband Forum."""
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, huge_tree=True))
    model = root.find("model")
    if model is None:
        raise ValueError(f"{path}: no <model>: this is not a data model of the Broadband Forum")
    types = {each.get("name", ""): each for each in root.findall("dataType")}
    return Document(
        file=path.name.removesuffix(".gz"),
        model=model.get("name", ""),
        spec=root.get("spec", ""),
        sha256=sha256(text).hexdigest(),
        rows=_rows(model, types),
    )


def _rows(model: Element, types: dict[str, Element]) -> dict[str, Facts]:
    rows: dict[str, Facts] = {}
    elements = {each.get("name", ""): each for each in model.findall("object")}
    scope = Scope(types=types, objects=frozenset(elements), path="")
    for path, element in elements.items():
        rows[path] = _object_facts(element)
        inherited = _inherited_status(path, rows)
        if inherited and "st" not in rows[path]:
            rows[path]["sti"] = inherited
        below = rows[path].get("st") or inherited
        for member, facts in _members(element, replace(scope, path=path)):
            facts.setdefault("v", rows[path].get("v"))
            if below and "st" not in facts:
                facts["sti"] = below
            rows[path + member] = facts
    return rows


def _inherited_status(path: str, rows: dict[str, Facts]) -> object:
    """The status of the nearest object above that has one."""
    names = path.rstrip(".").split(".")
    for length in range(len(names) - 1, 0, -1):
        above = rows.get(".".join(names[:length]) + ".", {})
        if status := above.get("st") or above.get("sti"):
            return status
    return None


def _members(element: Element, scope: Scope) -> Iterator[tuple[str, Facts]]:
    for child in element.iterchildren("parameter", "command", "event"):
        # Five names of TR-098 end in a blank.
        name = child.get("name", "").strip()
        if child.tag == "parameter":
            yield name, _parameter_facts(child, scope)
        elif child.tag == "command":
            yield name, _command_facts(child, scope)
        else:
            facts = _shared_facts(child)
            if arguments := _arguments(child, scope.inside("")):
                facts["ar"] = arguments
            yield name, facts


def _shared_facts(element: Element) -> Facts:
    facts: Facts = {}
    if version := element.get("version"):
        facts["v"] = version
    if status := element.get("status"):
        facts["st"] = status
    return facts


def _parameter_facts(element: Element, scope: Scope) -> Facts:
    facts = _shared_facts(element) | {"a": _ACCESS[element.get("access", "readOnly")]}
    syntax = element.find("syntax")
    if syntax is not None:
        facts |= syntax_facts(syntax, scope)
    if (notify := element.get("activeNotify", "normal")) != "normal":
        facts["an"] = notify
    if element.get("forcedInform") == "true":
        facts["fi"] = True
    return facts


def _command_facts(element: Element, scope: Scope) -> Facts:
    facts = _shared_facts(element)
    if element.get("async") == "true":
        facts["as"] = True
    for key, tag in (("in", "input"), ("out", "output")):
        side = element.find(tag)
        if side is not None and (arguments := _arguments(side, scope.inside(""))):
            facts[key] = arguments
    return facts


def _arguments(side: Element, scope: Scope) -> list[Facts]:
    """The arguments in order; those inside an object carry its name in theirs."""
    arguments: list[Facts] = []
    for child in side.iterchildren("parameter", "object"):
        if child.tag == "parameter":
            arguments.append(_argument(child, scope))
            continue
        name = child.get("name", "")
        arguments.append({"n": name, "k": "o"} | _argument_object(child))
        inner = scope.inside(name)
        arguments += [_argument(each, inner) for each in child.findall("parameter")]
    return arguments


def _argument(element: Element, scope: Scope) -> Facts:
    name = (scope.arguments or "") + element.get("name", "")
    facts: Facts = {"n": name} | _shared_facts(element)
    if element.get("mandatory") == "true":
        facts["mand"] = True
    syntax = element.find("syntax")
    return facts if syntax is None else facts | syntax_facts(syntax, scope)


def _argument_object(element: Element) -> Facts:
    facts: Facts = {}
    if element.get("name", "").endswith("{i}."):
        facts["mi"] = _entries(element)
    return facts | _keys(element) | _report_marks(element)


def _object_facts(element: Element) -> Facts:
    facts = _shared_facts(element)
    facts["a"] = _OBJECT_ACCESS[element.get("access", "readOnly")]
    if element.get("name", "").endswith("{i}."):
        facts["mi"] = _entries(element)
    elif element.get("minEntries") == "0":
        facts["opt"] = True
    for key, name in (
        ("ne", "numEntriesParameter"),
        ("en", "enableParameter"),
        ("dp", "discriminatorParameter"),
        ("mt", "mountType"),
    ):
        if value := element.get(name):
            facts[key] = value
    return facts | _keys(element) | _report_marks(element)


def _entries(element: Element) -> list[int | None]:
    low, high = element.get("minEntries", "1"), element.get("maxEntries", "1")
    return [int(low), None if high == "unbounded" else int(high)]


def _keys(element: Element) -> Facts:
    keys = element.findall("uniqueKey")
    if not keys:
        return {}
    facts: Facts = {"uk": [[each.get("ref") for each in key.findall("parameter")] for key in keys]}
    if loose := [i for i, key in enumerate(keys) if key.get("functional") == "false"]:
        facts["nf"] = loose
    return facts


def _report_marks(element: Element) -> Facts:
    names = {etree.QName(str(name)).localname for name, value in element.items() if value == "true"}
    marks = {"fix": "fixedObject", "nuk": "noUniqueKeys"}
    return {key: True for key, name in marks.items() if name in names}
