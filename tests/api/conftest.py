"""A front door over a real store and ledger, with a scripted planner and policy's role table."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import httpx
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

import policies
from api.app import create_app
from api.books import Books
from api.token_keeping import TokenRequest, add_token
from brain.addresses import Addresses
from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device, device_id
from brain.domain.history import TrackRecord
from brain.domain.identity import (
    CaseId,
    ChangeId,
    Principal,
    PrincipalId,
    PrincipalKind,
    ProposalId,
    Role,
    TenantId,
)
from brain.domain.incident import Case
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from brain.domain.ports import Clock, NewId
from brain.domain.proposal import Author, Cause, Finding, Proposal
from brain.domain.question import Question
from brain.domain.record import Basis, ChangeRecord
from brain.domain.remediation import Mode
from brain.domain.topology import BlastRadius
from brain.domain.verdict import Decision, Obligations, Point, RequiredApproval, Verdict
from brain.errands import KeptDecisions
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_verify import verify
from brain.ledger.ledger import Ledger
from brain.planner.events import PlannerEvent
from brain.remediation.desk import RemediationDesk
from brain.store.store import Store
from brain.store.transaction import Transaction
from evals.bench.judge import question
from policies.access import Access, Entry
from policies.activation import Activation
from policies.active import ActivePolicy, Serving
from policies.autonomy import autonomy_rules
from policies.bundle import Bundle
from policies.bundle_signing import BundleSigner
from policies.engines.embedded import EmbeddedEngine
from policies.gate import Gate
from policies.signing import PermitSigner
from tests.api.remediation_desk import a_desk

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
NORTH, SOUTH = TenantId("north"), TenantId("south")
ROLES = Path(policies.__file__).parent / "rego" / "data" / "gatewright" / "roles" / "data.yaml"
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
PASSPHRASE = ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")


class RoleTable:
    """What policy's data says of roles, without an engine; it remembers what it was asked."""

    def __init__(self) -> None:
        self.roles: dict[str, list[str]] = yaml.safe_load(ROLES.read_text())
        self.asked: list[tuple[str, str]] = []
        self.revision = "r1"
        self.worth: dict[str, Entry] = {}

    async def entry(self, groups: Sequence[str]) -> Entry | None:
        return next((self.worth[each] for each in groups if each in self.worth), None)

    async def allowed(self, principal: Principal, action: str) -> bool:
        self.asked.append((str(principal.id), str(action)))
        in_scope = principal.scopes is None or action in principal.scopes
        return in_scope and any(action in self.roles.get(role, []) for role in principal.roles)


class ScriptedPlanner:
    """Says what it is told to say, and remembers what it heard."""

    def __init__(self) -> None:
        self.script: list[PlannerEvent | Exception] = [PlannerEvent(kind="done", text="")]
        self.heard: list[tuple[str, str, str]] = []

    async def run(self, case: Case, text: str, asker: Principal) -> AsyncIterator[PlannerEvent]:
        self.heard.append((str(case.id), text, str(asker.id)))
        for event in self.script:
            if isinstance(event, Exception):
                raise event
            yield event


class NoJudge:
    """Nothing here is submitted, so nobody may ask it."""

    async def judge(self, question: Question) -> Verdict:
        raise AssertionError(f"asked about {question.plan.digest}")


class NoMemory:
    """Knows nothing of the past."""

    zone = "UTC"
    controller = staticmethod(lambda device: None)

    async def scopes(self, tx: Transaction, device: Device) -> None:
        return None

    async def track_record(
        self, tx: Transaction, device: Device, plan: Plan, cause: Cause
    ) -> TrackRecord | None:
        return None

    async def autonomy(self, tx: Transaction, device: Device, cause: Cause) -> None:
        return None

    async def radius(
        self, tx: Transaction, device: Device, plan: Plan, snapshot: Snapshot
    ) -> BlastRadius:
        return BlastRadius(clients=None, others=None)


shipped = cache(Bundle.load)


def begin(bundle: Bundle) -> Serving:
    """What answers from a bundle, where nobody asks it about plans."""
    gate = Mock(spec=Gate, engine=SimpleNamespace(name="test"))
    return Serving(bundle=bundle, gate=gate, access=Mock(spec=Access))


