"""Where a case stands: what became of its last change, and whether the promised metric moved."""

from datetime import datetime

from brain.domain.life import State
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from brain.planner.endings import BECAME
from brain.planner.recollection import Recollection

_UNDER_WAY: dict[State, str] = {
    State.AWAITING_APPROVAL: "It waits for approval. Nothing was changed yet.",
    State.APPROVED: "It is approved, and is carried out as soon as it may be.",
    State.EXECUTING: "It is being carried out.",
    State.VERIFYING: "It was applied, and the device is being watched.",
    State.DENIED: "Policy refused it. Nothing was changed.",
}


def standing(past: Recollection, now: Snapshot | None, at: datetime) -> list[str]:
    """The state of the newest change, who has to act, and the reading before and after."""
    if not past.tried:
        return [_without_change(past)]
    record = past.tried[0].record
    facts = [f"Change {record.id}: {_UNDER_WAY.get(record.state) or BECAME[record.state]}"]
    reason = record.reason.strip().rstrip(".")
    if reason:
        facts.append(f"{reason[:1].upper()}{reason[1:]}.")
    return [*facts, *_who_acts(record, at), *_readings(record, now)]


def _without_change(past: Recollection) -> str:
    handed_over = past.last_told.get("proposal_id") and not past.last_told.get("change_id")
    if handed_over:
        return "Nothing was changed here; the evidence was handed over to who can act on it."
    return "No change was proposed in this case so far, so there is nothing that could have helped."


def _who_acts(record: ChangeRecord, at: datetime) -> list[str]:
    if record.state is not State.AWAITING_APPROVAL:
        return []
    asked = [f"{need.min} from {need.group}" for need in record.verdict.obligations.approvals]
    left = max(0, round((record.approval_expires_at - at).total_seconds() / 60))
    return [f"Asked for: {' and '.join(asked) or 'a person'}; {left} minutes are left for it."]


def _readings(record: ChangeRecord, now: Snapshot | None) -> list[str]:
    effect = record.effect
    if effect is None:
        return ["It promised no figure, so only the people in the home can tell whether it helped."]
    value = now.get(effect.metric) if now else None
    facts = [f"Promised was: {effect.promise}"]
    if value is None:
        return [*facts, f"{effect.name} cannot be read now."]
    read = f"It was {effect.shown(effect.before)} before, and is {effect.shown(value)} now"
    if record.state is not State.SUCCEEDED:
        return [*facts, f"{read}."]
    kept = {True: "as promised", False: "less than promised"}.get(bool(effect.kept(value)), "")
    return [*facts, f"{read}: {'worse than before' if effect.worse(value) else kept}."]
