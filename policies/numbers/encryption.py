"""The schema of ``encryption``: how strong each way of encrypting Wi-Fi is."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import ANY, DOWN, UP, Strict, Words

Rank = Annotated[int, Field(ge=0, le=100)]


class Encryption(Strict):
    """The whole file."""

    modes: dict[Words, Rank] = Field(json_schema_extra=ANY)
    at_least: int = Field(ge=1, le=100, json_schema_extra=DOWN)
    """Never nothing: an open network is not switched on from here, whatever its rank."""
    ciphers: list[Words] = Field(json_schema_extra=UP)
    frame_protection: list[Words] = Field(json_schema_extra=UP)
