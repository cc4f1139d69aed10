"""The elements of an envelope, one at a time: written as text, read as what lxml made of them.

Text is put together by hand rather than by an XML library because a session is mostly this. Every
value passes through ``escaped``. Elements are never self-closed and booleans are ``1`` and ``0``:
both are legal, and some devices understand nothing else.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from executors.acs.errors import SoapError

Element = etree._Element

# XML 1.0 section 2.2: what no document can hold, not even as a character reference.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(r'[&<>"\r\n\t]')
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    # A parser turns a bare carriage return into a line feed, and both into blanks in attributes.
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}


def escaped(text: str) -> str:
    """Text as XML holds it; raises SoapError for a character that XML cannot hold at all."""
    if ILLEGAL.search(text):
        raise SoapError("a control character cannot travel in XML", remedy="Take it out.")
    if _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda found: _REFERENCES[found.group()], text)


def tag(name: str, text: str | int) -> str:
    """One element with this text in it."""
    return f"<{name}>{escaped(text) if isinstance(text, str) else text}</{name}>"


def array(name: str, item_type: str, items: Iterable[str]) -> str:
    """A SOAP array of items that are written already (SOAP 1.1 section 5.4.2)."""
    parts = tuple(items)
    return f'<{name} soap-enc:arrayType="{item_type}[{len(parts)}]">{"".join(parts)}</{name}>'


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return without_namespace(element.tag)


def without_namespace(tag: str) -> str:
    """The local part of what lxml calls a tag."""
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag


def child(element: Element, *names: str) -> Element | None:
    """The first descendant along these local names."""
    here: Element | None = element
    for name in names:
        if here is None:
            return None
        for each in here:
            if without_namespace(each.tag) == name:
                here = each
                break
        else:
            return None
    return here


def children(element: Element | None) -> dict[str, Element]:
    """Those of an element by their local names, the first of each."""
    found: dict[str, Element] = {}
    for each in () if element is None else element:
        found.setdefault(without_namespace(each.tag), each)
    return found


def words(element: Element | None) -> dict[str, str]:
    """The text of each of its children as ``word`` gives it, by local names."""
    return {name: (each.text or "").strip() for name, each in children(element).items()}


def text(element: Element, *names: str) -> str:
    """The text down there, as it came; empty when there is none."""
    found = child(element, *names)
    return "" if found is None else found.text or ""


def word(element: Element, *names: str) -> str:
    """The text down there without blanks around it: for names, codes and keys."""
    return text(element, *names).strip()


def number(element: Element, *names: str) -> int:
    """The whole number down there, or 0."""
    return whole_number(word(element, *names))


def whole_number(digits: str) -> int:
    """The number that these are, or 0."""
    # int() would take underscores and other scripts' digits, and is slow on endless ones.
    if len(digits) <= 18 and digits.isascii() and digits.lstrip("+-").isdigit():
        try:
            return int(digits)
        except ValueError:
            return 0
    return 0


def flag(element: Element, *names: str) -> bool:
    """The boolean down there; false unless it plainly says true."""
    return word(element, *names).lower() in ("1", "true")


def items(element: Element, *names: str) -> Iterator[Element]:
    """What is in the array down there, however many it says it has."""
    found = child(element, *names)
    return iter(()) if found is None else iter(found)


_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def type_of(value: Element) -> str:
    """The local name of its ``xsi:type``; ``string`` when it has none."""
    said = value.get(_TYPE)
    if said is not None:
        return _type_named(said)
    for key, other in value.items():  # of another namespace
        if without_namespace(str(key)) == "type":
            return _type_named(str(other))
    return "string"


def _type_named(said: str) -> str:
    return said.rpartition(":")[2].strip() or "string"
