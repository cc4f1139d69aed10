"""Stands in for a language model that is of no use: random answers, each valid in form.

It knows what it is asked about as little as can be: where a path is wanted it takes any that stands
in the question, where a name is wanted any of those that are offered.
"""

import json
import re
from collections.abc import Mapping
from random import Random

from brain.domain.canonical import Json
from evals.standins.chat import Answerer, ChatRequest, Said, Text
from evals.standins.shapes import resolved

_PATHS = re.compile(r"Device\.[A-Za-z0-9_.]*[A-Za-z0-9]")
_WORDS = (
    "true",
    "false",
    "0",
    "1",
    "6",
    "11",
    "36",
    "100",
    "20MHz",
    "auto",
    "9.9.9.9",
    "maybe",
    "",
)
_MOST_ITEMS = 3
_DEEPEST = 12


def useless(draw: Random) -> Answerer:
    """Draws its answers."""

    def answer(request: ChatRequest) -> Said:
        if not request.schema:
            return Text(text="{}" if request.format else "Perhaps.")
        names = _PATHS.findall(request.text) or ["Device.DeviceInfo.UpTime"]
        filled = _Draw(draw, request.schema, names).fill(request.schema, "", 0)
        return Text(text=json.dumps(filled))

    return answer


class _Draw:
    """One answer in the making."""

    def __init__(self, draw: Random, root: Mapping[str, Json], paths: list[str]) -> None:
        self._draw = draw
        self._root = root
        self._paths = paths

    def fill(self, schema: Mapping[str, Json], name: str, depth: int) -> Json:
        schema = self._one_of(schema)
        if "const" in schema:
            return schema["const"]
        if isinstance(values := schema.get("enum"), list):
            return self._draw.choice(values)
        kind = schema.get("type")
        if isinstance(properties := schema.get("properties"), dict):
            return {
                key: self.fill(_mapping(inner), key, depth + 1) for key, inner in properties.items()
            }
        if kind == "array":
            many = self._draw.randrange(_MOST_ITEMS + 1) if depth < _DEEPEST else 0
            inner = _mapping(schema.get("items") or {})
            return [self.fill(inner, name, depth + 1) for _ in range(many)]
        return self._plain(str(kind), name)

    def _plain(self, kind: str, name: str) -> Json:
        if kind == "boolean":
            return self._draw.random() < 0.5
        if kind == "integer":
            return self._draw.randrange(200)
        if kind == "number":
            return round(self._draw.random(), 3)
        if kind == "null":
            return None
        return self._draw.choice(self._paths if "path" in name else _WORDS)

    def _one_of(self, schema: Mapping[str, Json]) -> Mapping[str, Json]:
        choices = schema.get("anyOf") or schema.get("oneOf")
        while (isinstance(choices, list) and choices) or "$ref" in schema:
            if isinstance(choices, list) and choices:
                schema = _mapping(self._draw.choice(choices))
            else:
                schema = resolved(schema, self._root)
            choices = schema.get("anyOf") or schema.get("oneOf")
        return schema


def _mapping(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict), "a JSON Schema is an object"
    return value
