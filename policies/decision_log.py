"""The decision log: every verdict with what was asked, in the shape that OPA logs in."""

import json
from typing import Any, Protocol

from brain.domain.canonical import Json, jsonable
from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.domain.verdict import Verdict
from brain.store.verdicts import KeptVerdict
from policies.engine import DECISION


class DecisionLog(Protocol):
    """Where the gate puts each verdict before anybody may act on it."""

    async def __call__(self, tenant: TenantId, verdict: Verdict, question: Json) -> None:
        """Keep it. What is raised here means that the verdict was not given."""


def entry(verdict: Verdict, question: Json, *, change: str = "") -> dict[str, Json]:
    """One line as OPA's decision logs have it (Management APIs, Decision Logs, event fields).

    The question is masked where it is made, so nothing is erased here.
    """
    document = jsonable(verdict)
    assert isinstance(document, dict)
    return _entry(document, question, change)


def entry_of(kept: KeptVerdict) -> dict[str, Json]:
    """The same of a row of the log. Raises Unreadable for one that is damaged."""
    try:
        asked = None if kept.question is None else json.loads(kept.question)
        return _entry(json.loads(kept.verdict), asked, kept.change or "")
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"decision {kept.decision_id} is damaged in the log") from None


def _entry(verdict: dict[str, Any], question: Json, change: str) -> dict[str, Json]:
    labels: dict[str, Json] = {
        "app": "gatewright",
        "engine": verdict["engine"],
        "point": verdict["point"],
    }
    if change:
        labels["change"] = change
    return {
        "bundles": {"gatewright": {"revision": verdict["policy_revision"]}},
        "decision_id": verdict["decision_id"],
        "input": question,
        "labels": labels,
        "metrics": {"timer_rego_query_eval_ns": int(verdict["seconds"] * 1e9)},
        "path": DECISION,
        "result": {
            "cause": verdict["cause"],
            "findings": verdict["findings"],
            "obligations": verdict["obligations"],
            "outcome": verdict["decision"],
            "plan_digest": verdict["plan_digest"],
        },
        "timestamp": verdict["decided_at"],
    }
