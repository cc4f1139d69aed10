"""An installation whose rules may be changed, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.canonical import Json
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.policy_change import PolicyChange
from brain.domain.ports import Clock, NewId
from brain.domain.verdict import Decision
from brain.errands import KeptDecisions
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from policies.access import Access
from policies.activation import Activation
from policies.active import ActivePolicy, Serving
from policies.bundle import Bundle
from policies.engines.embedded import EmbeddedEngine
from policies.gate import Gate
from policies.signing import PermitSigner
from policies.starting import settle
from tests.policies.conftest import Ask

NORTH, SOUTH = TenantId("north"), TenantId("south")
LOOSER: dict[str, Json] = {"limits": {"reach": {"max_shared": 9}}}
STRICTER: dict[str, Json] = {"limits": {"plan": {"max_changes": 1}}}
Make = Callable[[Store], Activation]


def person(name: str, *groups: str, kind: PrincipalKind = PrincipalKind.PERSON) -> Principal:
    return Principal(
        id=PrincipalId(name),
        tenant=NORTH,
        kind=kind,
        roles=frozenset({Role.APPROVER}),
        groups=frozenset(groups),
    )


def begin(bundle: Bundle) -> Serving:
    gate = Mock(spec=Gate, engine=SimpleNamespace(name="test"))
    return Serving(bundle=bundle, gate=gate, access=Mock(spec=Access))


@pytest.fixture(autouse=True)
def probes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking all probes takes seconds, so they are asked where they are what a test is about."""

    async def nothing(_base: Bundle, _proposed: Bundle) -> tuple[str, ...]:
        return ()

    if not request.module.__name__.endswith("test_probing"):
        monkeypatch.setattr("policies.activation.probed", nothing)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
async def activation(
    any_store: Store, bundle: Bundle, clock: Clock, new_id: NewId, told: list[str]
) -> Activation:
    async def after(revision: str) -> None:
        told.append(revision)

    made = Activation(
        store=any_store,
        policy=ActivePolicy(begin, bundle),
        audit=AuditTrail(Ed25519PrivateKey.generate().sign, clock),
        clock=clock,
        new_id=new_id,
        tenant=NORTH,
        after=after,
    )
    async with any_store.begin() as tx:
        for name in ("ana", "ben", "dan", "ed", "olga", "pat"):
            await tx.principals.put(person(name, "policy"), name)
    await settle(made, bundle)
    told.clear()
    return made


@pytest.fixture
async def reviewed(
    activation: Activation, bundle: Bundle, clock: Clock, new_id: NewId, ask: Ask
) -> str:
    """A past decision of another tenant: a review, since the change reaches its neighbours."""
    gate = Gate(
        engine=EmbeddedEngine(bundle),
        bundle=bundle,
        clock=lambda: clock() - timedelta(hours=1),
        new_id=new_id,
        signer=PermitSigner.from_bytes(bytes(32)),
        log=KeptDecisions(activation.store),
    )
    asked = ask(shared_by=9)
    verdict = await gate.judge(replace(asked, device=replace(asked.device, tenant=SOUTH)))
    assert verdict.decision is Decision.REVIEW
    return verdict.decision_id


async def kinds(activation: Activation) -> list[str]:
    async with activation.store.read() as tx:
        return [each.kind for each in await tx.audit.range(NORTH)]


async def kept(activation: Activation, change: PolicyChange) -> PolicyChange | None:
    async with activation.store.read() as tx:
        return await tx.policy_changes.get(NORTH, change.id)
