"""The schema of ``limits``: numbers that hold for every plan."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import ANY, DOWN, UP, Path, Strict, Words


class Plan(Strict):
    """How large a plan may be."""

    max_changes: int = Field(ge=1, le=1000, json_schema_extra=UP)


class Presence(Strict):
    """How lately a device must have been heard."""

    minutes: int = Field(ge=1, le=1440, json_schema_extra=UP)


class Reach(Strict):
    """How many other devices a change may reach."""

    max_shared: int = Field(ge=0, json_schema_extra=UP)


class People(Strict):
    """What a person may change without a second one."""

    alone: list[Words] = Field(json_schema_extra=UP)


class Machines(Strict):
    """The record that lets a job act unattended."""

    tried: int = Field(ge=1, json_schema_extra=DOWN)
    lower_bound: float = Field(gt=0, le=1, json_schema_extra=DOWN)


class Passphrase(Strict):
    """How long a passphrase is, in characters."""

    min: int = Field(ge=8, json_schema_extra=DOWN)
    max: int = Field(le=63, json_schema_extra=UP)


class Ticket(Strict):
    """How a ticket may look that somebody breaks the glass for."""

    longest: int = Field(ge=1, le=64, json_schema_extra=UP)
    prefixes: list[Words] = Field(json_schema_extra=ANY)
    """None means that any beginning will do."""


class BreakGlass(Strict):
    """For how long the glass may be broken, how often, and who reviews it afterwards."""

    minutes: int = Field(ge=1, le=240, json_schema_extra=UP)
    ticket: Ticket
    unreviewed: int = Field(ge=1, le=100, json_schema_extra=UP)
    reviewers: Words = Field(json_schema_extra=ANY)


class Controllers(Strict):
    """What is not changed in parts by a controller that cannot set all or nothing."""

    whole: list[Path] = Field(json_schema_extra=DOWN)
    """Objects (ending in a dot); a plan of several parameters in one of them is denied there."""


class Limits(Strict):
    """The whole file."""

    plan: Plan
    presence: Presence
    reach: Reach
    people: People
    machines: Machines
    approvals: dict[Words, Annotated[int, Field(ge=1, le=20, json_schema_extra=DOWN)]]
    passphrase: Passphrase
    break_glass: BreakGlass
    controllers: Controllers
