"""The schema of ``queues``: how uploads are held back."""

from typing import Self

from pydantic import Field, model_validator

from policies.numbers.strict import DOWN, UP, Strict, Words


class Percent(Strict):
    """The least and the most of the line that a shaper lets out."""

    min: int = Field(ge=1, le=100, json_schema_extra=DOWN)
    max: int = Field(ge=1, le=100, json_schema_extra=UP)

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.min > self.max:
            raise ValueError("the least is more than the most")
        return self


class Queues(Strict):
    """The whole file."""

    shaper_percent: Percent
    drop: list[Words] = Field(json_schema_extra=UP)