async def _nothing(_revision: str) -> None:
    """Nothing waits for rules here."""


@dataclass(kw_only=True)
class Wiring:
    """What ``brain.wiring.Gatewright`` is to the front door."""

    store: Store
    ledger: Ledger
    audit: AuditTrail
    key: bytes
    planner: ScriptedPlanner
    access: RoleTable
    clock: Clock
    new_id: NewId
    policy: ActivePolicy = field(default_factory=lambda: ActivePolicy(begin, shipped()))
    bundle_signer: BundleSigner = field(default_factory=lambda: BundleSigner.of(b"test"))
    addresses: Addresses = field(default_factory=Addresses)
    checks: dict[str, bool] = field(default_factory=lambda: {"store": True, "policy": True})
    mode: Mode = Mode.ON

    @property
    def activation(self) -> Activation:
        return Activation(
            store=self.store,
            policy=self.policy,
            audit=self.audit,
            clock=self.clock,
            new_id=self.new_id,
            tenant=NORTH,
            after=_nothing,
        )

    @property
    def remediation(self) -> RemediationDesk:
        return a_desk(self.store, self.audit, self.clock, self.mode)

    async def health(self) -> Mapping[str, bool]:
        return self.checks

    async def verify_audit(self, tenant: TenantId) -> AuditReport:
        return await verify(self.store, tenant, self.key, None)


class Wakes:
    """Remembers what the executors were told of."""

    def __init__(self, woken: list[ChangeId]) -> None:
        self._woken = woken

    def __call__(self, change: ChangeId) -> None:
        self._woken.append(change)


@dataclass(kw_only=True)
class Front:
    """The door, and what stands behind it."""

    wiring: Wiring
    app: FastAPI
    woken: list[ChangeId]

    def client(self, token: str = "") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://gw", headers=headers)

    async def token(
        self,
        name: str,
        *roles: Role,
        tenant: TenantId = NORTH,
        groups: Sequence[str] = (),
        kind: PrincipalKind = PrincipalKind.PERSON,
        lifetime: timedelta | None = None,
        scopes: frozenset[str] | None = None,
    ) -> str:
        request = TokenRequest(
            name=name,
            tenant=tenant,
            roles=frozenset(roles),
            groups=frozenset(groups),
            kind=kind,
            owner="owen" if kind is PrincipalKind.MACHINE else "",
            lifetime=lifetime,
            scopes=scopes,
        )
        async with self.wiring.store.begin() as tx:
            books = Books(tx=tx, audit=self.wiring.audit, by="test", at=self.wiring.clock())
            if request.owner:
                await tx.principals.put(answering("owen", tenant), "Owen")
            there = await tx.principals.get(tenant, request.principal.id)
            if there is not None and there.kind is kind:  # their roles are changed first
                await tx.principals.put(request.principal, name)
            return await add_token(books, request)

    async def caller(self, name: str, *roles: Role, **more: object) -> httpx.AsyncClient:
        return self.client(await self.token(name, *roles, **more))  # type: ignore[arg-type]


def answering(name: str, tenant: TenantId = NORTH) -> Principal:
    """Somebody who answers for a service, and has no role."""
    return Principal(
        id=PrincipalId(name), tenant=tenant, kind=PrincipalKind.PERSON, roles=frozenset()
    )


@pytest.fixture
def front(store: Store, clock: Clock, new_id: NewId) -> Front:
    key, woken = Ed25519PrivateKey.generate(), list[ChangeId]()
    audit = AuditTrail(key.sign, clock)
    ledger = Ledger(
        store=store,
        judge=NoJudge(),
        memory=NoMemory(),
        audit=audit,
        clock=clock,
        new_id=new_id,
        approval_ttl=timedelta(minutes=15),
        execution_ttl=timedelta(minutes=30),
        wake=Wakes(woken),
        autonomy_rules=lambda: autonomy_rules(shipped().data),
    )
    wiring = Wiring(
        store=store,
        ledger=ledger,
        audit=audit,
        key=key.public_key().public_bytes_raw(),
        planner=ScriptedPlanner(),
        access=RoleTable(),
        clock=clock,
        new_id=new_id,
    )
    return Front(wiring=wiring, app=create_app(wiring), woken=woken)


