"""Whoever answers for rules can read what they change, before and after they are active."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.identity import Role
from policies.starting import settle
from tests.api.conftest import SOUTH

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from tests.api.conftest import Front

URL = "/v1/policy/changes"


@pytest.fixture
async def proposed(front: "Front", shared: list[str]) -> dict[str, Any]:
    """Rules of eva's that wait, as the list has them."""
    await settle(front.wiring.activation, front.wiring.policy.bundle)
    numbers = {"limits": {"reach": {"max_shared": 9}}}
    async with await front.caller("eva", Role.ADMIN) as admin:
        await admin.post(URL, json={"data": numbers, "reason": "fewer"})
        items = (await admin.get(URL)).json()["items"]
    newest: dict[str, Any] = items[0]
    return newest


async def test_an_approver_reads_the_numbers_that_change_and_no_empty_parts(
    front: "Front", proposed: dict[str, Any]
) -> None:
    async with await front.caller("ben", Role.APPROVER, groups=["policy"]) as approver:
        waiting = await approver.get(f"{URL}/{proposed['id']}/diff")
        answer = {"revision": proposed["revision"], "answer": "approve"}
        await approver.post(f"{URL}/{proposed['id']}/answer", json=answer)
        active = await approver.get(f"{URL}/{proposed['id']}/diff")

    moved = {"path": "limits.reach.max_shared", "turn": "changed", "before": 0, "after": 9}
    assert waiting.json() == {
        "base": proposed["base"],
        "revision": proposed["revision"],
        "numbers": [moved],
    }
    assert active.json() == waiting.json(), "also once they decide, against those before"
    assert front.wiring.policy.bundle.revision == proposed["revision"]


async def test_there_is_nothing_to_read_for_another_tenant_nor_for_the_first_rules(
    front: "Front", proposed: dict[str, Any]
) -> None:
    async with await front.caller("eve", Role.ADMIN, tenant=SOUTH) as stranger:
        elsewhere = await stranger.get(f"{URL}/{proposed['id']}/diff")
        nowhere = await stranger.get(f"{URL}/pol_none/diff")
    async with await front.caller("eva2", Role.ADMIN) as admin:
        first = (await admin.get(URL)).json()["items"][-1]
        nothing = await admin.get(f"{URL}/{first['id']}/diff")

    assert (elsewhere.status_code, nowhere.status_code, nothing.status_code) == (404, 404, 404)
    assert elsewhere.json()["detail"] == nowhere.json()["detail"]
    assert "compared with" in nothing.json()["detail"]
