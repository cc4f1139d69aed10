"""A home in a dictionary that remembers what was asked of it, and a ledger that remembers too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from json import loads
from pathlib import Path

import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.errors import GatewrightError, NotFound
from brain.domain.history import Event, TrackRecord
from brain.domain.identity import (
    CaseId,
    ChangeId,
    DeviceId,
    NodeId,
    Principal,
    PrincipalId,
    PrincipalKind,
    ProposalId,
    Role,
    SubscriberId,
    TenantId,
)
from brain.domain.incident import Case, Symptom
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.proposal import Author, Cause, Proposal
from brain.domain.record import Basis, ChangeRecord
from brain.domain.topology import CommonCause, NeighbourHealth, NodeKind
from brain.domain.verdict import Decision, Obligations, Point, RequiredApproval, Verdict
from brain.planner.candidates import Observed
from brain.planner.causes.congested_channel import congested_channel
from brain.planner.deps import ModelBudget, Neighbourhood, PlannerDeps
from brain.planner.facts import Band, IntakeFacts, Request

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
TENANT = TenantId("north")
DEVICE = DeviceId("0AC3E9-Q5-S0001")
SUBSCRIBER_NAME = "Annelies Vanderkooy"
PASSPHRASE = "fresh-4711-apples"

HOME: Mapping[str, str] = loads(Path(__file__).with_name("home.json").read_text("utf-8"))
"""A healthy home: two radios that carry one network, a guest network, light, a resolver, a host."""


def neighbours(*heard: tuple[int, int], ssid: str = "Foreign") -> dict[str, str]:
    """A scan: channel and dBm of each foreign network."""
    scan: dict[str, str] = {}
    for number, (channel, dbm) in enumerate(heard, start=1):
        at = f"Device.WiFi.NeighboringWiFiDiagnostic.Result.{number}."
        scan |= {
            at + "Channel": str(channel),
            at + "SignalStrength": str(dbm),
            at + "OperatingFrequencyBand": "2.4GHz" if channel <= 14 else "5GHz",
            at + "OperatingChannelBandwidth": "20MHz" if channel <= 14 else "80MHz",
            at + "SSID": ssid,
            at + "BSSID": f"02:00:00:00:00:{number:02X}",
        }
    return scan


CROWDED: Mapping[str, str] = {
    **neighbours((6, -45), (6, -50), (6, -55), (11, -60)),
    "Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization": "200",
}
"""Channel 6 is busy and full; channel 1 is free."""


def snapshot_of(values: Mapping[str, str], *, locked: Sequence[str] = ()) -> Snapshot:
    return Snapshot(
        device=DEVICE,
        taken_at=NOW,
        values={ParameterPath(path): value for path, value in values.items()},
        writable={ParameterPath(path): False for path in locked},
    )


@dataclass
class FakeWorld:
    """Reader, knowledge and ledger at once; it keeps what was asked of it."""

    values: dict[str, str] = field(default_factory=lambda: dict(HOME))
    locked: list[str] = field(default_factory=list)
    device_error: GatewrightError | None = None
    submit_error: GatewrightError | None = None
    around: Neighbourhood = field(default_factory=Neighbourhood)
    events: list[Event] = field(default_factory=list)
    paid_for: str = "home-500"
    record: TrackRecord | None = None
    decision: Decision = Decision.REVIEW
    earlier: ChangeRecord | None = None
    reads: list[tuple[ParameterPath, ...]] = field(default_factory=list)
    submitted: list[Proposal] = field(default_factory=list)
    handed_over: list[Proposal] = field(default_factory=list)

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        self.reads.append(tuple(paths))
        if self.device_error:
            raise self.device_error
        shown = {
            path: value
            for path, value in self.values.items()
            if any(path == wanted or path.startswith(wanted) for wanted in paths)
        }
        return snapshot_of(shown, locked=self.locked)

    async def device(self, tenant: TenantId, device: DeviceId) -> Device:
        if (tenant, device) != (TENANT, DEVICE):
            raise NotFound(f"there is no device {device}")
        return Device(
            id=DEVICE,
            tenant=TENANT,
            oui="0AC3E9",
            product_class="Q5",
            serial="S0001",
            manufacturer="Quillon",
            model="Q5",
            firmware="7.1",
            subscriber=SubscriberId("sub_1"),
        )

    async def snapshot(self, device: Device) -> Snapshot | None:
        return snapshot_of(self.values)

    async def names(self, device: Device) -> Sequence[str]:
        return [SUBSCRIBER_NAME]

    async def neighbourhood(self, device: Device) -> Neighbourhood:
        return self.around

    async def plan(self, device: Device) -> str:
        return self.paid_for

    async def timeline(self, device: Device, *, limit: int) -> Sequence[Event]:
        return self.events[:limit]

    async def track_record(
        self, device: Device, cause: Cause, paths: Sequence[ParameterPath]
    ) -> TrackRecord | None:
        return self.record

    async def submit(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        self.submitted.append(proposal)
        if self.submit_error:
            raise self.submit_error
        return self.earlier or record_of(proposal, self.decision)

    async def hand_over(self, proposal: Proposal) -> None:
        self.handed_over.append(proposal)


STATES = {
    Decision.ALLOW: State.APPROVED,
    Decision.REVIEW: State.AWAITING_APPROVAL,
    Decision.DENY: State.DENIED,
}


def record_of(proposal: Proposal, decision: Decision = Decision.REVIEW) -> ChangeRecord:
    plan = Plan(device=proposal.device, changes=proposal.changes)
    review = Obligations(approvals=(RequiredApproval(group="noc", min=1),))
    verdict = Verdict(
        decision=decision,
        point=Point.SUBMIT,
        plan_digest=plan.digest,
        policy_revision="r1",
        engine="fake",
        decision_id="dec_1",
        decided_at=NOW,
        obligations=review if decision is Decision.REVIEW else Obligations(),
    )
    return ChangeRecord(
        id=ChangeId(f"chg_of_{proposal.id}"),
        tenant=proposal.tenant,
        device=proposal.device,
        case=proposal.case,
        proposal=proposal.id,
        plan=plan,
        basis=Basis(values=(), firmware="7.1", data_model_version=""),
        cause=proposal.finding.cause,
        author=proposal.author,
        asked_by=proposal.asked_by,
        on_behalf_of=proposal.on_behalf_of,
        effect=proposal.effect,
        state=STATES[decision],
        verdict=verdict,
        approval_expires_at=NOW + timedelta(minutes=15),
        reason="the channel is frozen" if decision is Decision.DENY else "",
        created_at=NOW,
        updated_at=NOW,
    )


ASKER = Principal(
    id=PrincipalId("agent_1"),
    tenant=TENANT,
    kind=PrincipalKind.PERSON,
    roles=frozenset({Role.SUPPORT}),
)


def case_of(symptom: Symptom = Symptom.UNCLEAR) -> Case:
    return Case(
        id=CaseId("case_1"),
        tenant=TENANT,
        device=DEVICE,
        opened_by=ASKER.id,
        opened_at=NOW,
        symptom=symptom,
    )


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


DepsOf = Callable[..., PlannerDeps]


@pytest.fixture
def deps_of(world: FakeWorld, new_id: Callable[[str], str]) -> DepsOf:
    """Deps over the fake world; keywords replace some of them."""

    def make(**changed: object) -> PlannerDeps:
        deps = PlannerDeps(
            reader=world,
            knowledge=world,
            submit=world.submit,
            hand_over=world.hand_over,
            clock=lambda: NOW,
            new_id=new_id,
            new_passphrase=lambda: PASSPHRASE,
            pseudonym_key=b"a key for tests",
            resolvers=("9.9.9.9", "149.112.112.112"),
            budget=ModelBudget(),
        )
        return replace(deps, **changed)  # type: ignore[arg-type]

    return make


ObservedOf = Callable[..., Observed]


@pytest.fixture
async def observed_of(deps_of: DepsOf, world: FakeWorld) -> ObservedOf:
    """What a cause looks at: the home with some values changed (None takes one away)."""
    device = await world.device(TENANT, DEVICE)

    def make(
        values: Mapping[str, str | None] | None = None,
        *,
        symptom: Symptom = Symptom.SLOW_WIFI,
        band: Band | None = None,
        request: Request | None = None,
        locked: Sequence[str] = (),
        around: Neighbourhood | None = None,
    ) -> Observed:
        home = {**HOME, **(values or {})}
        return Observed(
            deps=deps_of(),
            device=device,
            facts=IntakeFacts(symptom=symptom, band=band, request=request),
            snapshot=snapshot_of(
                {path: value for path, value in home.items() if value is not None}, locked=locked
            ),
            neighbourhood=around or Neighbourhood(),
        )

    return make


def suffering(count: int, well: int = 1) -> Neighbourhood:
    """A splitter below which so many suffer."""
    node = NodeId("spl_3")
    health = [
        NeighbourHealth(
            device=DeviceId(f"dev_{number}"),
            node=node,
            suffering=number < count,
            reason="no light" if number < count else "",
        )
        for number in range(count + well)
    ]
    common = CommonCause(
        node=node, kind=NodeKind.SPLITTER, name="SPL-3", suffering=count, known=count + well
    )
    return Neighbourhood(health=tuple(health), common_cause=common)


@pytest.fixture
def crowded() -> dict[str, str]:
    """Channel 6 is busy and full; channel 1 is free."""
    return dict(CROWDED)


@pytest.fixture
def half_told() -> dict[str, str]:
    """Channel 6 is full, and nobody measured how busy: likely, and not clear."""
    return {**CROWDED, "Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization": ""}


@pytest.fixture
def scan() -> Callable[..., dict[str, str]]:
    """``scan((6, -50), (11, -80))``: a scan by channel and dBm."""
    return neighbours


@pytest.fixture
def together() -> Callable[..., Neighbourhood]:
    """``together(5)``: a splitter below which five suffer."""
    return suffering


@pytest.fixture
def asker() -> Principal:
    """A support agent."""
    return ASKER


@pytest.fixture
def case() -> Case:
    """A case about the home."""
    return case_of()


@pytest.fixture
def a_proposal(observed_of: ObservedOf) -> Proposal:
    """A proposal to leave a crowded channel."""
    best = congested_channel(observed_of(CROWDED))[0]
    return Proposal(
        id=ProposalId("prp_1"),
        tenant=TENANT,
        case=CaseId("case_1"),
        device=DEVICE,
        author=Author.RULES,
        asked_by=ASKER.id,
        finding=best.finding,
        changes=best.changes,
        effect=best.effect,
        made_at=NOW,
    )


@pytest.fixture
def record_for(a_proposal: Proposal) -> Callable[..., ChangeRecord]:
    """The ledger's record of a proposal; of ``a_proposal`` when none is given."""

    def make(proposal: Proposal | None, decision: Decision = Decision.REVIEW) -> ChangeRecord:
        return record_of(proposal or a_proposal, decision)

    return make
