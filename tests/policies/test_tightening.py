"""Only words, and numbers that move the declared way, are taken for no looser without people."""

from collections.abc import Iterator

import pytest

from brain.domain.canonical import Json
from policies.bundle import Bundle
from policies.data import as_written
from policies.tightening import not_shown, way

RESETS = "gatewright/change/resets/resets.rego"
CORE = "gatewright/core/core.rego"


def with_source(bundle: Bundle, name: str, old: str, new: str) -> Bundle:
    assert old in bundle.modules[name]
    return Bundle.of({**bundle.modules, name: bundle.modules[name].replace(old, new)}, bundle.data)


FREEZE: dict[str, Json] = {"from": "2026-12-19T00:00+01:00", "until": "2027-01-07T00:00+01:00"}


def limits(part: str, **numbers: Json) -> dict[str, Json]:
    return {"limits": {part: dict(numbers)}}


@pytest.mark.parametrize(
    "numbers",
    [
        limits("machines", tried=31, lower_bound=0.99),
        limits("plan", max_changes=1),
        limits("approvals", noc=2),
        {"pace": {"tenant": {"under_way": 99}}},
        {"roles": {"support": ["read"]}},
        {"wifi": {"operator_names": ["eduroam", "OpenRoaming", "Carrier"]}},
    ],
)
def test_a_number_that_moves_the_tighter_way_is_shown_to_be_no_looser(
    bundle: Bundle, numbers: dict[str, Json]
) -> None:
    assert not_shown(bundle, bundle.with_numbers(numbers)) == ()


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (limits("machines", tried=1), "limits.machines.tried goes from 30 to 1"),
        (limits("machines", lower_bound=0.01), "limits.machines.lower_bound goes from 0.95"),
        ({"pace": {"tenant": {"last_hour": 100000}}}, "pace.tenant.last_hour goes from 1000"),
        (limits("approvals", policy=2), "limits.approvals.policy is new"),
        (limits("people", alone=["Device.DNS.Client.Server.{i}.DNSServer"]), "limits.people.alone"),
        ({"matrix": {"unknown": {"machine": "allow"}}}, "nobody can tell"),
        ({"wifi": {"operator_names": ["eduroam"]}}, "wifi.operator_names"),
        ({"encryption": {"modes": {"WEP-64": 9}}}, "encryption.modes.WEP-64"),
        ({"openings": {"closed_ports": []}}, "openings.closed_ports"),
    ],
)
def test_every_other_number_is_named_as_what_people_have_to_look_at(
    bundle: Bundle, numbers: dict[str, Json], said: str
) -> None:
    (only,) = not_shown(bundle, bundle.with_numbers(numbers))

    assert said in only


def test_a_freeze_is_begun_at_once_and_is_not_taken_away_alone(bundle: Bundle) -> None:
    frozen = bundle.with_numbers({"schedule": {"freezes": {"christmas": FREEZE}}})

    assert not_shown(bundle, frozen) == ()
    assert not_shown(frozen, bundle) == ("the number schedule.freezes.christmas is gone",)


def test_fewer_people_who_approve_rules_are_looser(bundle: Bundle) -> None:
    two = bundle.with_numbers(limits("approvals", policy=2))

    (only,) = not_shown(two, two.with_numbers(limits("approvals", policy=1)))

    assert "limits.approvals.policy goes from 2 to 1" in only
    assert not_shown(two.with_numbers(limits("approvals", policy=1)), two) == ()


def test_comments_and_wording_are_no_looser_and_code_may_be(bundle: Bundle) -> None:
    comment = with_source(bundle, CORE, "# How long ago", "# A word\n# more. How long ago")
    title = bundle.findings["core.device_absent"].title
    wording = with_source(bundle, CORE, f"# title: {title}\n", "# title: Otherwise\n")
    number = with_source(
        bundle, CORE, "limits.presence.minutes * 60", "limits.presence.minutes * 61"
    )

    assert not_shown(bundle, comment) == ()
    assert not_shown(bundle, wording) == ()
    (said,) = not_shown(bundle, number)
    assert f"{CORE} changes in more than its comments" in said


def test_a_line_break_may_change_what_rego_says(bundle: Bundle) -> None:
    joined = with_source(
        bundle, CORE, "\t_counted\n\t_limited\n\tinput", "\t_counted; _limited\n\tinput"
    )
    apart = with_source(bundle, CORE, "_limited if is_number", "_limited if\n\tis_number")

    assert not_shown(bundle, joined)
    assert not_shown(bundle, apart)


def test_a_denial_that_would_go_away_by_itself_is_looser(bundle: Bundle) -> None:
    code, rule = next((c, r) for c, r in bundle.findings.items() if r.passing)
    name = next(n for n, source in bundle.modules.items() if f"code: {code}\n" in source)
    lasting = with_source(bundle, name, "#   passes: true\n", "#   passes: false\n")

    assert rule.passing
    assert any(code in said for said in not_shown(lasting, bundle))


def test_every_shipped_number_is_declared_or_knowingly_left_to_people(bundle: Bundle) -> None:
    every = list(_leaves((), as_written(bundle.data)))
    undeclared = [".".join(where) for where in every if not way(where)]

    assert len(every) > 200
    assert undeclared == []
    assert {way(where) for where in every} == {"up", "down", "any"}


def _leaves(where: tuple[str, ...], value: Json) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _leaves((*where, name), each)
    else:
        yield where
