"""Has both engines judge a corpus, many cases at once, and says where they part."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from brain.domain.canonical import Json, canonical_bytes, jsonable
from brain.domain.errors import PolicyUnavailable
from evals.demo.stage import free_port
from policies.answer import read
from policies.bundle import Bundle
from policies.engine import DECISION, Engine
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.probes import Document
from tests.policies.engines.corpus import Case, bundles
from tests.policies.engines.serving import start

PATIENCE = timedelta(seconds=60)
_AT_ONCE = 8
_PART = 40
NO_ANSWER = "no answer"


async def judged(engine: Engine, bundle: Bundle, asked: Document) -> str:
    """What the gate makes of the engine's answer, as JSON; without one it denies."""
    try:
        raw = await engine.ask(DECISION, asked)
        broken = asked.get("break_glass") is not None
        reading = read(raw, revision=bundle.revision, rules=bundle.findings, broken=broken)
    except PolicyUnavailable as error:
        return json.dumps({"outcome": "deny", NO_ANSWER: error.message})
    said = {"read": _in_order(jsonable(reading)), "said": _in_order(raw.result)}
    return json.dumps({"outcome": reading.decision.value, **said}, sort_keys=True)


def _in_order(value: Json) -> Json:
    """Sets have no order; and 16.0 is 16, whoever writes it."""
    if isinstance(value, dict):
        return {key: _in_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_in_order(item) for item in value), key=canonical_bytes)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@dataclass(slots=True)
class Comparison:
    """What two engines made of a corpus."""

    families: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    apart: list[tuple[Case, str, str]] = field(default_factory=list)
    """Cases that are decided differently, or for other reasons, with both answers."""
    silent: list[tuple[Case, str]] = field(default_factory=list)
    """Neither engine answers: the gate denies, whichever is asked."""
    half_silent: list[tuple[Case, str, str]] = field(default_factory=list)
    """One engine denies with reasons, the other gives no answer: the gate denies, too."""

    def take(self, case: Case, inside: str, opa: str) -> None:
        """Count what was said of one case by the embedded engine and by OPA."""
        one, other = json.loads(inside), json.loads(opa)
        self.families[case.family] += 1
        self.outcomes[other["outcome"]] += 1
        self.rules.update({each["code"] for each in other.get("read", {}).get("findings", ())})
        mute = (NO_ANSWER in one) + (NO_ANSWER in other)
        if mute == 2:
            self.silent.append((case, one[NO_ANSWER]))
        elif mute == 1 and one["outcome"] == other["outcome"] == "deny":
            self.half_silent.append((case, inside, opa))
        elif inside != opa:
            self.apart.append((case, inside, opa))

    def report(self) -> str:
        """The counts, and the first cases that are apart in full."""
        lines = [
            f"{sum(self.families.values())} cases, {len(self.apart)} apart",
            f"outcomes: {dict(self.outcomes)}",
            f"without an answer: {len(self.silent)} of both, {len(self.half_silent)} of one",
            *(f"  family {name}: {count}" for name, count in sorted(self.families.items())),
            *(f"  rule {code}: {count}" for code, count in sorted(self.rules.items())),
        ]
        for case, inside, opa in self.apart[:5]:
            lines += ["", f"{case.family}, {case.numbers}: {json.dumps(case.question)[:4000]}"]
            lines += [f"  embedded: {inside[:3000]}", f"  OPA:      {opa[:3000]}"]
        return "\n".join(lines)


@contextmanager
def servers(opa: str, folder: Path) -> Iterator[Mapping[str, str]]:
    """An OPA server for the numbers of each name; their addresses."""
    started, urls = [], {}
    try:
        for name, bundle in bundles().items():
            packed, port = folder / f"{name}.tar.gz", free_port()
            packed.write_bytes(bundle.to_tar_gz())
            started.append(start(opa, port, packed))
            urls[name] = f"http://127.0.0.1:{port}"
        yield urls
    finally:
        for server in started:
            server.terminate()
            server.wait(timeout=10)


async def compare(cases: Sequence[Case], urls: Mapping[str, str], processes: int) -> Comparison:
    """Both engines asked at the same time: the embedded one in processes of its own."""
    found, loop = Comparison(), asyncio.get_running_loop()
    spawn = get_context("spawn")  # regopy shares nothing, and a fork would copy our threads
    parts = [cases[start : start + _PART] for start in range(0, len(cases), _PART)]
    opas = {name: OpaEngine(url, bundles()[name], timeout=PATIENCE) for name, url in urls.items()}
    turns = asyncio.Semaphore(_AT_ONCE)

    async def asked_opa(case: Case) -> str:
        async with turns:
            return await judged(opas[case.numbers], bundles()[case.numbers], case.question)

    packed = {name: _fields(bundle) for name, bundle in bundles().items()}
    try:
        with ProcessPoolExecutor(processes, spawn, begin, (packed,)) as pool:
            inside = [loop.run_in_executor(pool, judged_inside, part) for part in parts]
            for part, answers in zip(parts, inside, strict=True):
                said = await asyncio.gather(*map(asked_opa, part))
                for case, one, other in zip(part, await answers, said, strict=True):
                    found.take(case, one, other)
    finally:
        for engine in opas.values():
            await engine.aclose()
    return found


_engines: dict[str, tuple[EmbeddedEngine, Bundle]] = {}


def _fields(bundle: Bundle) -> dict[str, object]:
    """A bundle as it goes to another process; to load it there again takes a second each."""
    found = {each.name: getattr(bundle, each.name) for each in fields(bundle)}
    return {k: v if isinstance(v, str) else dict(v) for k, v in found.items()}


def begin(packed: Mapping[str, Mapping[str, object]]) -> None:
    """Get an engine ready for the numbers of each name; runs once in a process."""
    for name, each in packed.items():
        bundle = Bundle(**each)  # type: ignore[arg-type]  # the fields of one
        _engines[name] = EmbeddedEngine(bundle, timeout=PATIENCE), bundle


def judged_inside(cases: Sequence[Case]) -> list[str]:
    """What the embedded engine says of each; runs in a process that keeps its engines."""

    async def every() -> list[str]:
        return [await judged(*_engines[each.numbers], each.question) for each in cases]

    return asyncio.run(every())
