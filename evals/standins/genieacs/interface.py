"""Stands in for GenieACS's northbound interface: its answers, its reason phrases, and no log-in.

Requests come as ``Ask`` and answers leave as ``Told``; ``serving.py`` puts them on a socket.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from brain.domain.canonical import Json
from evals.standins.genieacs.downloads import File
from evals.standins.genieacs.records import Known, Preset
from evals.standins.genieacs.sessions import Genie

_KINDS = frozenset(
    {
        "getParameterValues",
        "setParameterValues",
        "refreshObject",
        "addObject",
        "deleteObject",
        "download",
        "reboot",
        "factoryReset",
    }
)


class Dropped(Exception):
    """The connection is dropped rather than answered: what a task that is none ends in."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; ``target`` is path and query as they came."""

    method: str
    target: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer. The reason phrase is a part of what it says."""

    status: int
    reason: str
    body: Json = None


OK = Told(200, "OK")


@dataclass(slots=True)
class Interface:
    """The interface of one ``Genie``."""

    genie: Genie
    asked: list[Ask] = field(default_factory=list)
    unavailable: int = 0
    """So many requests more are answered 503."""

    def answer(self, ask: Ask) -> Told:
        """Raises Dropped."""
        self.asked.append(ask)
        if self.unavailable:
            self.unavailable -= 1
            return Told(503, "Service Unavailable")
        parts = urlsplit(ask.target)
        names = [unquote(name) for name in parts.path.strip("/").split("/")]
        query = {
            name: values[0]
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        if ask.method in ("GET", "HEAD"):
            return self._list(names[0], query)
        if names[0] == "devices" and len(names) > 1:
            return self._device(ask, names, query)
        if names[0] in ("tasks", "faults", "presets", "files"):
            return self._other(ask, names)
        return Told(404, "Not Found")

    def _list(self, collection: str, query: Mapping[str, str]) -> Told:
        genie = self.genie
        found: dict[str, list[dict[str, Json]]] = {
            "devices": [each.document() for each in genie.devices.values()],
            "tasks": [each.document() for each in genie.tasks.values()],
            "faults": [each.document() for each in genie.faults.values()],
            "presets": [each.document() for each in genie.presets.values()],
            "files": [each.document(name) for name, each in genie.files.items()],
            "config": [{"_id": name, "value": value} for name, value in genie.config.items()],
        }
        if collection not in found:
            return Told(404, "Not Found")
        try:
            wanted = json.loads(query.get("query") or "{}")
        except ValueError:
            return Told(400, "Bad Request")
        rows = sorted(
            (row for row in found[collection] if matches(row, wanted)),
            key=lambda row: str(row["_id"]),
        )
        skip = int(query.get("skip", 0))
        rows = rows[skip : skip + int(query["limit"])] if "limit" in query else rows[skip:]
        if query.get("projection"):
            rows = [projected(row, query["projection"].split(",")) for row in rows]
        return Told(200, "OK", cast(Json, rows))

    def _device(self, ask: Ask, names: list[str], query: Mapping[str, str]) -> Told:
        known = self.genie.devices.get(names[1])
        if known is None:
            return Told(404, "No such device")
        if len(names) == 4 and names[2] == "tags":
            (known.tags.add if ask.method == "POST" else known.tags.discard)(names[3])
            return OK
        if ask.method != "POST" or names[2:] != ["tasks"]:
            return Told(405, "Method Not Allowed")
        if not ask.body:
            came = "connection_request" in query and self.genie.session(known)
            return OK if came else Told(504, "Device is offline")
        return self._task(known, ask.body, query)

    def _task(self, known: Known, body: bytes, query: Mapping[str, str]) -> Told:
        try:
            what = json.loads(body)
        except ValueError:
            return Told(400, "Bad Request")
        if not isinstance(what, dict) or what.get("name") not in _KINDS:
            raise Dropped
        task = self.genie.queue(known.id, what)
        said = cast(Json, task.document())
        if "connection_request" not in query:
            return Told(202, "Accepted", said)
        if known.id in self.genie.in_session:
            return Told(202, "Task queued but not processed", said)
        if not self.genie.session(known):
            return Told(202, "Device is offline", said)
        if f"{known.id}:task_{task.id}" in self.genie.faults:
            return Told(202, "Task faulted", said)
        return Told(200, "OK", said)

    def _other(self, ask: Ask, names: list[str]) -> Told:
        kind, name = names[0], names[1] if len(names) > 1 else ""
        if kind == "files":
            return self._file(ask, name)
        if kind == "presets":
            return self._preset(ask, name)
        genie = self.genie
        if kind == "faults":
            fault = genie.faults.get(name)
            if fault is not None and fault.device in genie.in_session:
                return Told(503, "Device is in session")
            genie.faults.pop(name, None)
            genie.drop(name.rpartition(":task_")[2])
            return OK
        task = genie.tasks.get(name)
        if task is None:
            return Told(404, "Task not found")
        if task.device in genie.in_session:
            return Told(503, "Device is in session")
        if ask.method == "POST" and names[2:] == ["retry"]:
            genie.faults.pop(f"{task.device}:task_{name}", None)
            return OK
        genie.drop(name)
        return OK

    def _file(self, ask: Ask, name: str) -> Told:
        if ask.method == "PUT":
            said = {k.lower(): v for k, v in ask.headers.items()}
            about: dict[str, Json] = {k: said[k.lower()] for k in _ABOUT if k.lower() in said}
            self.genie.files[name] = File(ask.body, about)
            return Told(201, "Created")
        return OK if self.genie.files.pop(name, None) is not None else Told(404, "Not Found")

    def _preset(self, ask: Ask, name: str) -> Told:
        if ask.method == "DELETE":
            self.genie.presets.pop(name, None)
            return OK
        said = json.loads(ask.body)
        values = {
            c["name"]: str(c["value"]) for c in said["configurations"] if c["type"] == "value"
        }
        self.genie.presets[name] = Preset(name=name, weight=said.get("weight", 0), values=values)
        return OK


_ABOUT = ("fileType", "oui", "productClass", "version")


def matches(row: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    """Whether a document is one that this query means. A text of the query is widened: between
    slashes it is an expression, and a star stands for anything."""
    return all(_meets(_at(row, name), test) for name, test in wanted.items())


def _meets(value: Json, test: Json) -> bool:
    if isinstance(test, dict):
        return all(_beside(name, str(value), side) for name, side in test.items())
    if isinstance(test, str) and len(test) > 1 and test.startswith("/") and test.endswith("/"):
        return re.search(test[1:-1], str(value)) is not None
    if isinstance(test, str) and "*" in test:
        return re.fullmatch(re.escape(test).replace(r"\*", ".*"), str(value)) is not None
    return value == test


def _beside(name: str, value: str, side: Json) -> bool:
    if name == "$in":
        return isinstance(side, list) and value in side
    return {"$gt": value > str(side), "$gte": value >= str(side)}[name]


def _at(row: Mapping[str, Json], name: str) -> Json:
    place: Json = dict(row)
    names = name.split(".")
    for each in names if names[-1].startswith("_") or len(names) == 1 else [*names, "_value"]:
        place = place.get(each) if isinstance(place, dict) else None
    return place


def projected(row: dict[str, Json], names: list[str]) -> dict[str, Json]:
    """Only these branches of a document, and its id."""
    made: dict[str, Json] = {"_id": row["_id"]}
    for name in names:
        branch, place = made, row
        *above, last = name.split(".")
        for each in above:
            below = place.get(each)
            if not isinstance(below, dict):
                break
            here = branch.setdefault(each, {})
            assert isinstance(here, dict)
            branch, place = here, below
        else:
            if last in place:
                branch[last] = place[last]
    return made
