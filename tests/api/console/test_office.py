"""What is done on an open page is done by whoever is signed in then, and may do it then."""

from dataclasses import replace
from typing import Any

import pytest

from api.actions import Action
from api.console.office import Office
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId

ALEX = Principal(
    id=PrincipalId("alex"),
    tenant=TenantId("default"),
    kind=PrincipalKind.PERSON,
    roles=frozenset({Role.APPROVER}),
)


class Seat:
    """Who sits there, and policy that goes by the role of approver alone."""

    def __init__(self, now: Principal | None) -> None:
        self.now, self.access = now, self

    async def principal(self) -> Principal | None:
        return self.now

    async def allowed(self, principal: Principal, _action: str) -> bool:
        return Role.APPROVER in principal.roles


def office(now: Principal | None) -> Office:
    seat: Any = Seat(now)
    return Office(gatewright=seat, conversations=seat, mask=seat, visitors=seat)


async def test_whoever_is_still_signed_in_goes_on_as_they_are_known_now() -> None:
    now = replace(ALEX, groups=frozenset({"noc"}))

    assert await office(now).still(ALEX, Action.APPROVE) is now


@pytest.mark.parametrize(
    "now",
    [
        None,
        replace(ALEX, id=PrincipalId("ben")),
        replace(ALEX, tenant=TenantId("other")),
        replace(ALEX, roles=frozenset({Role.SUPPORT})),
    ],
)
async def test_nobody_else_does_anything_on_an_open_page(now: Principal | None) -> None:
    with pytest.raises(Forbidden):
        await office(now).still(ALEX, Action.APPROVE)
