"""Remediation as the front door meets it, over the shipped rules."""

from brain.domain.identity import PrincipalId
from brain.domain.ports import Clock
from brain.domain.remediation import Mode
from brain.ledger.audit import AuditTrail
from brain.remediation.desk import RemediationDesk
from brain.remediation.index import Index
from brain.remediation.rules import load_rules
from brain.remediation.taking_in import EventIntake
from brain.store.store import Store


def a_desk(store: Store, audit: AuditTrail, clock: Clock, mode: Mode) -> RemediationDesk:
    rulebook = load_rules()
    return RemediationDesk(
        store=store,
        audit=audit,
        clock=clock,
        mode=mode,
        service=PrincipalId("remediation"),
        rulebook=rulebook,
        intake=EventIntake(store, clock, Index(rulebook)),
    )
