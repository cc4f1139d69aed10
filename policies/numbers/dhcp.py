"""The schema of ``dhcp``: how addresses are handed out in a home."""

from pydantic import Field

from policies.numbers.strict import Strict


class Seconds(Strict):
    """The shortest and the longest lease."""

    min: int = Field(ge=60)
    max: int = Field(ge=60, le=31_536_000)


class Dhcp(Strict):
    """The whole file."""

    lease_seconds: Seconds
    min_addresses: int = Field(ge=1, le=65_536)
