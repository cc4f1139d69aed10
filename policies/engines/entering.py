"""Puts a question into regopy's own shapes, exactly or not at all."""

import json
from functools import lru_cache

from regopy import Input
from regopy.rego_shared import rego as library

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.exact import check_depth, check_number, check_text


def entered(question: Json) -> Input:
    """The question as regopy takes it, or PolicyUnavailable for one that it would alter.

    regopy takes texts as the inside of JSON strings, and integers of 64 bits. Value by value
    straight into its library, since its own way there costs three times as much.
    """
    taken = Input.__new__(Input)
    taken._impl = library.regoNewInput()
    if _put(taken._impl, question, 0):
        raise PolicyUnavailable("the embedded policy engine did not take the question")
    return taken


def _put(at: int, value: Json, depth: int) -> int:
    """Enter one value after what it holds; anything but 0 means that it was not taken."""
    if isinstance(value, str):
        return int(library.regoInputString(at, _inside(value)))
    if isinstance(value, dict | list):
        check_depth(depth)
    if isinstance(value, dict):
        return _put_object(at, value, depth + 1)
    if isinstance(value, list):
        failed = [code for item in value if (code := _put(at, item, depth + 1))]
        return int(library.regoInputArray(at, len(value))) or len(failed)
    return _put_scalar(at, value)


def _put_object(at: int, value: dict[str, Json], depth: int) -> int:
    text, item, failed = library.regoInputString, library.regoInputObjectItem, 0
    for key, each in value.items():
        failed |= text(at, _name(key)) | _put(at, each, depth) | item(at)
    return int(failed | library.regoInputObject(at, len(value)))


def _put_scalar(at: int, value: Json) -> int:
    if value is None:
        return int(library.regoInputNull(at))
    if isinstance(value, bool):
        return int(library.regoInputBoolean(at, value))
    check_number(value)
    if isinstance(value, float):
        return int(library.regoInputFloat(at, value))
    return int(library.regoInputInt(at, value))


def _inside(text: str) -> bytes:
    """The inside of the JSON string of this text."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text.encode()
    check_text(text)
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()


@lru_cache(maxsize=4096)
def _name(key: str) -> bytes:
    """Names are few, and asked again and again."""
    return _inside(key)
