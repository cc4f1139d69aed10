"""The card shows a reviewer everything but secrets."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from brain.domain.canonical import canonical_bytes
from brain.domain.change import AddObject, Command, SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision
from brain.planner.card import MASK, card, change_shown

SECRET = SetParameter(
    path=ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase"),
    type=ParameterType.STRING,
    before="",
    after="hunter-2000",
    secret=True,
)


def test_it_names_the_change_its_digest_and_why(
    a_proposal: Proposal, record_for: Callable[..., ChangeRecord]
) -> None:
    record = record_for(a_proposal)

    shown = card(record, a_proposal)

    assert shown["change_id"] == record.id
    assert shown["digest"] == record.plan.digest
    assert shown["changes"] == [
        {
            "op": "set",
            "path": "Device.WiFi.Radio.1.Channel",
            "before": "6",
            "after": "1",
            "secret": False,
        }
    ]
    assert shown["obligations"] == {
        "approvals": [{"group": "noc", "min": 1}],
        "rollback": "automatic",
        "review_after": "",
        "wait": None,
        "rates": [],
    }
    assert shown["effect"] == {
        "metric": "Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization",
        "direction": "down",
        "before": "200",
        "by": 20,
        "within_seconds": 60.0,
    }
    assert shown["summary"] == "Channel 6 is crowded."
    assert {"text", "path", "value", "guard"} == set(shown["evidence"][0])


def test_a_secret_is_masked_and_an_empty_one_stays_empty(
    a_proposal: Proposal, record_for: Callable[..., ChangeRecord]
) -> None:
    proposal = replace(a_proposal, changes=(SECRET,), effect=None)

    shown = card(record_for(proposal), proposal)

    assert (shown["changes"][0]["before"], shown["changes"][0]["after"]) == ("", MASK)
    assert b"hunter" not in canonical_bytes(shown)
    assert shown["effect"] is None


def test_a_new_row_shows_what_it_starts_with_and_no_credential() -> None:
    row = AddObject(
        path=ParameterPath("Device.NAT.PortMapping."),
        values=(("ExternalPort", "8554"), ("X_EXAMPLE_Password", "hunter2")),
    )

    assert change_shown(row)["values"] == {"ExternalPort": "8554", "X_EXAMPLE_Password": MASK}


def test_a_command_shows_no_values() -> None:
    command = Command(path=ParameterPath("Device.X()"), arguments=(("Key", "hunter2"),))

    assert "hunter2" not in str(change_shown(command))


@pytest.mark.parametrize(
    ("decision", "secret", "risk"),
    [
        (Decision.ALLOW, False, "low"),
        (Decision.REVIEW, False, "medium"),
        (Decision.REVIEW, True, "high"),
        (Decision.DENY, False, "refused"),
    ],
)
def test_the_risk_follows_policy_and_whether_there_is_a_way_back(
    a_proposal: Proposal,
    record_for: Callable[..., ChangeRecord],
    decision: Decision,
    secret: bool,
    risk: str,
) -> None:
    proposal = replace(a_proposal, changes=(SECRET,)) if secret else a_proposal

    assert card(record_for(proposal, decision), proposal)["risk"] == risk
