"""Puts remediation together over one store."""

from dataclasses import dataclass
from datetime import tzinfo

from brain.domain.identity import PrincipalId
from brain.domain.ports import Clock, NewId
from brain.domain.remediation import Mode
from brain.ledger.audit import AuditTrail
from brain.ledger.ledger import Ledger
from brain.remediation.bounds import Bounds
from brain.remediation.evaluating import Evaluation
from brain.remediation.fleet import Fleet
from brain.remediation.judging import Judging
from brain.remediation.opening import Opening
from brain.remediation.ports import MayPropose, Plans
from brain.remediation.remediation import Remediation
from brain.remediation.road import Road
from brain.remediation.rules import Rulebook
from brain.remediation.watching import Watch
from brain.remediation.working import Working
from brain.store.store import Store

_WORKERS = 2
"""A run mostly waits for its device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What remediation stands on."""

    store: Store
    ledger: Ledger
    audit: AuditTrail
    plans: Plans
    may_propose: MayPropose
    rulebook: Rulebook
    service: PrincipalId
    mode: Mode
    zone: tzinfo
    clock: Clock
    new_id: NewId
    workers: int = _WORKERS


def put_together(ground: Ground) -> Remediation:
    """Remediation in this process; others on the same database share the work."""
    store, clock, rulebook = ground.store, ground.clock, ground.rulebook
    road = Road(audit=ground.audit, clock=clock)
    dry = ground.mode is not Mode.ON
    workers = [
        Working(
            store=store,
            ledger=ground.ledger,
            road=road,
            bounds=Bounds(rulebook=rulebook, zone=ground.zone, service=ground.service),
            plans=ground.plans,
            may_propose=ground.may_propose,
            clock=clock,
            dry=dry,
            name=ground.new_id("wrk"),
        )
        for _ in range(ground.workers)
    ]
    fleet = Fleet(store, clock)
    opening = Opening(rulebook=rulebook, road=road, clock=clock, new_id=ground.new_id, dry=dry)
    look = rulebook.fleet
    return Remediation(
        store=store,
        evaluation=Evaluation(store=store, rulebook=rulebook, clock=clock, zone=ground.zone),
        judging=Judging(
            store=store,
            rulebook=rulebook,
            road=road,
            fleet=fleet,
            opening=opening,
            clock=clock,
        ),
        watch=None
        if look is None
        else Watch(store=store, fleet=fleet, opening=opening, look=look, clock=clock),
        workers=workers,
        clock=clock,
    )
