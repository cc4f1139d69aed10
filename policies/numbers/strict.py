"""What the schemas of all numbers share: nothing unknown, nothing converted, nothing altered."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1, pattern=r'^[^"\\\x00-\x1f]+$')]
"""A text that both engines take as it is: no quotation marks, backslashes or control characters."""
Path = Annotated[Words, Field(pattern=r"^Device\.")]
"""A template of TR-181: a parameter, a command, or an object (ending in a dot)."""
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Models = dict[Words, list[Words]]
"""Models by manufacturer."""


class Strict(BaseModel):
    """A part of the numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
