"""Who sits before the console: a token once, then a visit that ends by itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from api.console import visitors as module
from api.console.visitors import Visitors
from api.problems import Unauthenticated
from brain.domain.errors import Forbidden, StoreUnavailable
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId

SAM = Principal(
    id=PrincipalId("sam"),
    tenant=TenantId("default"),
    kind=PrincipalKind.PERSON,
    roles=frozenset({Role.SUPPORT}),
)
REQUEST: Any = SimpleNamespace(client=SimpleNamespace(host="192.0.2.1"))


@dataclass
class Door:
    """Knows one token, until it is revoked."""

    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    good: str = "gwt_good"
    away: bool = False

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    made = Door()

    async def authenticate(_gatewright: object, token: str) -> Principal:
        if made.away:
            raise StoreUnavailable("the database failed")
        if token != made.good:
            raise Unauthenticated("no valid API token was sent")
        return SAM

    monkeypatch.setattr(module, "authenticate", authenticate)
    monkeypatch.setattr(module, "_browser", lambda: "browser-1")
    return made


async def test_a_good_token_opens_a_visit(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]

    await visitors.sign_in("gwt_good", REQUEST)

    assert await visitors.principal() == SAM


async def test_nobody_is_signed_in_at_first(door: Door) -> None:
    assert await Visitors(door).principal() is None  # type: ignore[arg-type]


async def test_a_wrong_token_opens_nothing(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]

    with pytest.raises(Unauthenticated):
        await visitors.sign_in("gwt_bad", REQUEST)

    assert await visitors.principal() is None


async def test_a_visit_ends_by_itself(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]
    await visitors.sign_in("gwt_good", REQUEST)

    door.now += timedelta(hours=12)

    assert await visitors.principal() is None


async def test_a_revoked_token_ends_the_visit_at_once(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]
    await visitors.sign_in("gwt_good", REQUEST)

    door.good = "gwt_another"

    assert await visitors.principal() is None


async def test_a_store_that_does_not_answer_neither_ends_nor_believes_a_visit(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]
    await visitors.sign_in("gwt_good", REQUEST)

    door.away = True
    with pytest.raises(StoreUnavailable):
        await visitors.principal()
    door.away = False

    assert await visitors.principal() == SAM


async def test_a_store_that_does_not_answer_is_no_wrong_guess(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]
    door.away = True
    for _ in range(10):
        with pytest.raises(StoreUnavailable):
            await visitors.sign_in("gwt_good", REQUEST)
    door.away = False

    assert await visitors.sign_in("gwt_good", REQUEST) == SAM


async def test_whoever_signs_out_is_forgotten(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]
    await visitors.sign_in("gwt_good", REQUEST)

    visitors.sign_out()

    assert await visitors.principal() is None


async def test_whoever_guesses_is_slowed_down_and_then_let_in_again(door: Door) -> None:
    visitors = Visitors(door)  # type: ignore[arg-type]
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            await visitors.sign_in("gwt_bad", REQUEST)

    with pytest.raises(Forbidden, match="too many"):
        await visitors.sign_in("gwt_good", REQUEST)
    door.now += timedelta(minutes=6)

    assert await visitors.sign_in("gwt_good", REQUEST) == SAM
