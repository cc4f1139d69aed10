"""An emergency from the command line: the device's id is typed, or a digest is passed."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.app import create_app
from api.cli import break_glass
from api.cli.output import Output
from brain.domain.identity import Role
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front

SAID = ("--ticket", "INC-7", "--reason", "an alarm cannot call")


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
def front(front: "Front", bench: Workbench) -> "Front":
    """The front door, with the real gate behind it."""
    wiring = replace(
        front.wiring, ledger=bench.ledger, audit=bench.ledger.steps.audit, clock=bench.clock
    )
    return replace(front, wiring=wiring, app=create_app(wiring), woken=bench.woken)


@pytest.fixture
async def waiting(bench: Workbench) -> ChangeRecord:
    return await bench.submit()


@pytest.fixture
async def olga(front: "Front") -> str:
    return await front.token("olga", Role.OPERATOR, tenant=TENANT)


async def test_with_a_digest_nobody_is_asked(
    shell: "Shell", bench: Workbench, waiting: ChangeRecord, olga: str
) -> None:
    digest = ("--digest", waiting.plan.digest, "--yes")

    ran = await shell.run("break-glass", waiting.id, *SAID, *digest, token=olga)

    assert ran.code == 0, ran.err
    assert "is approved: olga broke the glass for it" in ran.out
    assert "a colleague has to review it afterwards" in ran.err
    assert bench.woken == [waiting.id]


async def test_where_nobody_sits_nothing_is_broken(
    shell: "Shell", bench: Workbench, waiting: ChangeRecord, olga: str
) -> None:
    ran = await shell.run("break-glass", waiting.id, *SAID, token=olga)

    assert ran.code == 1
    assert "--digest and --yes" in ran.err
    assert await bench.ledger.get(waiting.id) == waiting


@pytest.mark.parametrize("typed", ["", "yes", "00D09E-G1-2"])
async def test_another_device_s_id_goes_no_further(
    shell: "Shell",
    bench: Workbench,
    waiting: ChangeRecord,
    olga: str,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
) -> None:
    monkeypatch.setattr(Output, "interactive", True)
    monkeypatch.setattr(break_glass, "prompt", lambda _: typed)

    ran = await shell.run("break-glass", waiting.id, *SAID, token=olga)

    assert ran.code == 1
    assert await bench.ledger.get(waiting.id) == waiting


async def test_who_types_the_device_s_id_has_seen_the_plan(
    shell: "Shell",
    bench: Workbench,
    waiting: ChangeRecord,
    olga: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Output, "interactive", True)
    monkeypatch.setattr(break_glass, "prompt", lambda _: waiting.device)

    ran = await shell.run("break-glass", waiting.id, *SAID, token=olga)

    assert ran.code == 0, ran.err
    assert waiting.plan.digest in ran.out
    assert (await bench.ledger.get(waiting.id)).state is State.APPROVED


async def test_a_ticket_and_a_reason_are_asked_for(
    shell: "Shell", waiting: ChangeRecord, olga: str
) -> None:
    without = await shell.run("break-glass", waiting.id, "--reason", "now", token=olga)

    assert without.code == 2
    assert "--ticket" in without.err


async def test_what_waits_for_a_review_is_listed_and_reviewed(
    shell: "Shell", front: "Front", bench: Workbench, waiting: ChangeRecord, olga: str
) -> None:
    await bench.run((await bench.broken(waiting)).id)
    alex = await front.token("alex", Role.APPROVER, tenant=TENANT, groups=["approvers"])

    listed = await shell.run("break-glass", "list", "--json", token=alex)
    (broken,) = listed.document["items"]
    verdict = ("--not-justified", "--comment", "it could have waited")
    own = await shell.run("break-glass", "review", broken["id"], *verdict, token=olga)
    theirs = await shell.run("break-glass", "review", broken["id"], *verdict, token=alex)
    after = await shell.run("break-glass", "list", token=alex)
    every = await shell.run("break-glass", "list", "--all", token=alex)

    assert broken["change"] == waiting.id
    assert (own.code, theirs.code) == (1, 0)
    assert "not justified" in theirs.out
    assert "No broken glass waits" in after.out
    assert broken["id"] in every.out
