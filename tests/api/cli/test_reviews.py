"""A reviewer at a terminal is told what waits, why they may not, and answers many alike at once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from api.cli.output import Output
from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.identity import ChangeId, DeviceId, Role
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, PolicyFinding, Severity

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front


@pytest.fixture
async def ana(front: "Front") -> str:
    return await front.token("ana", Role.APPROVER, groups=["approvers"])


@pytest.fixture
async def twin(front: "Front", change: ChangeRecord, device: Device) -> ChangeRecord:
    """The same change on another device."""
    other = replace(device, id=DeviceId("00D09E-HomeGate-SN2"), serial="SN2")
    steps = tuple(step if step.secret else replace(step, before="7") for step in change.plan.sets)
    plan = Plan(device=other.id, changes=steps)
    record = replace(
        change,
        id=ChangeId("chg_2"),
        device=other.id,
        plan=plan,
        verdict=replace(change.verdict, plan_digest=plan.digest),
    )
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(other)
        await tx.changes.add(record)
    return record


async def test_what_waits_is_listed(shell: "Shell", change: ChangeRecord, ana: str) -> None:
    ran = await shell.run("reviews", "list", token=ana)

    assert change.id in ran.out
    assert "1 of approvers" in ran.out
    assert "2026-01-01 12:15:00Z" in ran.out


async def test_who_may_approve_and_why_one_may_not_is_said(
    front: "Front", shell: "Shell", change: ChangeRecord, ana: str
) -> None:
    sam = await front.token("sam", Role.SUPPORT, Role.APPROVER, groups=["approvers"])

    own = await shell.run("changes", "show", change.id, token=sam)
    theirs = await shell.run("changes", "show", change.id, token=ana)

    assert "ana may answer" in own.out
    assert "Nobody reviews a change that they asked for" in own.out
    assert "A reviewer may: gatewright approve" in own.out
    assert "You may: gatewright approve" in theirs.out
    assert "2026-01-01 12:15:00Z" in theirs.out


async def test_a_denied_change_does_not_read_as_if_it_could_be_approved(
    front: "Front", shell: "Shell", change: ChangeRecord, ana: str
) -> None:
    def finding(severity: Severity, message: str) -> PolicyFinding:
        return PolicyFinding(
            code="c", severity=severity, path="", message=message, remedy="Ask for less."
        )

    verdict = replace(
        change.verdict,
        decision=Decision.DENY,
        decision_id="dec_9",
        findings=(
            finding(Severity.DENY, "Too much power"),
            finding(Severity.REVIEW, "Somebody has to look"),
        ),
    )
    denied = replace(change, id=ChangeId("chg_9"), state=State.DENIED, verdict=verdict)
    async with front.wiring.store.begin() as tx:
        await tx.changes.add(denied)
        await tx.verdicts.add(denied.tenant, denied.id, verdict, {})

    ran = await shell.run("changes", "show", denied.id, token=ana)

    assert "Too much power" in ran.out
    assert "nobody can approve what policy denies" in ran.out
    assert "Somebody has to look" not in ran.out
    assert "gatewright approve" not in ran.out


async def test_many_alike_are_shown_once_and_approved_together(
    front: "Front",
    shell: "Shell",
    change: ChangeRecord,
    twin: ChangeRecord,
    ana: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Output, "interactive", property(lambda _: True))
    monkeypatch.setattr("api.cli.alike.confirm", lambda text, abort: asked.append(text))

    ran = await shell.run("approve", "--like", change.id, token=ana)

    assert asked == ["Approve all 2?"]
    assert ran.out.count("(masked)") == 4  # once in the difference, twice its values; once a device
    for record in (change, twin):
        assert record.device in ran.out
        assert (await front.wiring.ledger.get(record.id)).state is State.APPROVED
    assert "Channel is 6" in ran.out
    assert "Channel is 7" in ran.out
    assert "correct-horse" not in ran.out
    assert "each device gets its own" in " ".join(ran.out.split())


async def test_nobody_approves_many_unseen(
    front: "Front", shell: "Shell", change: ChangeRecord, twin: ChangeRecord, ana: str
) -> None:
    ran = await shell.run("approve", "--like", change.id, token=ana)

    assert ran.code == 1
    assert "nobody is here" in ran.err
    for record in (change, twin):
        assert (await front.wiring.ledger.get(record.id)).state is State.AWAITING_APPROVAL


@pytest.mark.parametrize(
    "arguments", [[], ["chg_1", "--like", "chg_1"], ["--like", "chg_1", "--digest", "0"]]
)
async def test_one_change_or_many_alike_and_not_both(
    shell: "Shell", ana: str, arguments: list[str]
) -> None:
    assert (await shell.run("approve", *arguments, token=ana)).code == 2


async def test_a_comment_is_shown_with_the_change_and_kept_out_of_the_log(
    shell: "Shell", change: ChangeRecord, ana: str
) -> None:
    with capture_logs() as logs:
        await shell.run("comment", change.id, "Quitzow rang twice", token=ana)
    ran = await shell.run("changes", "show", change.id, token=ana)

    assert "Quitzow rang twice" in ran.out
    assert "Quitzow" not in str(logs)


async def test_an_approval_is_taken_back(
    front: "Front", shell: "Shell", change: ChangeRecord, ana: str
) -> None:
    await shell.run("approve", change.id, "--digest", change.plan.digest, token=ana)

    ran = await shell.run("take-back", change.id, token=ana)

    assert "is awaiting approval" in ran.out
    assert (await front.wiring.ledger.get(change.id)).state is State.AWAITING_APPROVAL


async def test_who_is_away_and_who_stands_in_is_said_and_ended(
    front: "Front", shell: "Shell", ana: str
) -> None:
    await front.token("kim", Role.APPROVER)
    until = ("--until", "2026-01-03T12:00+00:00")

    lent = await shell.run("delegate", "kim", "--group", "approvers", *until, token=ana)
    gone = await shell.run("absent", *until, token=ana)
    listed = await shell.run("reviews", "away", token=ana)
    which = (await shell.run("reviews", "away", "--json", token=ana)).document
    for kind in ("absences", "delegations"):
        await shell.run("reviews", "end", which[kind]["items"][0]["id"], token=ana)
    after = await shell.run("reviews", "away", token=ana)

    assert "kim answers for approvers" in lent.out
    assert "You are away" in gone.out
    assert listed.out.count("2026-01-03 12:00:00Z") == 2
    assert "Nobody is away." in after.out
    assert "Nobody stands in" in after.out


@pytest.mark.parametrize("until", ["tomorrow", "2026-01-03T12:00", "3"])
async def test_a_time_that_is_not_understood_is_named(shell: "Shell", ana: str, until: str) -> None:
    ran = await shell.run("absent", "--until", until, token=ana)

    assert ran.code == 1
    assert "--until" in ran.err
    assert "2026-01-31T18:00Z" in ran.err
