"""What the schemas of all numbers share: nothing unknown, nothing converted, nothing altered."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

Words = Annotated[str, Field(min_length=1, pattern=r'^[^"\\\x00-\x1f]+$')]
"""A text that both engines take as it is: no quotation marks, backslashes or control characters."""
Path = Annotated[Words, Field(pattern=r"^Device\.")]
"""A template of TR-181: a parameter, a command, or an object (ending in a dot)."""
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Models = dict[Words, list[Words]]
"""Models by manufacturer."""


LOOSER: Final = "x-looser"
"""The keyword of ours that says which way a number or a list lets more through."""
UP: Final[JsonDict] = {LOOSER: "up"}
"""A greater number, or a longer list, lets more through."""
DOWN: Final[JsonDict] = {LOOSER: "down"}
"""A smaller number, or a shorter list, lets more through."""
ANY: Final[JsonDict] = {LOOSER: "any"}
"""Nobody can tell from it, or from anything in it: people look at every change of it."""
KNOWN_ANY: Final = ConfigDict(json_schema_extra=ANY)
"""Said of a whole part."""


class Strict(BaseModel):
    """A part of the numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
