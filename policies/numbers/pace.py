"""The schema of ``pace``: how much may be changed around a device at once and within an hour."""

from pydantic import Field

from policies.numbers.strict import UP, Strict


class Limit(Strict):
    """Both count the change that is judged, so 1 is one at a time."""

    under_way: int = Field(ge=1, le=1_000_000, json_schema_extra=UP)
    last_hour: int = Field(ge=1, le=1_000_000, json_schema_extra=UP)


class Pace(Strict):
    """The whole file: one limit for each scope that a device lies in."""

    device: Limit
    site: Limit
    port: Limit
    olt: Limit
    model: Limit
    tenant: Limit
    unplaced: Limit
    """Together for all devices of which nobody entered where they lie."""
