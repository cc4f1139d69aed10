"""The engine inside the process: regopy (rego-cpp), behind guards.

Left alone, regopy lets a rule through when a builtin fails, reads an integer beyond 64 bits as
another one, cuts a text at a NUL, and puts texts into its answer as they are, so that a quotation
mark in an SSID could write its own outcome. Here builtins that fail are errors, numbers are exact
or refused, texts go in escaped, and an answer that is not JSON is no answer.
"""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from regopy import Input, Interpreter
from regopy.interpreter import Bundle as Compiled
from regopy.rego_shared import rego as library

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.bundle import Bundle
from policies.chunks import chunks, is_whole, joined
from policies.engine import ACCESS, DECISION, ENTRY, RawAnswer
from policies.exact import check_depth, check_number, check_text
from policies.guards import BUILTINS
from policies.packed import ROOT

CHUNK = 32
"""More changes than this are asked in parts: one costs the least in about so many."""
_STRIKES = 3


class EmbeddedEngine:
    """Answers from a compiled bundle, in a thread of its own, within a time limit."""

    def __init__(self, bundle: Bundle, *, timeout: timedelta = timedelta(seconds=1)) -> None:
        """Compile the bundle. Raises PolicyUnavailable when regopy does not take it."""
        self._bundle = bundle
        self._timeout = timeout.total_seconds()
        self._strikes = 0
        self._thread = self._begin()
        self._thread.submit(self._interpreter).result()

    @property
    def name(self) -> str:
        """How verdicts name this engine."""
        return "embedded"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        """The document at this entrypoint; see ``policies.engine.Engine``."""
        if self._strikes >= _STRIKES:
            raise PolicyUnavailable(
                "the embedded policy engine stopped answering", remedy="Restart the process."
            )
        thread = self._thread
        work = asyncio.get_running_loop().run_in_executor(
            thread, self._answer, entrypoint, question
        )
        try:
            result = await asyncio.wait_for(work, self._timeout)
        except TimeoutError:
            self._abandon(thread)
            raise PolicyUnavailable(
                f"the embedded policy engine did not answer within {self._timeout:g} seconds"
            ) from None
        return RawAnswer(result=result, revision=self._bundle.revision)

    def _answer(self, entrypoint: str, question: dict[str, Json]) -> Json:
        parts = chunks(question, CHUNK) if entrypoint == DECISION else [question]
        answers: list[Json] = []
        for part in parts:
            answers.append(_evaluate(self._interpreter(), entrypoint, part))
            if is_whole(answers[0]):
                return answers[0]
        return joined(answers)

    def _interpreter(self) -> "_Ready":
        """The one of this thread, compiled when the thread first needs it."""
        ready: _Ready | None = getattr(self._local, "ready", None)
        if ready is None:
            ready = self._local.ready = _compiled(self._bundle)
        return ready

    def _begin(self) -> ThreadPoolExecutor:
        """regopy shares nothing safely between threads: a new thread has a new interpreter."""
        self._local = threading.local()
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="policy")

    def _abandon(self, thread: ThreadPoolExecutor) -> None:
        """A call into regopy cannot be stopped: leave its thread behind, and start afresh."""
        if thread is self._thread:
            self._strikes += 1
            thread.shutdown(wait=False)
            self._thread = self._begin()


@dataclass(frozen=True, slots=True)
class _Ready:
    interpreter: Interpreter
    compiled: Compiled


def _evaluate(ready: _Ready, entrypoint: str, question: dict[str, Json]) -> Json:
    """The one document at this entrypoint. Raises PolicyUnavailable when there is none."""
    asked = entered(question)
    try:
        ready.interpreter.set_input(asked)
        output = ready.interpreter.query_bundle_entrypoint(ready.compiled, entrypoint)
        said = [each.expressions for each in output.results]  # none when a builtin failed
    except Exception as error:  # whatever it is, there is no answer
        raise PolicyUnavailable("the embedded policy engine failed") from error
    if len(said) != 1 or len(said[0]) != 1:
        raise PolicyUnavailable("the embedded policy engine gave no answer")
    document: Json = said[0][0]
    return document


def _compiled(bundle: Bundle) -> _Ready:
    try:
        interpreter = Interpreter()
        interpreter.strict_built_in_errors = True
        for name, source in bundle.modules.items():
            interpreter.add_module(name, source)
        interpreter.add_data_json(json.dumps({ROOT: _most_read_first(bundle)}))
        missing = sorted(name for name in BUILTINS if not interpreter.is_builtin(name))
        compiled = interpreter.build(None, [DECISION, ACCESS, ENTRY])
        works = compiled.ok()
    except Exception as error:  # whatever it is, the bundle is of no use
        raise _unusable() from error
    if missing or not works:
        raise _unusable()
    return _Ready(interpreter, compiled)


def _most_read_first(bundle: Bundle) -> dict[str, Json]:
    """The numbers, those that rules name most first: a document is searched from its start."""

    def mentions(name: str) -> int:
        return sum(source.count(f"{name}.") for source in bundle.modules.values())

    return {name: bundle.data[name] for name in sorted(bundle.data, key=mentions, reverse=True)}


def _unusable() -> PolicyUnavailable:
    return PolicyUnavailable(
        "the embedded policy engine does not take the bundle",
        remedy="Run `gatewright policy check`, or use the shipped bundle.",
    )


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
