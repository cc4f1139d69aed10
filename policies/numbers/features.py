"""The schema of ``features``: capability that is held in reserve, and for whom."""

from typing import Annotated, Literal

from pydantic import Field

from brain.domain.identity import Role
from policies.numbers.strict import KNOWN_ANY, Country, Strict, Words

Anything = Literal["any"]


class Feature(Strict):
    """One feature: what belongs to it, and what has to hold for a plan that touches it."""

    model_config = KNOWN_ANY

    templates: list[Words] = Field(min_length=1)
    plans: list[Words] | Anything
    certified: dict[Words, dict[Words, list[Words]]] | Anything
    """Firmware versions by manufacturer and model."""
    countries: list[Country] | Anything
    roles: list[Annotated[Role, Field(strict=False)]] | Anything
