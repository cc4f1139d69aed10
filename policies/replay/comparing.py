"""Compares old and new rules where they differ, and decides anew only what may be different."""

import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from brain.domain.canonical import canonical_bytes
from policies.answer import Reading
from policies.packed import ROOT
from policies.replay.asking import DECIDES, OpaAsker, Question, beside
from policies.replay.mentions import Path as Rule
from policies.replay.reach import BEFORE, Reach


class AsDecided(Enum):
    """Said instead of an answer: it is the one that was given."""

    AS_DECIDED = "as_decided"


Answer = Reading | AsDecided | None
"""None where there is no readable one."""


class OpaComparer:
    """The opa program over decisions of known rules; a batch where one fails is asked in full."""

    def __init__(self, asker: OpaAsker, folder: Path, reach: Reach) -> None:
        """``folder`` is where the old rules are put, beside the new ones that ``asker`` asks."""
        self.revision = reach.revision
        self._asker = asker
        self._beside = beside(folder / "compares", _compared(reach.rules))
        (self._beside / "data.json").write_bytes(canonical_bytes({BEFORE: reach.data}))
        for number, source in enumerate(reach.modules.values()):
            (self._beside / f"before{number}.rego").write_text(source)

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """The answers, in order; all questions have to be such as the old rules have decided."""
        answers = self._asker.answers(questions, self._beside)
        if answers is None:
            return self._asker.ask(questions)
        return [
            AsDecided.AS_DECIDED
            if answers.get(str(at)) == AsDecided.AS_DECIDED.value
            else self._asker.reading(answers.get(str(at)), question)
            for at, question in enumerate(questions)
        ]


def _compared(rules: Sequence[Rule]) -> str:
    """Decides only where one of these rules does not give what it gave; silence is an answer, too.

    With ``not _same`` it would be compared twice where it is not: OPA keeps no undefined answer.
    That it is the same, no rule can say itself: the package of the decision is not touched.
    """
    then, now = (
        ", ".join(f"[v | v := {_reference((root, *rule))}]" for rule in rules)
        for root in (BEFORE, ROOT)
    )
    return f"""_same if [{then}] == [{now}]
_answer := "{AsDecided.AS_DECIDED.value}" if _same
else := {DECIDES}"""


def _reference(path: Rule) -> str:
    return "data" + "".join(f"[{json.dumps(name)}]" for name in path)
