"""The schema of ``dhcp``: how addresses are handed out in a home."""

from pydantic import Field

from policies.numbers.strict import DOWN, UP, Strict


class Seconds(Strict):
    """The shortest and the longest lease."""

    min: int = Field(ge=60, json_schema_extra=DOWN)
    max: int = Field(ge=60, le=31_536_000, json_schema_extra=UP)


class Dhcp(Strict):
    """The whole file."""

    lease_seconds: Seconds
    min_addresses: int = Field(ge=1, le=65_536, json_schema_extra=DOWN)
