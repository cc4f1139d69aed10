"""The schema of ``autonomy``: what has to be shown before more is done unattended."""

from pydantic import Field

from policies.numbers.strict import ANY, DOWN, Strict, Words


class Bar(Strict):
    """What evidence has to reach."""

    tried: int = Field(ge=1, le=1_000_000, json_schema_extra=DOWN)
    lower_bound: float = Field(gt=0, le=1, json_schema_extra=DOWN)
    in_a_row: int = Field(ge=0, le=1_000_000, json_schema_extra=DOWN)


class Autonomy(Strict):
    """The whole file: a bar for each level above ``observe``."""

    propose: Bar
    with_approval: Bar
    alone: Bar
    confirm: Words = Field(json_schema_extra=ANY)
    """The group of which a person raises to ``act_alone``."""
    shadow_days: int = Field(ge=1, le=90, json_schema_extra=ANY)
