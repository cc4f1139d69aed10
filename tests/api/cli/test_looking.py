"""Doctor says when the rules here do not decide, and when OPA decides by others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli.looking import look_at_opa, look_at_policy
from api.local import open_store
from brain.domain.errors import PolicyUnavailable
from brain.domain.policy_change import PolicyChange, RulesState
from brain.ids import utc_now
from brain.keys import Keys
from brain.settings import Settings, load_settings
from policies.bundle import Bundle
from tests.policies.engines.conftest import Liar
from tests.policies.engines.conftest import liar as _liar

Made = Callable[..., Settings]
liar = _liar


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return lambda **more: load_settings(data_dir=tmp_path / "data", **more)


@pytest.fixture
async def activated(made: Made) -> Bundle:
    """An installation whose active rules are those that come with it."""
    settings = made()
    bundle = Bundle.load(resolvers=settings.resolvers)
    async with open_store(settings, Keys.open(settings.data_dir)) as store:
        await store.migrate()
        change = PolicyChange(
            id="pol_1",
            tenant=settings.tenant,
            revision=bundle.revision,
            base="",
            state=RulesState.ACTIVE,
            proposed_by="gatewright",
            reason="the rules of the first start",
            proposed_at=utc_now(),
            loosens=False,
        )
        async with store.begin() as tx:
            await tx.policy_changes.add(change, bundle.to_tar_gz())
    return bundle


async def test_before_the_first_start_the_rules_here_are_fine_and_nothing_is_made(
    made: Made,
) -> None:
    assert (await look_at_policy(made())).ok
    assert (await look_at_opa(made())).ok
    assert not made().data_dir.exists()


async def test_rules_here_that_are_not_the_active_ones_are_told(
    made: Made, activated: Bundle
) -> None:
    same = await look_at_policy(made())
    other = await look_at_policy(made(resolvers=("192.0.2.53",)))

    assert (same.ok, other.ok) == (True, False)
    assert activated.revision[:12] in other.detail
    assert "policy status" in other.remedy


async def test_an_opa_is_held_against_the_active_rules_and_not_those_here(
    made: Made, activated: Bundle, liar: Liar
) -> None:
    def answers_from(revision: str) -> dict[str, Any]:
        bundles = {"gatewright": {"revision": revision}}
        return {"result": False, "provenance": {"bundles": bundles}}

    here = made(resolvers=("192.0.2.53",), opa_url=liar.url)
    liar.say(answers_from(activated.revision))
    right = await look_at_opa(here)
    liar.say(answers_from("0" * 64))

    with pytest.raises(PolicyUnavailable, match="another bundle"):
        await look_at_opa(here)
    assert right.ok


async def test_an_opa_that_is_configured_and_not_there_is_told(made: Made) -> None:
    with pytest.raises(PolicyUnavailable, match="cannot be reached"):
        await look_at_opa(made(opa_url="http://127.0.0.1:9"))
