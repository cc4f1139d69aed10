"""One of everything that a route names, so that a walk can fill every path."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from brain.domain.absence import Absence, Delegation, Span
from brain.domain.break_glass import BreakGlass, BrokenGlass
from brain.domain.device import Device
from brain.domain.entrance import User
from brain.domain.identity import (
    BrokenGlassId,
    Principal,
    PrincipalId,
    PrincipalKind,
    Role,
    TenantId,
)
from brain.domain.record import ChangeRecord
from brain.domain.webhook import EventType, Webhook, WebhookId

if TYPE_CHECKING:
    from tests.api.conftest import Front


@pytest.fixture
async def broken(front: "Front", change: ChangeRecord) -> BrokenGlass:
    """Somebody broke the glass for the change."""
    glass = BreakGlass(
        by=change.asked_by,
        ticket="INC-7",
        reason="an alarm cannot call",
        plan_digest=change.plan.digest,
        at=change.created_at,
        expires_at=change.created_at,
    )
    made = BrokenGlass(
        id=BrokenGlassId("glass_1"),
        tenant=change.tenant,
        change=change.id,
        glass=glass,
        asked_by=change.asked_by,
        on_behalf_of="",
        reviewers="approvers",
    )
    async with front.wiring.store.begin() as tx:
        await tx.broken_glasses.add(made, due_at=glass.at)
    return made


@pytest.fixture
async def webhook(front: "Front", change: ChangeRecord) -> Webhook:
    made = Webhook(
        id=WebhookId("hook_1"),
        tenant=change.tenant,
        url="https://tickets.example.net/",
        secret="whsec_aGVsbG8=",
        events=frozenset({EventType.PAGED}),
        created_at=change.created_at,
    )
    async with front.wiring.store.begin() as tx:
        await tx.webhooks.add(made)
    return made


@pytest.fixture
async def lent(front: "Front") -> Delegation:
    """Ana is away, and ben stands in for her."""
    now = front.wiring.clock()
    ana, ben = PrincipalId("ana"), PrincipalId("ben")
    span = Span(starts_at=now, ends_at=now + timedelta(days=1))
    lent = Delegation(id="del_1", tenant=TenantId("north"), group="noc", by=ana, to=ben, span=span)
    async with front.wiring.store.begin() as tx:
        await tx.delegations.add(lent)
        await tx.absences.add(Absence(id="abs_1", tenant=TenantId("north"), who=ana, span=span))
    return lent


@pytest.fixture
async def colleague(front: "Front") -> Principal:
    """Zoe has a password, and the service ``ledger-sync`` a token."""
    zoe = Principal(
        id=PrincipalId("zoe"),
        tenant=TenantId("north"),
        kind=PrincipalKind.PERSON,
        roles=frozenset({Role.SUPPORT}),
    )
    user = User(
        name=zoe.id,
        tenant=zoe.tenant,
        password_hash="$argon2id$of nothing",
        must_change=False,
        changed_at=front.wiring.clock(),
    )
    async with front.wiring.store.begin() as tx:
        await tx.principals.put(zoe, "Zoe")
        await tx.users.add(user)
    await front.token("ledger-sync", Role.AUTOMATION, kind=PrincipalKind.MACHINE)
    return zoe


@pytest.fixture
def ids(
    device: Device,
    change: ChangeRecord,
    broken: BrokenGlass,
    webhook: Webhook,
    lent: Delegation,
    colleague: Principal,
) -> dict[str, str]:
    return {
        "absence": "abs_1",
        "broken_glass": broken.id,
        "case": change.case,
        "change": change.id,
        "delegation": lent.id,
        "device": device.id,
        "kind": "ping",
        "proposal": change.proposal,
        "rollout": "rol_1",
        "link": "oidc:0123",
        "session": "0123456789abcdef",
        "token": "ledger-sync",
        "user": colleague.id,
        "webhook": webhook.id,
        "event": "evt_1",
        "incident": "inc_1",
        "policy_change": "pol_1",
        "decision": "dec_1",
    }
