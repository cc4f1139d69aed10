"""Reads what an engine said, strictly. What cannot be read is no verdict."""

from collections.abc import Mapping
from dataclasses import dataclass

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.usage import SCOPES
from brain.domain.verdict import (
    Decision,
    Obligations,
    PolicyFinding,
    RateLimit,
    RequiredApproval,
    Severity,
    Wait,
)
from policies.engine import RawAnswer
from policies.findings import RuleText

_OBLIGATIONS = {"approvals", "rates", "review_after", "rollback", "wait"}
_ROLLBACKS = frozenset({"automatic", "none"})
_WEIGHT = {Severity.DENY: 0, Severity.REVIEW: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A well-formed decision."""

    decision: Decision
    findings: tuple[PolicyFinding, ...]
    obligations: Obligations


def read(
    raw: RawAnswer, *, revision: str, rules: Mapping[str, RuleText], broken: bool = False
) -> Reading:
    """The decision in this answer, or PolicyUnavailable with the reason.

    The revision must be the active one, the outcome one of three, every finding one of a known
    rule, and all of them must agree: findings that deny come with a denial, a review says whom to
    ask, and an allowance comes with nothing against it. Only of an allowance, and only where the
    glass is ``broken``, may it be said that it has to be reviewed afterwards.
    """
    check_revision(raw, revision)
    document = _mapping(raw.result, {"outcome", "findings", "obligations"}, "the answer")
    try:
        decision = Decision(_text(document["outcome"], "the outcome"))
    except ValueError:
        raise PolicyUnavailable("the policy engine gave an unknown outcome") from None
    findings = tuple(_finding(item, rules) for item in _list(document["findings"], "findings"))
    ordered = sorted(findings, key=lambda each: (_WEIGHT[each.severity], each.path, each.code))
    reading = Reading(
        decision=decision,
        findings=tuple(ordered),
        obligations=_obligations(document["obligations"]),
    )
    _check_agrees(reading)
    if reading.obligations.review_after and not (broken and decision is Decision.ALLOW):
        raise PolicyUnavailable("the policy engine speaks of a broken glass where there is none")
    return reading


def check_revision(raw: RawAnswer, revision: str) -> None:
    """Raise PolicyUnavailable unless the answer is from the active bundle."""
    if raw.revision != revision:
        raise PolicyUnavailable(
            "the policy engine answered from another bundle than the active one",
            remedy="Let the OPA server fetch the active rules: see `gatewright policy opa-config`.",
        )


def _check_agrees(reading: Reading) -> None:
    severities = {finding.severity for finding in reading.findings}
    agrees = {
        Decision.DENY: Severity.DENY in severities,
        Decision.REVIEW: Severity.REVIEW in severities
        and Severity.DENY not in severities
        and bool(reading.obligations.approvals),
        Decision.ALLOW: severities <= {Severity.INFO},
    }
    if not agrees[reading.decision]:
        raise PolicyUnavailable("the outcome and the findings of the policy engine disagree")


def _finding(item: Json, rules: Mapping[str, RuleText]) -> PolicyFinding:
    if not isinstance(item, dict) or not item.keys() <= {"code", "path", "about", "group"}:
        raise PolicyUnavailable("the policy engine gave a finding that cannot be read")
    rule = rules.get(_text(item.get("code"), "the code of a finding"))
    if rule is None:
        raise PolicyUnavailable("the policy engine gave a finding of a rule that is not known")
    about = item.get("about", {})
    if not isinstance(about, dict):
        raise PolicyUnavailable("the policy engine gave a finding that cannot be read")
    return rule.finding(_text(item.get("path"), "the path of a finding"), about)


def _obligations(value: Json) -> Obligations:
    document = _mapping(value, _OBLIGATIONS, "the obligations")
    rollback = _text(document["rollback"], "the rollback")
    if rollback not in _ROLLBACKS:
        raise PolicyUnavailable("the policy engine gave an unknown way to roll back")
    after = document["review_after"]
    if after is not None and not _text(after, "who reviews afterwards"):
        raise PolicyUnavailable("the policy engine asked nobody to review afterwards")
    return Obligations(
        approvals=_approvals(document["approvals"]),
        rollback=rollback,
        review_after=str(after or ""),
        wait=_wait(document["wait"]),
        rates=_rates(document["rates"]),
    )


def _approvals(value: Json) -> tuple[RequiredApproval, ...]:
    asked: dict[str, int] = {}
    for item in _list(value, "the approvals"):
        required = _mapping(item, {"group", "min"}, "an approval")
        group, people = _text(required["group"], "a group"), required["min"]
        if not group or isinstance(people, bool) or not isinstance(people, int) or people < 1:
            raise PolicyUnavailable("the policy engine asked for approvals of nobody")
        asked[group] = max(people, asked.get(group, 0))
    return tuple(RequiredApproval(group=name, min=asked[name]) for name in sorted(asked))


def _wait(value: Json) -> Wait | None:
    if value is None:
        return None
    document = _mapping(value, {"for", "minutes"}, "what there is to wait for")
    reasons = [_text(item, "a reason to wait") for item in _list(document["for"], "the reasons")]
    if not reasons or not all(reasons):
        raise PolicyUnavailable("the policy engine has somebody wait for nothing")
    return Wait(reasons=tuple(sorted(reasons)), minutes=_count(document["minutes"], "a wait"))


def _rates(value: Json) -> tuple[RateLimit, ...]:
    if not isinstance(value, dict) or not value.keys() <= SCOPES:
        raise PolicyUnavailable("the rates of the policy engine cannot be read")
    limits = {
        scope: _mapping(each, {"under_way", "last_hour"}, "a rate") for scope, each in value.items()
    }
    return tuple(
        RateLimit(
            scope=scope,
            under_way=_count(limits[scope]["under_way"], "a rate"),
            last_hour=_count(limits[scope]["last_hour"], "a rate"),
        )
        for scope in sorted(limits)
    )


def _count(value: Json, what: str) -> int:
    """A whole number from 1 on; one that a JSON reader made a fraction of is one still."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < 1:  # type: ignore[operator]  # an int by then
        raise PolicyUnavailable(f"{what} of the policy engine is no number from 1 on")
    return int(value)  # type: ignore[arg-type]  # as above


def _mapping(value: Json, keys: set[str], what: str) -> dict[str, Json]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise PolicyUnavailable(f"{what} of the policy engine cannot be read")
    return value


def _list(value: Json, what: str) -> list[Json]:
    if not isinstance(value, list):
        raise PolicyUnavailable(f"{what} of the policy engine cannot be read")
    return value


def _text(value: Json, what: str) -> str:
    if not isinstance(value, str):
        raise PolicyUnavailable(f"{what} of the policy engine cannot be read")
    return value
