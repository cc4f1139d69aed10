"""What policy is asked: a plan, and every fact that a rule may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from brain.domain.autonomy import Standing
from brain.domain.break_glass import BreakGlass
from brain.domain.change import Plan
from brain.domain.controller import Capabilities
from brain.domain.device import Device
from brain.domain.history import TrackRecord
from brain.domain.identity import PrincipalId, PrincipalKind, Role
from brain.domain.proposal import Author, Cause
from brain.domain.topology import ScopeKind
from brain.domain.usage import Usage
from brain.domain.verdict import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """For whom the change would be made: never the planner's own authority."""

    id: PrincipalId
    kind: PrincipalKind
    roles: frozenset[Role]
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to the gate. A fact that nobody knows is None, and rules treat it as unknown."""

    point: Point
    plan: Plan
    device: Device
    asker: Asker
    cause: Cause
    author: Author
    now: datetime
    values: dict[str, str] = field(default_factory=dict)
    """What the device last said of the touched objects (regulatory domain, band, mode ...)."""
    track_record: TrackRecord | None = None
    autonomy: Standing | None = None
    """How far this playbook may go by itself on this model; None when nobody looked."""
    shared_by: int | None = None
    """How many other devices the change would reach; None when topology does not know."""
    clients: int | None = None
    """How many in the home itself it would reach; None when the device does not tell."""
    sharing: Mapping[ScopeKind, int] = field(default_factory=dict)
    """How many others share each of what it has in common with them; a scope that nobody entered is
    not in it."""
    usage: Usage | None = None
    """What else is being changed around the device; None when it was not counted."""
    controller: Capabilities | None = None
    """What the device's controller promises; None when nobody knows, and then nothing."""
    service_plan: str | None = None
    """What the subscriber pays for; None when nobody knows."""
    zone: str = "UTC"
    """The operator's time zone (IANA), in which windows and freezes are meant."""
    break_glass: BreakGlass | None = None
    breaker: Asker | None = None
    """Who broke the glass, and what they are trusted with now; None when nobody knows them."""
    unreviewed: int | None = None
    """How often the glass was broken in this tenant and nobody has reviewed it since.

    This change is not counted.
    """
    can_roll_back: bool = False
    halted: bool = True
    """The tenant's kill switch; whoever does not say that it is off is taken to mean on."""