@pytest.fixture
async def device(front: Front) -> Device:
    """A gateway of NORTH that has said a few things, one of them a secret."""
    made = Device(
        id=device_id("00D09E", "HomeGate", "SN1"),
        tenant=NORTH,
        oui="00D09E",
        product_class="HomeGate",
        serial="SN1",
        model="HomeGate 3",
        firmware="2.4.1",
    )
    said = {
        CHANNEL: "6",
        PASSPHRASE: "hunter2hunter2",
        ParameterPath("Device.X_ACME_Note"): "vendor-only",
    }
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(made)
        await tx.snapshots.merge(NORTH, Snapshot(device=made.id, taken_at=NOW, values=said))
    return made


@pytest.fixture
async def case(front: Front, device: Device) -> Case:
    made = Case(
        id=CaseId("cas_1"),
        tenant=NORTH,
        device=device.id,
        opened_by=PrincipalId("sam"),
        opened_at=NOW,
    )
    async with front.wiring.store.begin() as tx:
        await tx.cases.add(made)
    return made


@pytest.fixture
async def change(front: Front, device: Device, case: Case) -> ChangeRecord:
    """Asked for by sam, waiting for one of ``approvers``; it touches a channel and a passphrase."""
    plan = Plan(
        device=device.id,
        changes=(
            SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="6", after="11"),
            SetParameter(
                path=PASSPHRASE,
                type=ParameterType.STRING,
                before="",
                after="correct-horse",
                secret=True,
            ),
        ),
    )
    proposal = Proposal(
        id=ProposalId("prp_1"),
        tenant=NORTH,
        case=case.id,
        device=device.id,
        author=Author.RULES,
        asked_by=PrincipalId("sam"),
        finding=Finding(cause=Cause.CONGESTED_CHANNEL, confidence=0.9, summary="channel 6 is full"),
        changes=plan.changes,
        made_at=NOW,
    )
    verdict = Verdict(
        decision=Decision.REVIEW,
        point=Point.SUBMIT,
        plan_digest=plan.digest,
        policy_revision="r1",
        engine="test",
        decision_id="dec_1",
        decided_at=NOW,
        obligations=Obligations(approvals=(RequiredApproval(group="approvers", min=1),)),
    )
    record = ChangeRecord(
        id=ChangeId("chg_1"),
        tenant=NORTH,
        device=device.id,
        case=case.id,
        proposal=proposal.id,
        plan=plan,
        basis=Basis(values=((CHANNEL, "6"),), firmware="2.4.1", data_model_version=""),
        cause=Cause.CONGESTED_CHANNEL,
        author=Author.RULES,
        asked_by=PrincipalId("sam"),
        on_behalf_of="",
        effect=None,
        state=State.AWAITING_APPROVAL,
        verdict=verdict,
        approval_expires_at=NOW + timedelta(minutes=15),
        created_at=NOW,
        updated_at=NOW,
    )
    async with front.wiring.store.begin() as tx:
        await tx.proposals.add(proposal)
        await tx.changes.add(record)
        await tx.verdicts.add(NORTH, record.id, verdict, {})
    return record


@pytest.fixture
async def shared(front: Front) -> list[str]:
    """Three decisions of NORTH and one of SOUTH: reviews, as the change reaches others."""
    bundle = front.wiring.policy.bundle
    gate = Gate(
        engine=EmbeddedEngine(bundle),
        bundle=bundle,
        clock=lambda: NOW - timedelta(hours=1),
        new_id=front.wiring.new_id,
        signer=PermitSigner.from_bytes(bytes(32)),
        log=KeptDecisions(front.wiring.store),
    )
    asked = replace(question(1), shared_by=9)
    verdicts = [
        await gate.judge(replace(asked, device=replace(asked.device, tenant=tenant)))
        for tenant in (NORTH, NORTH, NORTH, SOUTH)
    ]
    return [verdict.decision_id for verdict in verdicts]
