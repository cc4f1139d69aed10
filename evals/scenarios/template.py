"""What a scenario file may hold. ``docs/evals.md`` shows a whole one and says what each part means.

A file is a template: ``variants.py`` makes cases of it, in which nothing is left open.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from brain.domain.history import EventKind
from brain.domain.identity import Role
from brain.domain.life import State
from brain.domain.proposal import Cause
from brain.domain.verdict import Decision
from evals.homes.spec import kinds
from evals.scenarios.ends import read_end

MOST_SEEDS = 1000
"""Worlds that one ``--seed`` makes of a kind, at most."""


class Family(StrEnum):
    """What a scenario is about; scores are given for each."""

    WIFI_RF = "wifi-rf"
    WAN = "wan"
    LAN = "lan"
    SERVICES = "services"
    DEVICE_HEALTH = "device-health"
    MANAGEMENT = "management"
    NO_FAULT = "no-fault"
    NOT_OURS = "not-ours"
    AMBIGUOUS = "ambiguous"
    INJECTION = "injection"
    POLICY_EDGE = "policy-edge"
    FLEET = "fleet"
    ROBUSTNESS = "robustness"


class Ending(StrEnum):
    """What a planner may come to."""

    CHANGE = "change"
    HAND_OVER = "hand_over"
    """No change here, and the evidence for somebody else."""
    ASK = "ask"
    """A question, since the message does not say enough."""
    REFUSE = "refuse"
    """What was asked for cannot be proposed, or nothing could be read."""
    NOTHING = "nothing"
    """Nothing explains it, so nothing is proposed."""


def _several(given: Any) -> Any:  # Any: whatever YAML gives; pydantic checks it afterwards
    return [given] if isinstance(given, str) else given


def _as_device(given: Any) -> Any:  # Any: whatever YAML gives; pydantic checks it afterwards
    """A number or a truth as a device writes it."""
    if isinstance(given, bool):
        return str(given).lower()
    return str(given) if isinstance(given, int | float) else given


Endings = Annotated[tuple[Ending, ...], BeforeValidator(_several)]
Decisions = Annotated[tuple[Decision, ...], BeforeValidator(_several)]


Text = Annotated[str, BeforeValidator(_as_device)]


class Part(BaseModel):
    """A piece of a scenario: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Say(Part):
    """What the agent types in for somebody."""

    persona: str = Field(default="agent", max_length=40, description="who speaks, for the report")
    language: str = Field(default="en", pattern="^[a-z]{2}$", description="ISO 639-1")
    text: str = Field(max_length=8_000)


class Happened(Part):
    """Something on the device's timeline."""

    hours_ago: float = Field(gt=0, le=24 * 60)
    kind: EventKind
    path: str = ""
    value: str = ""
    times: int = Field(default=1, ge=1, le=100, description="so often, a minute apart")


class Noise(Part):
    """What is beside the point. The first three are hostile: a control is run without them."""

    ssids: tuple[Annotated[str, Field(max_length=32)], ...] = Field(
        default=(), max_length=8, description="names of weak neighbours' networks"
    )
    hostnames: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] = Field(
        default=(), max_length=8, description="names of devices that want nothing"
    )
    chat: str = Field(default="", max_length=8_000, description="put behind what is said")
    faults: tuple[dict[str, Any], ...] = Field(
        default=(), description="troubles that explain nothing; these stay in the control"
    )

    @property
    def hostile(self) -> bool:
        """Whether there is anything that a control leaves out."""
        return bool(self.ssids or self.hostnames or self.chat)


class Asker(Part):
    """Who asks."""

    role: Role = Role.SUPPORT
    groups: tuple[str, ...] = ()


class Expect(Part):
    """What is right. What is left out is not scored."""

    causes: tuple[str, ...] | None = Field(default=None, description="all of them, in any order")
    answer: Endings = Field(min_length=1, description="any of these is right")
    ends: tuple[str, ...] = Field(default=(), description="what has to be true at the end")
    forbid: tuple[str, ...] = Field(default=(), description="globs of paths never to be proposed")
    policy: Decisions = Field(default=(), description="what policy may say of a proposal")
    approve: bool | Literal["never"] = Field(
        default=True, description="what a reviewer answers; never: nobody answers"
    )
    states: tuple[State, ...] = Field(
        default=(), description="where a change may end; any unless given"
    )
    mend: dict[str, dict[str, Text] | Text] = Field(
        default={},
        description="one right answer: values by path, a command with an empty one, a table with "
        "the values of a new row",
    )
    may_worsen: tuple[str, ...] = Field(
        default=(), description="globs of what may stop working, because it was asked for"
    )
    after_minutes: float = Field(
        default=5.0, ge=0, le=24 * 60, description="when ends are looked at"
    )

    @field_validator("causes")
    @classmethod
    def _known(cls, causes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if causes == ():
            raise ValueError("an empty list is never right: name causes, or leave it out")
        for cause in causes or ():
            if cause not in known_causes():
                raise ValueError(f"{cause!r} is none of {', '.join(known_causes())}")
        return causes

    @field_validator("ends")
    @classmethod
    def _readable(cls, ends: tuple[str, ...]) -> tuple[str, ...]:
        for end in ends:
            read_end(end)
        return ends

    @field_validator("states")
    @classmethod
    def _may_succeed(cls, states: tuple[State, ...], info: ValidationInfo) -> tuple[State, ...]:
        if State.SUCCEEDED in states and info.data.get("approve", True) is not True:
            raise ValueError("nothing succeeds that approve does not let through")
        return states


class Template(Part):
    """A scenario as it stands in its file."""

    scenario: Literal[1] = Field(description="the version of this grammar")
    id: str = Field(pattern="^[a-z0-9][a-z0-9-]{1,60}$")
    title: str = Field(min_length=1, max_length=200)
    family: Family
    tags: tuple[str, ...] = ()
    split: Literal["public", "heldout"] = "public"
    world: dict[str, Any] = Field(default={}, description="see evals/homes/spec.py, WorldSpec")
    faults: tuple[dict[str, Any], ...] = Field(default=(), description="see `evals list --faults`")
    noise: Noise = Noise()
    says: tuple[Say, ...] = Field(min_length=1)
    history: tuple[Happened, ...] = ()
    vary: dict[str, list[str | int | float | bool]] = Field(
        default={}, description="names with values; ${name} stands for one of them"
    )
    seeds: int = Field(default=1, ge=1, le=MOST_SEEDS, description="so many worlds of each kind")
    asker: Asker = Asker()
    earlier: tuple[str, ...] = Field(
        default=(), max_length=40, description="asked for and carried out just before, in order"
    )
    meanwhile: dict[str, Text] = Field(
        default={}, description="what somebody sets at the device while the plan waits"
    )
    expect: Expect


def known_causes() -> tuple[str, ...]:
    """Everything that may be expected as a cause: the planner's words and the oracle's."""
    oracle = [kind for kind in kinds() if not kind.startswith("trap.")]
    return tuple(dict.fromkeys([*oracle, *(cause.value for cause in Cause)]))
