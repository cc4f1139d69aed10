"""Remediation as documents: events in, how it stands, rules, incidents and their roads."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.shapes.base import Shape
from api.shapes.changes import ChangeShape
from brain.domain.history import EventKind
from brain.domain.incident import Symptom
from brain.domain.remediation import (
    Affected,
    Ending,
    Incident,
    IncidentState,
    Mode,
    Reach,
    Waiting,
)
from brain.remediation.desk import Standing
from brain.remediation.measuring import span
from brain.remediation.rules import Rule
from brain.remediation.taking_in import MOST_AT_ONCE


class EventRequest(Shape):
    """One thing that happened to a device, or one reading."""

    device: str = Field(max_length=256, examples=["06B7D2-Hearth6-HEARTH6W00001"])
    kind: EventKind = EventKind.VALUE_CHANGE
    at: AwareDatetime
    path: str = Field("", examples=["Device.IP.Interface.1.Status"])
    value: str = Field("", examples=["Down"])


class EventsRequest(Shape):
    """Events for the rules: all of them are kept, or none."""

    events: Annotated[list[EventRequest], Field(min_length=1, max_length=MOST_AT_ONCE)]


class TakenShape(Shape):
    """How many events are on disk."""

    taken: int


class SetAsideShape(Shape):
    """Something that was not taken in or could not be worked on, while the rest went on."""

    what: str
    reason: str
    count: int
    at: datetime


class RemediationShape(Shape):
    """How remediation stands."""

    mode: Mode
    service: str
    """In whose name it plans."""
    stopped: bool
    stopped_by: str = ""
    since: datetime | None = None
    halted: bool
    unread: int
    unjudged: int
    set_aside: list[SetAsideShape]
    """The newest twenty of the last days."""

    @classmethod
    def of(cls, standing: Standing) -> "RemediationShape":
        """Of how it stands."""
        switch = standing.switch
        stopped = switch is not None and switch.stopped
        return cls(
            mode=standing.mode,
            service=standing.service,
            stopped=stopped,
            stopped_by=switch.by if switch and stopped else "",
            since=switch.at if switch and stopped else None,
            halted=standing.halted,
            unread=standing.unread,
            unjudged=standing.unjudged,
            set_aside=[SetAsideShape.model_validate(each) for each in standing.set_aside],
        )


class SwitchRequest(Shape):
    """How the switch of remediation shall stand, and why: kept beside the audit trail."""

    stopped: bool
    reason: str = Field("", max_length=500, examples=["a rule opens too much"])


class IncidentRuleShape(Shape):
    """One rule that opens incidents."""

    id: str
    title: str
    measure: str
    threshold: float
    window: str
    events: list[EventKind]
    paths: list[str]
    values: list[str]
    symptom: Symptom
    cool_down: str
    settle: str
    shared: list[str]
    alone: bool

    @classmethod
    def of(cls, rule: Rule) -> "IncidentRuleShape":
        """Of one rule."""
        return cls(
            id=rule.id,
            title=rule.title,
            measure=rule.measure,
            threshold=rule.threshold,
            window=span(rule.window),
            events=list(rule.looks_at.events),
            paths=list(rule.looks_at.paths),
            values=list(rule.looks_at.values),
            symptom=rule.symptom,
            cool_down=span(rule.cool_down),
            settle=span(rule.settle),
            shared=list(rule.shared),
            alone=rule.alone,
        )


class BoundsShape(Shape):
    """What bounds the work of all rules."""

    budgets: dict[str, int]
    """Unattended changes an hour, by failure domain."""
    quiet_hours: list[str]
    fleet: str
    """How often the whole fleet is looked at; empty: never by the clock."""


class RulebookShape(Shape):
    """The rules, and what bounds the work."""

    items: list[IncidentRuleShape]
    bounds: BoundsShape


class IncidentShape(Shape):
    """One incident."""

    id: str
    rule: str
    reach: Reach
    scope: str
    scope_name: str
    device: str
    symptom: Symptom
    state: IncidentState
    waiting: Waiting
    reason: str
    dry_run: bool
    opened_at: datetime
    updated_at: datetime
    look_at: datetime | None
    """When it is looked at next; null where it follows its change, and once it is closed."""
    attempts: int
    case: str
    change: str | None
    ending: Ending
    closed_at: datetime | None

    @classmethod
    def of(cls, incident: Incident) -> "IncidentShape":
        """Of one incident."""
        follows = incident.change is not None or incident.closed_at is not None
        return cls(
            id=incident.id,
            rule=incident.rule,
            reach=incident.scope.reach,
            scope=incident.scope.id.replace("\x1f", " "),
            scope_name=incident.scope.name,
            device=incident.device,
            symptom=incident.symptom,
            state=incident.state,
            waiting=incident.waiting,
            reason=incident.reason,
            dry_run=incident.dry,
            opened_at=incident.opened_at,
            updated_at=incident.updated_at,
            look_at=None if follows else incident.look_at,
            attempts=incident.attempts,
            case=incident.case,
            change=incident.change,
            ending=incident.ending,
            closed_at=incident.closed_at,
        )


class SeenShape(Shape):
    """One event that it rests on."""

    at: datetime
    kind: str
    path: str
    value: str


class AffectedShape(Shape):
    """One device of an incident, and what was seen of it."""

    device: str
    at: datetime
    said: str
    seen: list[SeenShape]

    @classmethod
    def of(cls, found: Affected) -> "AffectedShape":
        """Of one device."""
        return cls.model_validate(found)


class IncidentStepShape(Shape):
    """One thing that happened on its road."""

    at: datetime
    step: str
    detail: str


class IncidentRoadShape(Shape):
    """An incident and its whole road."""

    incident: IncidentShape
    devices: list[AffectedShape]
    """The first hundred."""
    device_count: int
    steps: list[IncidentStepShape]
    change: ChangeShape | None = None
