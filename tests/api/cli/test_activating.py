"""Rules are activated from the command line: at once, or once somebody else approved them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role, TenantId
from policies.starting import settle

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front

WHY = ("--reason", "fewer reviews")


@pytest.fixture
async def running(front: "Front", shared: list[str]) -> "Front":
    await settle(front.wiring.activation, front.wiring.policy.bundle)
    return front


@pytest.fixture
def looser(tmp_path: Path) -> str:
    file = tmp_path / "looser.yaml"
    file.write_text("limits: {reach: {max_shared: 9}}\n")
    return str(file)


async def test_rules_that_loosen_wait_for_another_person_and_are_then_active(
    running: "Front", shell: "Shell", looser: str
) -> None:
    policy = running.wiring.policy
    before = policy.bundle.revision
    eva = await running.token("eva", Role.ADMIN)
    ben = await running.token("ben", Role.APPROVER, groups=["policy"])
    cat = await running.token("cat", Role.APPROVER)

    proposed = await shell.run("policy", "activate", "--data", looser, *WHY, token=eva)
    status = await shell.run("policy", "status", "--json", token=cat)
    (waiting,) = status.document["proposed"]
    answer = (waiting["id"], "--revision", waiting["revision"])
    own = await shell.run("policy", "approve", *answer, token=eva)
    stranger = await shell.run("policy", "approve", *answer, token=cat)
    assert policy.bundle.revision == before
    approved = await shell.run("policy", "approve", *answer, "--comment", "fine", token=ben)
    whole = await shell.run("policy", "status", waiting["id"], token=cat)

    assert (proposed.code, own.code, stranger.code, approved.code) == (1, 1, 1, 0)
    assert "LOOSER" in proposed.out
    assert f"gatewright policy approve {waiting['id']}" in proposed.out
    assert "group policy" in stranger.err
    assert policy.bundle.revision == waiting["revision"] != before
    assert "ben" in whole.out
    assert waiting["replay"]["looser"] == 4


async def test_rules_that_loosen_nothing_are_active_at_once(
    running: "Front", shell: "Shell", tmp_path: Path
) -> None:
    numbers = tmp_path / "stricter.yaml"
    numbers.write_text("limits: {plan: {max_changes: 5}}\n")
    eva = await running.token("eva", Role.ADMIN)

    ran = await shell.run("policy", "activate", "--data", str(numbers), *WHY, token=eva)
    again = await shell.run("policy", "activate", "--data", str(numbers), *WHY, token=eva)

    assert (ran.code, again.code) == (0, 1)
    assert "already" in again.err
    limits = running.wiring.policy.bundle.data["limits"]
    assert isinstance(limits, dict)
    assert limits["plan"] == {"max_changes": 5}


async def test_whoever_proposed_may_take_it_back(
    running: "Front", shell: "Shell", looser: str
) -> None:
    before = running.wiring.policy.bundle
    eva = await running.token("eva", Role.ADMIN, Role.APPROVER)
    ran = await shell.run("policy", "activate", "--data", looser, *WHY, "--json", token=eva)
    answer = (ran.document["id"], "--revision", ran.document["revision"])

    rejected = await shell.run("policy", "reject", *answer, "--json", token=eva)

    assert rejected.document["state"] == "rejected"
    assert running.wiring.policy.bundle is before


async def test_another_tenants_administrator_changes_no_rules_and_sees_none(
    running: "Front", shell: "Shell", looser: str
) -> None:
    before = running.wiring.policy.bundle
    eve = await running.token("eve", Role.ADMIN, tenant=TenantId("south"))

    ran = await shell.run("policy", "activate", "--data", looser, *WHY, token=eve)
    status = await shell.run("policy", "status", "--json", token=eve)

    assert ran.code == 1
    assert "another tenant" in ran.err
    assert status.document["proposed"] == []
    assert running.wiring.policy.bundle is before


async def test_what_rules_change_is_read_by_their_revision_before_they_are_answered(
    running: "Front", shell: "Shell", looser: str
) -> None:
    eva = await running.token("eva", Role.ADMIN)
    cat = await running.token("cat", Role.APPROVER)
    proposed = await shell.run("policy", "activate", "--data", looser, *WHY, "--json", token=eva)

    shown = await shell.run("policy", "diff", proposed.document["revision"][:12], token=cat)
    named = await shell.run("policy", "diff", proposed.document["id"], "--json", token=cat)
    short = await shell.run("policy", "diff", proposed.document["revision"][:3], token=cat)

    assert (shown.code, named.code, short.code) == (0, 0, 1)
    (line,) = [each for each in shown.out.splitlines() if "max_shared" in each]
    assert line.split() == ["limits.reach.max_shared", "changed", "0", "9"]
    assert "Rules added" not in shown.out
    assert [each["path"] for each in named.document["numbers"]] == ["limits.reach.max_shared"]
