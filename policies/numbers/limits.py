"""The schema of ``limits``: numbers that hold for every plan."""

from typing import Annotated

from pydantic import Field

from policies.numbers.strict import Strict, Words


class Plan(Strict):
    """How large a plan may be."""

    max_changes: int = Field(ge=1, le=1000)


class Presence(Strict):
    """How lately a device must have been heard."""

    minutes: int = Field(ge=1, le=1440)


class Reach(Strict):
    """How many other devices a change may reach."""

    max_shared: int = Field(ge=0)


class People(Strict):
    """What a person may change without a second one."""

    alone: list[Words]


class Machines(Strict):
    """The record that lets a job act unattended."""

    tried: int = Field(ge=1)
    lower_bound: float = Field(gt=0, le=1)


class Passphrase(Strict):
    """How long a passphrase is, in characters."""

    min: int = Field(ge=8)
    max: int = Field(le=63)


class Ticket(Strict):
    """How a ticket may look that somebody breaks the glass for."""

    longest: int = Field(ge=1, le=64)
    prefixes: list[Words]


class BreakGlass(Strict):
    """For how long the glass may be broken, how often, and who reviews it afterwards."""

    minutes: int = Field(ge=1, le=240)
    ticket: Ticket
    unreviewed: int = Field(ge=1, le=100)
    reviewers: Words


class Limits(Strict):
    """The whole file."""

    plan: Plan
    presence: Presence
    reach: Reach
    people: People
    machines: Machines
    approvals: dict[Words, Annotated[int, Field(ge=1, le=20)]]
    passphrase: Passphrase
    break_glass: BreakGlass
