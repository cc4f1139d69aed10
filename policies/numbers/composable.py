"""The schema of ``composable``: what a language model may compose itself."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import ANY, UP, Path, Strict, Words

Value = bool | int | Words


class Composable(Strict):
    """The whole file."""

    values: dict[Path, Annotated[list[Value], Field(min_length=1)]] = Field(json_schema_extra=ANY)
    no_less: list[Path] = Field(json_schema_extra=UP)
    any: list[Path] = Field(json_schema_extra=UP)
    max_changes: int = Field(ge=1, le=16, json_schema_extra=UP)
