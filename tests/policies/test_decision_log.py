"""One line a decision, in the shape that OPA logs in."""

import json
from datetime import UTC, datetime

from brain.domain.verdict import Decision, Obligations, Point, PolicyFinding, Severity, Verdict
from policies.decision_log import entry


def test_an_entry_has_the_fields_of_opa() -> None:
    finding = PolicyFinding(code="c", severity=Severity.DENY, path="p", message="m", remedy="r")
    verdict = Verdict(
        decision=Decision.DENY,
        point=Point.EXECUTE,
        plan_digest="digest",
        policy_revision="r1",
        engine="embedded",
        decision_id="dec_1",
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
        findings=(finding,),
        obligations=Obligations(),
        seconds=0.0015,
    )

    line = entry(verdict, {"point": "execute"})

    assert json.loads(json.dumps(line)) == {
        "bundles": {"gatewright": {"revision": "r1"}},
        "decision_id": "dec_1",
        "input": {"point": "execute"},
        "labels": {"app": "gatewright", "engine": "embedded", "point": "execute"},
        "metrics": {"timer_rego_query_eval_ns": 1500000},
        "path": "gatewright/decision/decision",
        "result": {
            "cause": "",
            "findings": [
                {
                    "code": "c",
                    "message": "m",
                    "passing": False,
                    "path": "p",
                    "remedy": "r",
                    "severity": "deny",
                }
            ],
            "obligations": {
                "approvals": [],
                "rates": [],
                "review_after": "",
                "rollback": "automatic",
                "wait": None,
            },
            "outcome": "deny",
            "plan_digest": "digest",
        },
        "timestamp": "2026-01-01T00:00:00Z",
    }
