"""The shapes in which a language model has to answer.

Every field is required in the schema and nothing else may be there, as strict structured output
asks; what may be missed is null or empty where a server lets it be left out. Lengths and
ranges are checked here and not said in the schema, because some servers refuse such keywords.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.facts import Band, FollowUp, Language, RequestKind
from brain.planner.groups import Group

_LONGEST_VALUE = 500
_MOST_ITEMS = 20


def _short(text: str) -> str:
    if len(text) > _LONGEST_VALUE:
        raise ValueError(f"longer than {_LONGEST_VALUE} characters")
    return text


def _few(items: list[object]) -> list[object]:
    if len(items) > _MOST_ITEMS:
        raise ValueError(f"more than {_MOST_ITEMS} items")
    return items


def _share(number: float) -> float:
    if not 0 <= number <= 1:
        raise ValueError("not between 0 and 1")
    return number


Short = Annotated[str, AfterValidator(_short)]
Share = Annotated[float, AfterValidator(_share)]


class _Answer(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )


class RequestAnswer(_Answer):
    """Something the message asks for outright."""

    kind: RequestKind
    value: Short
    path: Short


class IntakeAnswer(_Answer):
    """What a message says, in the planner's own words."""

    symptom: Symptom
    band: Band | None
    request: RequestAnswer | None
    language: Language | None = None
    follow_up: FollowUp | None = None


class Hypothesis(_Answer):
    """One cause, and how likely it is."""

    cause: Cause
    probability: Share


class DiagnosisAnswer(_Answer):
    """The causes weighed, and what would have to be read to tell better."""

    hypotheses: Annotated[list[Hypothesis], AfterValidator(_few)]
    missing: Annotated[list[Group], AfterValidator(_few)]


class ComposedChange(_Answer):
    """One parameter of the device at hand, and the value it should get."""

    path: Short
    value: Short


class ProposalAnswer(_Answer):
    """One candidate chosen by id, or changes composed, or nothing at all.

    The reason comes before the choice: a model that is held to a form writes in this order.
    """

    sentence: Short
    """What the agent should be told, in one or two plain sentences."""
    cause: Cause
    candidate: Short
    """The id of the candidate; empty for the other decisions."""
    changes: Annotated[list[ComposedChange], AfterValidator(_few)]
    """Empty unless composed."""
    decision: Literal["candidate", "compose", "nothing"]


class SaidAnswer(_Answer):
    """An answer to somebody who asks about what was done, over facts alone."""

    sentence: Short


def proposal_answer(candidates: Sequence[str], *, composes: bool = True) -> type[ProposalAnswer]:
    """The shape that can name only these candidates: a grammar then keeps a small model to them.

    Without ``composes`` there is nothing that it could set itself, and it cannot say that it would.
    """
    listed = [*candidates, ""]

    def known(name: str) -> str:
        if name not in listed:
            raise ValueError("no candidate of that id")
        return name

    one_of = Annotated[str, AfterValidator(known), Field(json_schema_extra={"enum": listed})]
    shape = create_model("ProposalAnswer", __base__=ProposalAnswer, candidate=(one_of, ...))
    if composes:
        return shape
    chooses = Literal["candidate", "nothing"]
    return create_model("ProposalAnswer", __base__=shape, decision=(chooses, ...))
