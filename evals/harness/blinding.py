"""Takes parts of what a language model is shown away, to see what each of them is worth."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from pydantic import BaseModel

from brain.domain.errors import InvalidInput
from brain.planner.deps import LanguageModel, Prompt, Reply
from brain.planner.prompting import as_data

PARTS: dict[str, str] = {
    "candidates": "what the rules found, to choose from",
    "changes": "who set what in the last two weeks",
    "evidence": "values that the device gave",
    "events": "what happened to it in the last day",
    "hosts": "how many things hang on the home network",
    "hypotheses": "what it thought likely itself, when it chooses",
    "neighbours": "how those on the same access node are",
    "networks": "the foreign networks it hears",
    "settable": "parameters it could set, when it composes",
}
"""The fields of the prompts' data, by name. Without one, the model finds it empty."""


@dataclass(frozen=True, slots=True)
class Blinded:
    """A language model that is not shown some parts."""

    model: LanguageModel
    without: Collection[str]

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """Ask it about what is left."""
        data = json.loads(prompt.data)
        left = {
            name: type(value)() if name in self.without else value for name, value in data.items()
        }
        return await self.model.ask(replace(prompt, data=as_data(left)), shape, seconds=seconds)


def parts(given: str) -> frozenset[str]:
    """The parts of a comma-separated list; raises InvalidInput for one that there is not."""
    named = frozenset(filter(None, (each.strip() for each in given.split(","))))
    unknown = sorted(named - PARTS.keys())
    if unknown:
        raise InvalidInput(
            f"no model is shown {unknown[0]}",
            field="--without",
            remedy=f"There are: {', '.join(PARTS)}.",
        )
    return named
