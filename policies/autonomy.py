"""The numbers of autonomy in the rules in force, for whoever keeps the levels."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import ValidationError

from brain.domain.autonomy import NEVER, AutonomyRules, Bar
from brain.domain.canonical import Json
from policies.numbers import autonomy


def autonomy_rules(data: Mapping[str, Json]) -> AutonomyRules:
    """What this data (of a ``Bundle``) asks for. Where it says nothing, no evidence is enough."""
    try:
        said = autonomy.Autonomy.model_validate(data.get("autonomy"))
    except ValidationError:
        return NEVER
    return AutonomyRules(
        propose=_bar(said.propose),
        with_approval=_bar(said.with_approval),
        alone=_bar(said.alone),
        confirm=said.confirm,
        shadow_for=timedelta(days=said.shadow_days),
    )


def _bar(said: autonomy.Bar) -> Bar:
    return Bar(tried=said.tried, lower_bound=said.lower_bound, in_a_row=said.in_a_row)
