"""What other rules change: numbers, source and rules, each only where there is something."""

import json
from typing import Any

from pydantic import Field

from api.shapes.base import Shape
from policies.difference import Difference, NumberChange, Turn, visible


class NumberChangeShape(Shape):
    """One number, list or text that changes, or a group of them that comes or goes."""

    path: str = Field(examples=["limits.reach.max_shared"])
    turn: Turn
    before: Any = Field(None, description="Left out for what is added.")
    after: Any = Field(None, description="Left out for what is removed.")

    @classmethod
    def of(cls, change: NumberChange) -> "NumberChangeShape":
        """The shape of one."""
        path = visible(change.path)
        return cls(path=path, turn=change.turn, before=change.before, after=change.after)

    @property
    def was(self) -> str:
        """What it was, as JSON; empty for what is added."""
        return "" if self.turn is Turn.ADDED else _json(self.before)

    @property
    def will(self) -> str:
        """What it would be, as JSON; empty for what is removed."""
        return "" if self.turn is Turn.REMOVED else _json(self.after)


class ModuleChangeShape(Shape):
    """One file of rules that is added, removed or changed."""

    name: str = Field(examples=["gatewright/core/core.rego"])
    turn: Turn
    diff: str = Field(description="As `diff -u` writes it; characters that hide are escaped.")


class DifferenceShape(Shape):
    """What rules change against those that they were compared with. Empty parts are left out."""

    base: str
    revision: str
    numbers: list[NumberChangeShape] = Field(default_factory=list)
    modules: list[ModuleChangeShape] = Field(default_factory=list)
    rules_added: list[str] = Field(default_factory=list, examples=[["core.too_many_changes"]])
    rules_removed: list[str] = Field(default_factory=list)

    @classmethod
    def of(cls, found: Difference) -> "DifferenceShape":
        """The shape of one."""
        return cls(
            base=found.base,
            revision=found.revision,
            numbers=[NumberChangeShape.of(each) for each in found.numbers],
            modules=[ModuleChangeShape.model_validate(each) for each in found.modules],
            rules_added=list(found.rules_added),
            rules_removed=list(found.rules_removed),
        )


def _json(value: object) -> str:
    return visible(json.dumps(value, ensure_ascii=False))
