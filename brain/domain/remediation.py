"""Incidents: what a rule opened, how far it reaches, where it is on its road."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from brain.domain.identity import (
    CaseId,
    ChangeId,
    DeviceId,
    NodeId,
    PrincipalId,
    ProposalId,
    TenantId,
)
from brain.domain.incident import Symptom

IncidentId = NewType("IncidentId", str)


class Mode(StrEnum):
    """How far remediation may go by itself."""

    OFF = "off"
    """Nothing is taken in, nothing is opened."""
    DRY_RUN = "dry_run"
    """The whole road, but nothing is submitted: it says what it would have."""
    ON = "on"


class Reach(StrEnum):
    """How far an incident reaches: one device, or all that hang from or run the same."""

    DEVICE = "device"
    SPLITTER = "splitter"
    PORT = "port"
    OLT = "olt"
    CMTS = "cmts"
    CELL = "cell"
    FIRMWARE = "firmware"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom an incident is about. ``id`` is that of a device or node, names make and version, or is
    the keyed digest of an area's name.
    """

    reach: Reach
    id: str
    name: str = ""

    @property
    def shared(self) -> bool:
        """Whether it is about more than one home: nothing in any of them is changed then."""
        return self.reach is not Reach.DEVICE


class IncidentState(StrEnum):
    """Where an incident is."""

    OPEN = "open"
    """It waits: for its turn, or for what ``waiting`` says."""
    PLANNING = "planning"
    """Somebody claimed it and has the planner look."""
    PROPOSED = "proposed"
    """A change of it is in the ledger."""
    CLOSED = "closed"


class Waiting(StrEnum):
    """What an incident waits for."""

    NOTHING = ""
    QUIET_HOURS = "quiet_hours"
    BUDGET = "budget"
    HALTED = "halted"
    STOPPED = "stopped"
    SERVICE = "service"
    """The service in whose name it plans is not there, is shut out, or is nobody's."""
    RETRY = "retry"
    """The planner could not be run; it is tried again."""
    APPROVAL = "approval"
    EXECUTION = "execution"


class Ending(StrEnum):
    """What became of an incident."""

    NONE = ""
    HANDED_OVER = "handed_over"
    WOULD_HAVE = "would_have"
    """A dry run: the road says what would have been submitted."""
    SHADOWED = "shadowed"
    """Nobody lets this kind of change be submitted unattended yet: it is kept beside what people
    do."""
    NOTHING_TO_DO = "nothing_to_do"
    JOINED = "joined"
    """It turned out to be part of one that reaches further."""
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    NOT_CHANGED = "not_changed"
    """Policy or people refused, or nobody answered in time."""
    TAKEN_BACK = "taken_back"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One event that an incident rests on; its value is a number or one of a few words."""

    at: datetime
    path: str = ""
    value: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A device met the condition of a rule. Whether alone or with others is judged a bit later."""

    tenant: TenantId
    rule: str
    device: DeviceId
    node: NodeId | None = None
    version: str = ""
    """Manufacturer, model and firmware as one."""
    at: datetime
    judge_at: datetime
    """When it is judged: until then others that suffer too can be heard from."""
    said: str = ""
    """What was measured, in a sentence of our own."""
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One device of an incident, and what was seen of it."""

    device: DeviceId
    at: datetime
    said: str
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStep:
    """One thing that happened on an incident's road."""

    at: datetime
    step: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What was opened by a rule. ``version`` grows by one with every step (compare and swap)."""

    id: IncidentId
    tenant: TenantId
    rule: str
    scope: Scope
    device: DeviceId
    """The one that it is about, or the first that was heard from where many are."""
    symptom: Symptom
    band: str = ""
    state: IncidentState = IncidentState.OPEN
    waiting: Waiting = Waiting.NOTHING
    reason: str = ""
    """What it waits for, or how it ended, in a sentence for a person."""
    dry: bool = False
    opened_at: datetime
    updated_at: datetime
    look_at: datetime
    """When to look at it next."""
    owner: str = ""
    """Which process works on it, until ``lease_until``."""
    lease_until: datetime
    attempts: int = 0
    case: CaseId
    proposal: ProposalId
    """The one proposal that it may lead to: fixed beforehand, so that there is never a second."""
    change: ChangeId | None = None
    change_version: int = 0
    """Which version of its change the road tells of: it is looked at again when that moved on."""
    ending: Ending = Ending.NONE
    closed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Whether somebody stopped remediation in a tenant, and who."""

    tenant: TenantId
    stopped: bool
    by: PrincipalId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Something that was not taken in or could not be worked on, while the rest went on."""

    tenant: TenantId
    what: str
    """Which thing, in a few words of our own and its ids: no value that a device said."""
    reason: str
    count: int = 1
    at: datetime
