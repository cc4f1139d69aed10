"""The file of a run: how it was made, every result, and the scores; see ``docs/evals.md``."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from brain.domain.errors import InvalidInput
from evals.harness.carrying import Reviewer
from evals.harness.result import Result, Row
from evals.harness.scores import MEASURES, Scores, grouped, scores
from evals.scenarios.variants import Case


class ShareShape(Row):
    """A share with how many it is of, and Wilson's 95 % interval."""

    hits: int
    n: int
    share: float | None
    low: float
    high: float
    clustered_low: float = 0.0
    clustered_high: float = 1.0
    """The interval when cases of one template are taken for alike."""


class ScoresShape(Row):
    """The scores of some results."""

    n: int
    templates: int = 0
    """How many scenarios they are of."""
    shares: dict[str, ShareShape]
    pass_k: dict[int, float]
    amounts: dict[str, float]
    spread: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """95 % intervals of the amounts and of ``pass^k``; a file of before has none."""

    def within(self, name: str) -> str:
        """The interval of one of these in words, for people; a dash where there is none."""
        if name not in self.spread:
            return "-"
        low, high = self.spread[name]
        if name.startswith("pass^"):
            return f"{100 * low:.0f}..{100 * high:.0f}"
        return f"{low:.4g}..{high:.4g}"


class RunFile(Row):
    """One run of some scenarios with one planner."""

    format: Literal[1] = 1
    planner: str
    model: str = ""
    began: datetime
    seconds: float
    seed: int
    epochs: int
    jobs: int
    reviewer: Reviewer = Reviewer.STAMPS
    without: tuple[str, ...] = ()
    """What the model was not shown, to see what it is worth."""
    scenarios: str
    """SHA-256 over the templates, so that two runs can be known to be of the same ones."""
    rules: str
    """The revision of the policy."""
    product: str
    """The version of Gatewright."""
    scores: ScoresShape
    floors: dict[str, ScoresShape] = Field(default_factory=dict)
    """What ``noop`` and ``random`` come to on the same cases, unless it was told not to look."""
    families: dict[str, ScoresShape]
    results: tuple[Result, ...]

    @property
    def called(self) -> str:
        """How people tell it from other runs: planner, model, and what that was not shown."""
        blind = f"without {', '.join(self.without)}" if self.without else ""
        return " ".join(filter(None, (self.planner, self.model, blind)))


def scores_shape(results: Sequence[Result]) -> ScoresShape:
    """The scores of these, for a file."""
    of = scores(results)
    return ScoresShape(
        n=of.n,
        templates=of.templates,
        shares=_shares(of),
        pass_k=dict(of.passes),
        amounts=dict(of.amounts),
        spread=dict(of.spread),
    )


def by_family(results: Sequence[Result]) -> dict[str, ScoresShape]:
    """The scores of each family."""
    families = grouped(results, lambda each: each.family.value)
    return {name: scores_shape(some) for name, some in families.items()}


def fingerprint(cases: Sequence[Case]) -> str:
    """What the scenarios are, whatever files they came from."""
    said = sorted(f"{each.id} {each.template.model_dump_json()}" for each in cases)
    return sha256("\n".join(said).encode()).hexdigest()


def check_writable(path: Path | None, option: str) -> None:
    """Raise InvalidInput, before anything takes time, where this file could not be written."""
    if path is None:
        return
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder", field=option, remedy="Name a file.")
    if not path.parent.is_dir():
        raise InvalidInput(f"there is no folder {path.parent}", field=option, remedy="Make it.")
    there = path if path.exists() else path.parent
    if not os.access(there, os.W_OK):
        raise InvalidInput(f"{there} cannot be written to", field=option)


def write(run: RunFile, path: Path) -> None:
    """Write it; the folder has to be there."""
    path.write_text(run.model_dump_json(indent=1) + "\n", "utf-8")


def read(path: Path) -> RunFile:
    """Read it; raises InvalidInput naming the file, and the field that is not as it should be."""
    try:
        return RunFile.model_validate(json.loads(path.read_text("utf-8")))
    except OSError:
        raise InvalidInput("there is no such file", field=str(path)) from None
    except ValueError as error:
        where = ""
        if isinstance(error, ValidationError):
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InvalidInput(
            f"this is not a file of `gatewright evals run` {where and f'({where})'}".strip(),
            field=str(path),
            remedy="Give a file written with --json.",
        ) from None


def _shares(of: Scores) -> dict[str, ShareShape]:
    shapes = {}
    for name in MEASURES:
        found = of.shares[name]
        low, high = found.interval
        wide_low, wide_high = of.clustered[name]
        shapes[name] = ShareShape(
            hits=found.hits,
            n=found.n,
            share=found.value,
            low=low,
            high=high,
            clustered_low=wide_low,
            clustered_high=wide_high,
        )
    return shapes
