"""The decision log: every verdict with what was asked, in the shape that OPA logs in."""

from typing import Protocol

from brain.domain.canonical import Json, jsonable
from brain.domain.identity import TenantId
from brain.domain.verdict import Verdict
from policies.engine import DECISION


class DecisionLog(Protocol):
    """Where the gate puts each verdict before anybody may act on it."""

    async def __call__(self, tenant: TenantId, verdict: Verdict, question: Json) -> None:
        """Keep it. What is raised here means that the verdict was not given."""


def entry(verdict: Verdict, question: Json, *, change: str = "") -> dict[str, Json]:
    """One line as OPA's decision logs have it (Management APIs, Decision Logs, event fields).

    The question is masked where it is made, so nothing is erased here.
    """
    labels: dict[str, Json] = {
        "app": "gatewright",
        "engine": verdict.engine,
        "point": verdict.point.value,
    }
    if change:
        labels["change"] = change
    return {
        "bundles": {"gatewright": {"revision": verdict.policy_revision}},
        "decision_id": verdict.decision_id,
        "input": question,
        "labels": labels,
        "metrics": {"timer_rego_query_eval_ns": int(verdict.seconds * 1e9)},
        "path": DECISION,
        "result": {
            "cause": verdict.cause,
            "findings": jsonable(verdict.findings),
            "obligations": jsonable(verdict.obligations),
            "outcome": verdict.decision.value,
            "plan_digest": verdict.plan_digest,
        },
        "timestamp": jsonable(verdict.decided_at),
    }
