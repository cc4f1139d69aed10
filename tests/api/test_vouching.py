"""What the provider's groups are worth to somebody is on record, and only so is a grant written."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import api
from brain.domain.identity import Role
from tests.api.conftest import NORTH
from tests.api.test_binding import SAM, entered

if TYPE_CHECKING:
    from tests.api.conftest import Front

__all__ = ["entered"]
"""A fixture, which tests here ask for by name."""


async def vouched(front: "Front") -> list[dict[str, object]]:
    async with front.wiring.store.read() as tx:
        trail = await tx.audit.range(NORTH)
    kept = [each for each in trail if each.kind == "user.vouched_for"]
    assert {each.actor for each in kept} <= {"gatewright"}
    assert "Sam" not in str(kept)
    return [json.loads(each.payload) for each in kept]


async def test_what_somebody_gains_and_loses_by_their_groups_is_noted_and_nothing_else(
    front: "Front", entered: Any
) -> None:
    worth = front.wiring.access.worth
    await entered()
    await entered()
    worth["noc-leads"] = replace(
        worth["noc-leads"], roles=frozenset({Role.SUPPORT}), groups=frozenset(), revision="r2"
    )
    await entered()

    about = {"user": SAM.principal}
    assert await vouched(front) == [
        about | {"roles": ["approver"], "groups": ["approvers"], "policy_revision": "r1"},
        about | {"roles": ["support"], "groups": [], "policy_revision": "r2"},
    ]
    async with front.wiring.store.read() as tx:
        now = await tx.principals.get(NORTH, SAM.principal)
        assert await tx.principals.name(NORTH, SAM.principal) == "Sam"
    assert now is not None
    assert (now.roles, now.groups) == ({Role.SUPPORT}, frozenset())


def test_the_modules_that_write_a_grant_are_those_that_the_architecture_names() -> None:
    room = Path(api.__file__).parent
    writes = ("principals.put(", "principals.disable(")
    found = {
        f"api/{file.relative_to(room)}"
        for file in room.rglob("*.py")
        if any(each in file.read_text() for each in writes)
    }

    page = (room.parent / "docs" / "architecture.md").read_text()
    before, _ = page.split("are the only ways a grant is written")
    sentence = before.rpartition("\n\n")[2]
    assert {each for each in sentence.split("`") if each.startswith("api/")} == found
