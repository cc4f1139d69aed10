"""The schema of ``regulatory``: which channels a radio may use in which country."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from policies.numbers.strict import ANY, DOWN, KNOWN_ANY, UP, Country, Models, Strict, Words

Channel = Annotated[int, Field(ge=1, le=253)]


class Percent(Strict):
    """The least and the most power, in percent."""

    min: int = Field(ge=0, le=100, json_schema_extra=DOWN)
    max: int = Field(ge=0, le=100, json_schema_extra=UP)


class Channels(Strict):
    """The primary channels of one width."""

    model_config = KNOWN_ANY

    free: list[Channel]
    radar: list[Channel]

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "Channels":
        both = sorted({*self.free} & {*self.radar})
        if both:
            raise ValueError(f"channel {both[0]} is listed as free and as shared with radar")
        return self


class Band(Strict):
    """One band in one country."""

    power_percent: Percent
    indoors: list[Channel] = Field(json_schema_extra=ANY)
    widths: dict[Words, Channels]


class Placement(Strict):
    """Where models are made to stand."""

    model_config = KNOWN_ANY

    indoors: Models
    outdoors: Models

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        for maker, models in self.indoors.items():
            both = sorted(set(models) & set(self.outdoors.get(maker, [])))
            if both:
                raise ValueError(f"{both[0]} is said to stand both indoors and outdoors")
        return self


class Regulatory(Strict):
    """The whole file."""

    placement: Placement
    countries: dict[Country, Words] = Field(json_schema_extra=ANY)
    tables: dict[Words, dict[Words, Band]]

    @property
    def nowhere(self) -> str:
        """A table that a country is sent to and that is not there; empty when all are."""
        return next((name for name in self.countries.values() if name not in self.tables), "")
