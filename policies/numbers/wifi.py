"""The schema of ``wifi``: names that are kept, and steering policies that may be set."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import DOWN, UP, Strict, Words


class Wifi(Strict):
    """The whole file."""

    operator_names: list[Words] = Field(json_schema_extra=DOWN)
    steering: list[Annotated[int, Field(ge=0, le=2)]] = Field(json_schema_extra=UP)
