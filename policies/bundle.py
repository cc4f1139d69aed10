"""The rules and their data as one thing, checked when it is loaded and named by its content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.errors import InvalidInput
from policies import data as numbers
from policies.families import asked_about, hidden
from policies.findings import RuleText, rule_texts
from policies.guards import problems
from policies.packed import ROOT, data_json, members, pack, unpack

_TOPIC = re.compile(rf"{ROOT}/change/([a-z_]+)/")
_ALL_TOPICS = f"{ROOT}/topics/topics.rego"
_DEFINES = re.compile(r"(?m)^(deny|review|covers)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What both engines answer from. Two bundles of one revision are the same, byte for byte."""

    modules: Mapping[str, str]
    """Rego source by path, without the tests."""
    data: Mapping[str, Json]
    """What stands below ``data.gatewright`` beside the rules."""
    findings: Mapping[str, RuleText]
    """What each code means."""
    revision: str
    """SHA-256 over all of it, in lower-case hexadecimal."""

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        *,
        data: Path | None = None,
        resolvers: Sequence[str] = (),
        time_servers: Sequence[str] = (),
    ) -> "Bundle":
        """The shipped bundle, or the one in this folder, with the operator's own numbers.

        ``data`` is a YAML file that replaces numbers; ``resolvers`` and ``time_servers`` replace
        the lists of those. Raises InvalidInput, naming the file, for Rego that the two engines
        would not answer alike, for a topic that is not listed, and for numbers of the wrong shape.
        """
        folder: Traversable = files("policies").joinpath("rego") if path is None else path
        modules = _modules(folder)
        found = numbers.tuned(_data(folder), data)
        if resolvers:
            found["resolvers"] = {"addresses": [*resolvers]}
        if time_servers:
            found["upkeep"] = {"time_servers": [*time_servers]}
        return cls.of(modules, found)

    @classmethod
    def from_tar_gz(cls, packed: bytes) -> "Bundle":
        """The bundle in a file of ``to_tar_gz``, checked as one in a folder is.

        Raises InvalidInput, also for a file whose content is not of the revision that it claims.
        """
        modules, data, revision = unpack(packed)
        bundle = cls.of(modules, data)
        if bundle.revision != revision:
            raise InvalidInput(
                "its content is not of the revision that it names",
                field="policy bundle",
                remedy="It was altered: make it again with `gatewright policy bundle`.",
            )
        return bundle

    @classmethod
    def of(cls, modules: Mapping[str, str], data: Mapping[str, Json]) -> "Bundle":
        """The bundle of these rules (source by path) and numbers, checked."""
        numbers.check(dict(data))
        found = numbers.worked_out(dict(data))
        _check_rules(modules, found)
        return cls(
            modules=MappingProxyType(dict(modules)),
            data=MappingProxyType(found),
            findings=MappingProxyType(_index(modules)),
            revision=_revision(modules, found),
        )

    def with_numbers(self, own: Mapping[str, Json]) -> "Bundle":
        """The same rules with these numbers on top, value by value; a list is replaced."""
        return Bundle.of(self.modules, numbers.laid_over(self.data, own))

    @property
    def data_json(self) -> str:
        """The base document, as engines load it."""
        return data_json(self.data)

    def to_tar_gz(self) -> bytes:
        """The bundle as an OPA server takes it; the same bytes for the same revision."""
        return pack(members(self.modules, self.data, self.revision))


def _modules(folder: Traversable) -> dict[str, str]:
    found = {
        name: source
        for name, source in _texts(folder.joinpath(ROOT), ROOT, ".rego")
        if not name.endswith("_test.rego")
    }
    if not found:
        raise InvalidInput(
            "there is no Rego in it", field=str(folder), remedy=f"It needs a folder {ROOT}/."
        )
    return found


def _data(folder: Traversable) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, text in _texts(folder.joinpath("data", ROOT), "", "data.yaml"):
        found[name.strip("/").partition("/")[0]] = numbers.read_yaml(text, f"data{name}")
    return found


def _texts(folder: Traversable, prefix: str, ending: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not folder.is_dir():
        return found
    for item in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{prefix}/{item.name}"
        if item.is_dir():
            found.extend(_texts(item, name, ending))
        elif item.name.endswith(ending):
            found.append((name, item.read_text(encoding="utf-8")))
    return found


def _check_rules(modules: Mapping[str, str], data: Mapping[str, Json]) -> None:
    wrong = problems(modules) or _unlisted(modules) or _hidden(modules, data)
    if wrong:
        raise InvalidInput(
            "; ".join(wrong[:5]),
            field="policy bundle",
            remedy="Both engines must answer it alike; run `gatewright policy check`.",
        )


def _unlisted(modules: Mapping[str, str]) -> list[str]:
    """A topic that is not listed would be silent, and silence must not allow."""
    listed = modules.get(_ALL_TOPICS, "")
    wrong = []
    for name, source in modules.items():
        topic = _TOPIC.match(name)
        for rule in sorted(set(_DEFINES.findall(source))) if topic else ():
            if not re.search(rf"\b{topic and topic[1]}\.{rule}\b", listed):
                wrong.append(f"{name}: {_ALL_TOPICS} does not take in its {rule}")
    return wrong


def _hidden(modules: Mapping[str, str], data: Mapping[str, Json]) -> list[str]:
    """A topic that is not asked about all that it speaks of would be silent, too."""
    try:
        asked = asked_about(modules.get(_ALL_TOPICS, ""))
    except ValueError as error:
        return [f"{_ALL_TOPICS}: {error}"]
    sources: dict[str, list[str]] = {}
    for name, source in modules.items():
        match = _TOPIC.match(name)
        if match:
            sources.setdefault(match[1], []).append(source)
    found = [
        hidden(topic, sources[topic], families, data)
        for rule, families in sorted(asked.items())
        if (topic := rule.partition(".")[0]) in sources
    ]
    return [f"{_ALL_TOPICS}: {each}" for each in dict.fromkeys(found) if each]


def _index(modules: Mapping[str, str]) -> dict[str, RuleText]:
    index: dict[str, RuleText] = {}
    for name, source in sorted(modules.items()):
        package = name.split("/")[-2]
        for text in rule_texts(name, source):
            if text.code in index or not text.code.startswith(f"{package}."):
                raise InvalidInput(
                    f"the code {text.code} is taken, or does not begin with {package}.", field=name
                )
            index[text.code] = text
    return index


def _revision(modules: Mapping[str, str], data: Mapping[str, Json]) -> str:
    digest = sha256()
    content = {**modules, "data.json": canonical_bytes(dict(data)).decode()}
    for name, text in sorted(content.items()):
        digest.update(sha256(name.encode()).digest() + sha256(text.encode()).digest())
    return digest.hexdigest()
