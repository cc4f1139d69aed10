"""Only a well-formed answer from the active bundle is a verdict."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.verdict import Decision, RequiredApproval, Severity
from policies.answer import Reading, read
from policies.engine import RawAnswer
from policies.findings import RuleText

RULES = {
    code: RuleText(code=code, severity=severity, title="t", message="M {n}.", remedy="r")
    for code, severity in (
        ("core.halted", Severity.DENY),
        ("asker.second_person", Severity.REVIEW),
        ("core.note", Severity.INFO),
    )
}
DENY = {
    "outcome": "deny",
    "findings": [{"code": "core.halted", "path": "", "about": {"n": 1}}],
    "obligations": {
        "approvals": [],
        "rates": {},
        "review_after": None,
        "rollback": "none",
        "wait": None,
    },
}
REVIEW = {
    "outcome": "review",
    "findings": [{"code": "asker.second_person", "path": "a.b", "group": "approvers"}],
    "obligations": {
        "approvals": [{"group": "approvers", "min": 2}],
        "rates": {},
        "review_after": None,
        "wait": None,
        "rollback": "automatic",
    },
}
ALLOW = {
    "outcome": "allow",
    "findings": [],
    "obligations": {
        "approvals": [],
        "rates": {},
        "review_after": None,
        "rollback": "automatic",
        "wait": None,
    },
}


def reading(result: Any, revision: str = "r1") -> Reading:
    return read(RawAnswer(result=result, revision=revision), revision="r1", rules=RULES)


def test_a_denial_is_read_with_its_words() -> None:
    found = reading(DENY)

    assert found.decision is Decision.DENY
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.message) == (
        "core.halted",
        Severity.DENY,
        "M 1.",
    )


def test_a_review_says_whom_to_ask() -> None:
    found = reading(REVIEW)

    assert found.decision is Decision.REVIEW
    assert found.obligations.approvals == (RequiredApproval(group="approvers", min=2),)
    assert found.obligations.rollback == "automatic"


def test_an_allowance_has_nothing_against_it() -> None:
    found = reading(ALLOW)

    assert (found.decision, found.findings) == (Decision.ALLOW, ())


def test_a_group_named_twice_gives_the_larger_number() -> None:
    twice = deepcopy(REVIEW)
    twice["obligations"]["approvals"].append({"group": "approvers", "min": 1})  # type: ignore[index]

    assert reading(twice).obligations.approvals == (RequiredApproval(group="approvers", min=2),)


def test_findings_are_told_gravest_first() -> None:
    mixed = DENY | {"findings": [*REVIEW["findings"], *DENY["findings"]]}  # type: ignore[misc]

    assert [each.code for each in reading(mixed).findings] == ["core.halted", "asker.second_person"]


def altered(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    changed = deepcopy(document)
    *above, last = path.split(".")
    place: Any = changed
    for name in above:
        place = place[int(name) if name.isdecimal() else name]
    place[last] = value
    return changed


@pytest.mark.parametrize(
    "result",
    [
        None,
        True,
        "allow",
        {},
        [],
        ["allow"],
        {"outcome": "allow"},
        {"allow": True},
        altered(ALLOW, "outcome", "ALLOW"),
        altered(ALLOW, "outcome", "yes"),
        altered(ALLOW, "outcome", True),
        altered(ALLOW, "outcome", ["allow"]),
        altered(ALLOW, "more", 1),
        altered(ALLOW, "findings", None),
        altered(ALLOW, "findings", {}),
        altered(ALLOW, "findings", [None]),
        altered(ALLOW, "findings", DENY["findings"]),
        altered(ALLOW, "findings", REVIEW["findings"]),
        altered(ALLOW, "obligations", None),
        altered(ALLOW, "obligations", {}),
        altered(ALLOW, "obligations.rollback", "perhaps"),
        altered(ALLOW, "obligations.rollback", None),
        altered(ALLOW, "obligations.approvals", None),
        altered(ALLOW, "obligations.review_after", ""),
        altered(ALLOW, "obligations.review_after", True),
        altered(ALLOW, "obligations.review_after", ["approvers"]),
        altered(ALLOW, "obligations.review_after", "approvers"),
        altered(REVIEW, "findings", []),
        altered(REVIEW, "findings", DENY["findings"]),
        altered(REVIEW, "findings", [*DENY["findings"], *REVIEW["findings"]]),  # type: ignore[misc]
        altered(REVIEW, "obligations.approvals", []),
        altered(REVIEW, "obligations.approvals.0.min", 0),
        altered(REVIEW, "obligations.approvals.0.min", -1),
        altered(REVIEW, "obligations.approvals.0.min", True),
        altered(REVIEW, "obligations.approvals.0.min", 1.5),
        altered(REVIEW, "obligations.approvals.0.min", "1"),
        altered(REVIEW, "obligations.approvals.0.group", ""),
        altered(REVIEW, "obligations.approvals.0.group", None),
        altered(REVIEW, "obligations.approvals.0.more", 1),
        altered(REVIEW, "obligations.approvals", [None]),
        altered(DENY, "findings", []),
        altered(DENY, "findings", REVIEW["findings"]),
        altered(DENY, "findings.0.code", "core.unheard_of"),
        altered(DENY, "findings.0.code", None),
        altered(DENY, "findings.0.path", None),
        altered(DENY, "findings.0.about", []),
        altered(DENY, "findings.0.more", 1),
    ],
)
def test_anything_else_is_no_verdict(result: Json) -> None:
    with pytest.raises(PolicyUnavailable):
        reading(result)


@pytest.mark.parametrize("revision", ["", "r2", "r1, r2"])
def test_another_bundle_gives_no_verdict(revision: str) -> None:
    with pytest.raises(PolicyUnavailable, match="another bundle"):
        reading(ALLOW, revision)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["allow"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "outcome",
                    "findings",
                    "obligations",
                    "approvals",
                    "rates",
                    "review_after",
                    "rollback",
                    "wait",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(json_values)
@settings(max_examples=200, deadline=None)
def test_noise_is_never_an_allowance(result: Json) -> None:
    try:
        found = reading(result)
    except PolicyUnavailable:
        return
    assert found.decision is not Decision.ALLOW or result == ALLOW | {
        "obligations": {
            "approvals": [],
            "rates": {},
            "review_after": None,
            "wait": None,
            "rollback": found.obligations.rollback,
        }
    }


BROKEN = altered(ALLOW, "obligations.review_after", "approvers")


def broken(result: Any) -> Reading:
    return read(RawAnswer(result=result, revision="r1"), revision="r1", rules=RULES, broken=True)


def test_an_allowance_under_a_broken_glass_says_who_reviews_it_afterwards() -> None:
    assert broken(BROKEN).obligations.review_after == "approvers"
    assert broken(ALLOW).obligations.review_after == ""


def test_where_no_glass_was_broken_nobody_may_say_so() -> None:
    with pytest.raises(PolicyUnavailable, match="broken glass"):
        reading(BROKEN)


@pytest.mark.parametrize("result", [DENY, REVIEW], ids=["deny", "review"])
def test_only_an_allowance_is_reviewed_afterwards(result: Any) -> None:
    assert not broken(result).obligations.review_after
    with pytest.raises(PolicyUnavailable, match="broken glass"):
        broken(altered(result, "obligations.review_after", "approvers"))
