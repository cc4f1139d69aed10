"""The schema of ``wifi``: names that are kept, and steering policies that may be set."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import Strict, Words


class Wifi(Strict):
    """The whole file."""

    operator_names: list[Words]
    steering: list[Annotated[int, Field(ge=0, le=2)]]
