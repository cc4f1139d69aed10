"""The schema of ``upkeep``: what a device needs to look after itself."""

from pydantic import Field

from policies.numbers.strict import UP, Strict, Words


class Upkeep(Strict):
    """The whole file."""

    time_servers: list[Words] = Field(json_schema_extra=UP)
