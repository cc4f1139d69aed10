"""A change as a program or a console shows it. Secrets are masked here, before they leave."""

from brain.datamodel.secrets import named_like_a_secret
from brain.domain.canonical import Json, jsonable
from brain.domain.change import AddObject, Change, SetParameter
from brain.domain.proposal import Effect, Evidence, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Severity

MASK = "••••••••"


def card(record: ChangeRecord, proposal: Proposal) -> dict[str, Json]:
    """All that a reviewer needs in order to judge one change."""
    return {
        "change_id": record.id,
        "proposal_id": record.proposal,
        "device": record.device,
        "digest": record.plan.digest,
        "fingerprint": record.basis.fingerprint,
        "state": record.state.value,
        "cause": record.cause.value,
        "author": record.author.value,
        "changes": [change_shown(change) for change in record.plan.changes],
        "findings": [jsonable(finding) for finding in record.verdict.findings],
        "obligations": jsonable(record.verdict.obligations),
        "risk": risk_of(record),
        "can_roll_back": record.plan.can_be_undone,
        "effect": effect_shown(record.effect),
        "approval_expires_at": jsonable(record.approval_expires_at),
        **finding_shown(proposal.finding),
    }


def change_shown(change: Change) -> dict[str, Json]:
    """One change, its secret values masked."""
    if isinstance(change, SetParameter):
        return {
            "op": change.op.value,
            "path": change.path,
            "before": _masked(change.before) if change.secret else change.before,
            "after": _masked(change.after) if change.secret else change.after,
            "secret": change.secret,
        }
    shown: dict[str, Json] = {"op": change.op.value, "path": change.path, "secret": False}
    if isinstance(change, AddObject):
        shown["values"] = {name: _of_row(change, name, value) for name, value in change.values}
    return shown


def finding_shown(finding: Finding) -> dict[str, Json]:
    """Why: the reason, how sure the planner is, and what it saw."""
    return {
        "summary": finding.summary,
        "confidence": finding.confidence,
        "evidence": [_evidence_shown(item) for item in finding.evidence],
    }


def effect_shown(effect: Effect | None) -> Json:
    """What the change promises, or null."""
    if effect is None:
        return None
    return {
        "metric": effect.metric,
        "direction": effect.direction.value,
        "before": effect.before,
        "by": effect.by,
        "within_seconds": effect.within.total_seconds(),
    }


def risk_of(record: ChangeRecord) -> str:
    """In one word: as heavy as what policy found, and heavier where there is no way back."""
    severities = {finding.severity for finding in record.verdict.findings}
    if record.verdict.decision is Decision.DENY or Severity.DENY in severities:
        return "refused"
    if not record.plan.can_be_undone:
        return "high"
    return "medium" if record.verdict.decision is Decision.REVIEW else "low"


def _evidence_shown(item: Evidence) -> dict[str, Json]:
    return {"text": item.text, "path": item.path, "value": item.value, "guard": item.guard}


def _of_row(change: AddObject, name: str, value: str) -> str:
    return _masked(value) if named_like_a_secret(change.path + name) else value


def _masked(value: str) -> str:
    return MASK if value else ""
