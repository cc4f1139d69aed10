"""Makes the questions to a language model: our instructions, and everything else as data."""

from functools import cache
from importlib.resources import files
from json import dumps

from brain.domain.canonical import Json
from brain.planner.deps import Prompt


def prompt(name: str, data: dict[str, Json]) -> Prompt:
    """The question of this name over this data."""
    return Prompt(name=name, instructions=instructions(name), data=as_data(data))


@cache
def instructions(name: str) -> str:
    """The shipped text of ``prompts/<name>.md``."""
    shipped = files("brain.planner") / "prompts" / f"{name}.md"
    return shipped.read_text(encoding="utf-8").strip()


def as_data(data: dict[str, Json]) -> str:
    """One line of JSON in which no text can end a fence or start a line of its own."""
    return dumps(data, separators=(",", ":"), sort_keys=True).replace("`", "\\u0060")
