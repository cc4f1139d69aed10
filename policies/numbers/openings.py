"""The schema of ``openings``: what may come in from the internet."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from policies.numbers.strict import ANY, DOWN, UP, Strict, Words

Port = Annotated[int, Field(ge=1, le=65_535)]


class Ports(Strict):
    """One port, or all from one to another."""

    from_: Port = Field(alias="from")
    to: Port

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.from_ > self.to:
            raise ValueError("a range of ports ends before it begins")
        return self


class Openings(Strict):
    """The whole file."""

    closed_ports: list[Ports] = Field(json_schema_extra=DOWN)
    max_ports: int = Field(ge=1, le=65_535, json_schema_extra=UP)
    firewall: dict[Words, Annotated[int, Field(ge=0, le=100)]] = Field(json_schema_extra=ANY)
