"""The schema of ``encryption``: how strong each way of encrypting Wi-Fi is."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import Strict, Words

Rank = Annotated[int, Field(ge=0, le=100)]


class Encryption(Strict):
    """The whole file."""

    modes: dict[Words, Rank]
    at_least: int = Field(ge=1, le=100)
    """Never nothing: an open network is not switched on from here, whatever its rank."""
    ciphers: list[Words]
    frame_protection: list[Words]
