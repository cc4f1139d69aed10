"""The engine inside the process: regopy (rego-cpp), behind guards.

Left alone, regopy lets a rule through when a builtin fails, reads an integer beyond 64 bits as
another one, cuts a text at a NUL, and puts texts into its answer as they are, so that a quotation
mark in an SSID could write its own outcome. Here builtins that fail are errors, numbers are exact
or refused, texts go in escaped, and an answer that is not JSON is no answer.
"""

import asyncio
import json
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from time import monotonic

from regopy import Interpreter
from regopy.interpreter import Bundle as Compiled

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.bundle import Bundle
from policies.chunks import chunks, is_whole, joined
from policies.engine import ACCESS, DECISION, ENTRY, RawAnswer
from policies.engines.entering import entered
from policies.engines.lane import Lane
from policies.guards import BUILTINS
from policies.packed import ROOT

CHUNK = 32
"""More changes than this are asked in parts: one costs the least in about so many."""
ROOM = 256
"""How many questions may wait; one more is refused at once."""
_STRIKES = 3
"""So many stuck threads are replaced within ``_FORGET_AFTER``."""
_FORGET_AFTER = 60.0
"""Seconds."""
_MOST_STUCK = 8
"""So many threads that were left behind may still be running."""


class EmbeddedEngine:
    """Answers from a compiled bundle, in a thread of its own, within a time limit."""

    def __init__(self, bundle: Bundle, *, timeout: timedelta = timedelta(seconds=1)) -> None:
        """Compile the bundle. Raises PolicyUnavailable when regopy does not take it.

        ``timeout`` is for one question, from when the thread takes it up.
        """
        self._bundle = bundle
        self._timeout = timeout.total_seconds()
        self._lock = Lock()
        self._left: list[Lane[_Ready]] = []
        self._left_at: list[float] = []
        self._lane: Lane[_Ready] | None = self._new_lane()
        self._lane.begin().result()

    @property
    def name(self) -> str:
        """How verdicts name this engine."""
        return "embedded"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        """The document at this entrypoint; see ``policies.engine.Engine``."""

        def answer(ready: _Ready) -> Json:
            return _answer(ready, entrypoint, question)

        while True:
            lane = self._open()
            try:
                taken = lane.take(answer)
            except RuntimeError:  # it was left just now
                continue
            await self._wait(lane, taken)
            if not taken.cancelled():
                return RawAnswer(result=taken.result(), revision=self._bundle.revision)

    async def _wait(self, lane: "Lane[_Ready]", taken: "Future[Json]") -> None:
        """Until it is answered, or has to be asked of another lane. All who wait keep watch.

        Raises PolicyUnavailable when it is this very question that takes too long.
        """
        answered = asyncio.wrap_future(taken)
        try:
            while not taken.done():
                await asyncio.wait({answered}, timeout=lane.look_again)
                if not taken.done() and lane.stuck:
                    self._leave(lane)
                    if not taken.done():
                        raise self._too_slow()
        finally:
            answered.cancel()  # nobody waits for it any more

    def _too_slow(self) -> PolicyUnavailable:
        return PolicyUnavailable(
            f"the embedded policy engine did not answer within {self._timeout:g} seconds",
            remedy="Try again; if it stays, look at what else the machine does.",
        )

    def _open(self) -> "Lane[_Ready]":
        """The lane that takes questions: another where the last was left, but not endlessly."""
        with self._lock:
            if self._lane is None:
                self._check_may_begin()
                self._lane = self._new_lane()
            return self._lane

    def _check_may_begin(self) -> None:
        """A call into regopy cannot be stopped: threads that never end must not pile up."""
        self._left = [lane for lane in self._left if lane.stuck]
        self._left_at = [at for at in self._left_at if monotonic() - at < _FORGET_AFTER]
        if len(self._left) >= _MOST_STUCK:
            raise PolicyUnavailable(
                f"the embedded policy engine is stuck in {len(self._left)} questions",
                remedy="It is asked again once one of them ends; else restart the process.",
            )
        if len(self._left_at) >= _STRIKES:
            raise PolicyUnavailable(
                f"the embedded policy engine got stuck {_STRIKES} times within a minute",
                remedy="Wait a minute: it is asked again by itself.",
            )

    def _new_lane(self) -> "Lane[_Ready]":
        """regopy shares nothing safely between threads: a new thread has a new interpreter."""
        return Lane(prepare=lambda: _compiled(self._bundle), limit=self._timeout, room=ROOM)

    def _leave(self, lane: "Lane[_Ready]") -> None:
        """Leave a stuck thread behind; what waited for it is asked of the next."""
        with self._lock:
            if lane is self._lane:
                self._lane = None
                self._left.append(lane)
                self._left_at.append(monotonic())
        lane.leave()


@dataclass(frozen=True, slots=True)
class _Ready:
    interpreter: Interpreter
    compiled: Compiled


def _answer(ready: _Ready, entrypoint: str, question: dict[str, Json]) -> Json:
    parts = chunks(question, CHUNK) if entrypoint == DECISION else [question]
    answers: list[Json] = []
    for part in parts:
        answers.append(_evaluate(ready, entrypoint, part))
        if is_whole(answers[0]):
            return answers[0]
    return joined(answers)


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
