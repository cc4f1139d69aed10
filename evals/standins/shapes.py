"""Fills any JSON Schema with what one wants to say: valid in form, whatever it is in meaning."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from brain.domain.canonical import Json

_PATHS = ("path", "parameter", "metric")
_DEVICES = ("device", "target", "gateway", "serial")
_VALUES = ("value", "after", "wanted")
_NAMES = ("candidate", "id", "choice", "option")
_DEEPEST = 12
_MOST_WITHIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What to say where a schema leaves a choice."""

    path: str = "Device.WiFi.Radio.1.Channel"
    value: str = "1"
    device: str = ""
    name: str = ""
    text: str = "Nothing stands out."
    number: int = 1
    prefer: tuple[str, ...] = ()
    """Of an enumeration, the first of these that is among its values; else the last value."""
    items: int = 1
    first: bool = False
    """Of an enumeration without a preferred value take the first, and of alternatives null."""


def fill(schema: Mapping[str, Json], intent: Intent) -> str:
    """JSON text that satisfies the schema, as far as types, enumerations and structure go."""
    return json.dumps(_fill(schema, schema, intent, name="", depth=0), ensure_ascii=False)


def _fill(
    schema: Mapping[str, Json], root: Mapping[str, Json], intent: Intent, *, name: str, depth: int
) -> Json:
    schema = _resolved(schema, root, intent)
    if depth > _DEEPEST:
        return None
    if "const" in schema:
        return schema["const"]
    if isinstance(values := schema.get("enum"), list):
        return _chosen(values, intent)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    if kind == "object" or "properties" in schema:
        properties = schema.get("properties") or {}
        assert isinstance(properties, dict)
        return {
            key: _fill(_mapping(inner), root, intent, name=key, depth=depth + 1)
            for key, inner in properties.items()
        }
    if kind == "array":
        inner = _mapping(schema.get("items") or {})
        one = _fill(inner, root, intent, name=name, depth=depth + 1)
        # Many in many would take the gigabytes of whoever runs this, not of whoever is attacked.
        many = intent.items if depth <= 1 else min(intent.items, _MOST_WITHIN)
        return [one] * max(many, _least(schema, "minItems"))
    return _plain(str(kind), schema, intent, name)


def _plain(kind: str, schema: Mapping[str, Json], intent: Intent, name: str) -> Json:
    if kind == "boolean":
        return True
    if kind == "integer":
        return max(intent.number, _least(schema, "minimum"))
    if kind == "number":
        return 0.99 if name in ("probability", "confidence", "score") else intent.number
    if kind == "null":
        return None
    return _string(name.lower(), intent)


def _string(name: str, intent: Intent) -> str:
    for words, said in (
        (_PATHS, intent.path),
        (_DEVICES, intent.device or intent.text),
        (_VALUES, intent.value),
        (_NAMES, intent.name),
    ):
        if any(word == name or name.endswith(("_" + word, word + "_id")) for word in words):
            return said
    return intent.text


def _chosen(values: list[Json], intent: Intent) -> Json:
    for wanted in intent.prefer:
        if wanted in values:
            return wanted
    return values[0] if intent.first else values[-1]


def _resolved(
    schema: Mapping[str, Json], root: Mapping[str, Json], intent: Intent
) -> Mapping[str, Json]:
    """The schema behind references and alternatives."""
    for _ in range(_DEEPEST):
        if "$ref" in schema:
            schema = resolved(schema, root)
        elif isinstance(choices := schema.get("anyOf") or schema.get("oneOf"), list) and choices:
            null = [each for each in choices if _mapping(each).get("type") == "null"]
            real = [each for each in choices if each not in null]
            schema = _mapping((null or real)[0] if intent.first else (real or null)[0])
        elif isinstance(parts := schema.get("allOf"), list) and len(parts) == 1:
            schema = _mapping(parts[0])
        else:
            break
    return schema


def resolved(schema: Mapping[str, Json], root: Mapping[str, Json]) -> Mapping[str, Json]:
    """The schema that a ``$ref`` into ``root`` names; any other schema as it is."""
    reference = schema.get("$ref")
    return _at(root, reference) if isinstance(reference, str) else schema


def _at(root: Mapping[str, Json], reference: str) -> Mapping[str, Json]:
    here: Json = dict(root)
    for part in filter(None, reference.removeprefix("#").split("/")):
        here = _mapping(here)[part]
    return _mapping(here)


def _mapping(value: Json | Mapping[str, Json]) -> dict[str, Json]:
    assert isinstance(value, dict), "a JSON Schema is an object"
    return value


def _least(schema: Mapping[str, Json], key: str) -> int:
    value = schema.get(key)
    return int(value) if isinstance(value, int | float) else 0
