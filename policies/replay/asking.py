"""Asks one engine many questions at once: the opa program where there is one, or the embedded one.

Both answer alike; ``opa`` is some times faster, and neither is the engine that serves anybody.
"""

import asyncio
import json
import os
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.answer import Reading, read
from policies.bundle import Bundle
from policies.engine import DECISION, RawAnswer
from policies.engines.embedded import EmbeddedEngine

Question = dict[str, Json]

_PATIENCE = timedelta(seconds=30)
"""Nobody waits for one answer here, and the machine is busy with the others."""
_PACKAGE = "gatewright_replay"
_BATCH = f"""package {_PACKAGE}
import rego.v1
answers := {{i: answer |
    some i, question in input.questions
    answer := _answer with input as question
}}
"""  # not answers[i]: each answer would be held against all that are there already
DECIDES = f"data.{DECISION.replace('/', '.')}"
_ROOM = {"GOMAXPROCS": "1", "GOGC": "800", "GOMEMLIMIT": "500MiB"}
"""Its fellow has the other processor; and a fourth of its time went into collecting garbage."""
_FEW = 100
"""When something fails among so many, finding out which would cost more than it saves."""


class Asker(Protocol):
    """Answers questions from one bundle."""

    def ask(self, questions: Sequence[Question]) -> list[Reading | None]:
        """The reading of each answer, in order; None where there is no readable one."""


class EmbeddedAsker:
    """The embedded engine, one question after another."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._engine = EmbeddedEngine(bundle, timeout=_PATIENCE)

    def ask(self, questions: Sequence[Question]) -> list[Reading | None]:
        """See ``Asker.ask``."""
        return asyncio.run(self._all(questions))

    async def _all(self, questions: Sequence[Question]) -> list[Reading | None]:
        return [await self._one(question) for question in questions]

    async def _one(self, question: Question) -> Reading | None:
        try:
            raw = await self._engine.ask(DECISION, question)
            return _read(self._bundle, raw, question)
        except PolicyUnavailable:
            return None


class OpaAsker:
    """The opa program over a whole batch; what it cannot do, the embedded engine is asked.

    It takes 60 ms to get ready, so that batches are to be large, and halved where something fails.
    """

    def __init__(self, bundle: Bundle, program: str, folder: Path) -> None:
        """``folder`` is where the rules are put for it; questions never touch the disk.

        Raises PolicyUnavailable for rules that OPA does not take.
        """
        self._bundle = bundle
        self._beside = beside(folder / "decides", f"_answer := {DECIDES}")
        self._packed = folder / "rules.tar.gz"
        self._packed.write_bytes(bundle.to_tar_gz())
        self._program = program
        self._other: EmbeddedAsker | None = None
        if self.answers([], self._beside) is None:
            raise PolicyUnavailable("OPA does not take these rules")

    def ask(self, questions: Sequence[Question]) -> list[Reading | None]:
        """See ``Asker.ask``."""
        answers = self.answers(questions, self._beside)
        if answers is None:
            return self._ask_less(questions)
        return [
            self.reading(answers.get(str(at)), question) for at, question in enumerate(questions)
        ]

    def reading(self, answer: Json, question: Question) -> Reading | None:
        """Of the answer to this question; None when it cannot be read."""
        try:
            raw = RawAnswer(result=answer, revision=self._bundle.revision)
            return _read(self._bundle, raw, question)
        except PolicyUnavailable:
            return None

    def _ask_less(self, questions: Sequence[Question]) -> list[Reading | None]:
        """Of a batch with one question that fails, all but a few are still asked here."""
        if len(questions) > _FEW:
            half = len(questions) // 2
            return self.ask(questions[:half]) + self.ask(questions[half:])
        self._other = self._other or EmbeddedAsker(self._bundle)
        return self._other.ask(questions)

    def answers(self, questions: Sequence[Question], beside: Path) -> dict[str, Json] | None:
        """By position, or None when one of the questions, or the program, failed.

        ``beside`` the rules is the folder that says what is asked of them.
        """
        ran = subprocess.run(
            [
                *(self._program, "eval", "--stdin-input", "--format", "raw"),
                *("--strict-builtin-errors", "--bundle", str(self._packed)),
                *("--data", str(beside), f"data.{_PACKAGE}.answers"),
            ],
            input=json.dumps({"questions": [*questions]}).encode(),
            capture_output=True,
            check=False,
            env={**os.environ, **_ROOM},
        )
        try:
            answers = json.loads(ran.stdout) if ran.returncode == 0 else None
        except ValueError:
            return None
        return answers if isinstance(answers, dict) else None


def beside(folder: Path, answer: str) -> Path:
    """A new folder with the batch, in which the rule ``_answer`` is this one."""
    folder.mkdir()
    (folder / "batch.rego").write_text(f"{_BATCH}{answer}\n")
    return folder


def _read(bundle: Bundle, raw: RawAnswer, question: Question) -> Reading:
    broken = question.get("break_glass") is not None
    return read(raw, revision=bundle.revision, rules=bundle.findings, broken=broken)
