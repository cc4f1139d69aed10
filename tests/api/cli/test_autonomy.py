"""``gatewright autonomy`` and ``gatewright changes effects`` say it for a newcomer."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Agreement
from tests.api.autonomy import experienced, shadowed

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front


@pytest.fixture
async def ana(front: "Front", change: ChangeRecord) -> str:
    """The token of somebody of the group ``policy``, where a playbook has a past."""
    await experienced(front, change)
    return await front.token("ana", Role.OPERATOR, Role.APPROVER, groups=frozenset({"policy"}))


async def test_it_says_where_a_playbook_stands_and_how_to_raise_it(
    shell: "Shell", ana: str
) -> None:
    ran = await shell.run("autonomy", "list", token=ana)

    assert "act_with_approval" in ran.out
    assert "40 of 40" in ran.out
    assert "could act alone: gatewright autonomy raise" in ran.out


async def test_it_is_raised_and_lowered_again(
    shell: "Shell", ana: str, change: ChangeRecord
) -> None:
    playbook = (change.cause.value, "Acme", "HomeGate 3")

    raised = await shell.run(
        "autonomy", "raise", *playbook, "act_alone", "--reason", "it held", token=ana
    )
    lowered = await shell.run(
        "autonomy", "lower", *playbook, "observe", "--reason", "no", "--json", token=ana
    )
    shown = await shell.run("autonomy", "show", change.cause.value, token=ana)

    assert raised.code == 0
    assert "act_alone" in raised.out
    assert lowered.document["level"] == "observe"
    assert "Lowered to" in shown.out


async def test_before_anything_was_heard_it_says_so(front: "Front", shell: "Shell") -> None:
    sam = await front.token("sam", Role.SUPPORT)

    for words, said in (
        (("autonomy", "list"), "everything observes"),
        (("autonomy", "shadows"), "No proposal"),
        (("autonomy", "agreement"), "No proposal"),
        (("changes", "effects"), "No change was carried out"),
    ):
        assert said in (await shell.run(*words, token=sam)).out


async def test_it_says_what_people_did_with_shadows(
    front: "Front", shell: "Shell", ana: str, change: ChangeRecord
) -> None:
    await shadowed(front, change, Agreement.NOTHING)

    listed = await shell.run("autonomy", "shadows", token=ana)
    agreed = await shell.run("autonomy", "agreement", token=ana)

    assert "nothing" in listed.out
    assert "0% to 79%" in agreed.out


async def test_it_says_how_changes_fared(shell: "Shell", ana: str, change: ChangeRecord) -> None:
    rates = await shell.run("changes", "effects", "--by", "model", token=ana)
    one = await shell.run("changes", "effect", change.id, token=ana)

    assert "1 of 1" in rates.out
    assert "+75% (1)" in rates.out
    assert "Watched seconds" in one.out
