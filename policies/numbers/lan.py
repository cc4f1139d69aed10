"""The schema of ``lan``: which addresses a home may have inside."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import UP, Strict

Beginning = Annotated[str, Field(pattern=r"^(?:[0-9]{1,3}\.){1,3}$")]
"""The first one to three numbers of an IPv4 address, each with its dot."""


class Lan(Strict):
    """The whole file."""

    networks: list[Beginning] = Field(json_schema_extra=UP)
