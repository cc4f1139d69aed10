"""A small world to put into a store: two tenants, and a home on an access network."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device
from brain.domain.identity import (
    CaseId,
    ChangeId,
    DeviceId,
    PrincipalId,
    ProposalId,
    TenantId,
)
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause, Direction, Effect
from brain.domain.record import Basis, ChangeRecord
from brain.domain.verdict import (
    Decision,
    Obligations,
    Point,
    PolicyFinding,
    RequiredApproval,
    Severity,
    Verdict,
)
from brain.store.store import Store

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def a_device() -> Callable[..., Device]:
    """Makes a device; name what matters to the test."""

    def make(**but: object) -> Device:
        fields: dict[str, object] = {
            "id": DeviceId("00D09E-G1"),
            "tenant": TenantId("north"),
            "oui": "00D09E",
            "product_class": "",
            "serial": "G1",
            "model": "Hub 3",
            "firmware": "1.0",
            "last_seen": NOW,
        }
        return Device(**{**fields, **but})  # type: ignore[arg-type]  # typed by what is asked for

    return make


@pytest.fixture
async def device(any_store: Store, a_device: Callable[..., Device]) -> Device:
    """A device that is in the store."""
    device = a_device()
    async with any_store.begin() as tx:
        await tx.devices.put(device)
    return device


CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
ERRORS = ParameterPath("Device.WiFi.Radio.1.Stats.ErrorsReceived")
PASSPHRASE = ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")
SECRET = "correct horse battery staple"


@pytest.fixture
def a_plan(a_device: Callable[..., Device]) -> Plan:
    """One that sets a passphrase: nothing of it may be read in the database."""
    return Plan(
        device=a_device().id,
        changes=(
            SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="6"),
            SetParameter(
                path=PASSPHRASE, type=ParameterType.STRING, before="", after=SECRET, secret=True
            ),
        ),
    )


@pytest.fixture
def a_verdict(a_plan: Plan) -> Callable[..., Verdict]:
    """Makes a verdict; name what matters to the test."""

    def make(**but: object) -> Verdict:
        finding = PolicyFinding(
            code="radio.clients_attached",
            severity=Severity.REVIEW,
            path=CHANNEL,
            message="clients are attached",
            remedy="Ask a person.",
        )
        fields: dict[str, object] = {
            "decision": Decision.REVIEW,
            "point": Point.SUBMIT,
            "plan_digest": a_plan.digest,
            "policy_revision": "r1",
            "engine": "embedded",
            "decision_id": "dec_1",
            "decided_at": NOW,
            "findings": (finding,),
            "obligations": Obligations(approvals=(RequiredApproval(group="noc", min=1),)),
            "seconds": 0.004,
        }
        return Verdict(**{**fields, **but})  # type: ignore[arg-type]  # as above

    return make


@pytest.fixture
def a_change(a_plan: Plan, a_verdict: Callable[..., Verdict]) -> Callable[..., ChangeRecord]:
    """Makes a change on the device of ``a_device``; name what matters to the test."""

    def make(**but: object) -> ChangeRecord:
        fields: dict[str, object] = {
            "id": ChangeId("chg_1"),
            "tenant": TenantId("north"),
            "device": a_plan.device,
            "case": CaseId("case_1"),
            "proposal": ProposalId("prp_1"),
            "plan": a_plan,
            "basis": Basis(values=((CHANNEL, "1"),), firmware="1.0", data_model_version="2.16"),
            "cause": Cause.CONGESTED_CHANNEL,
            "author": Author.RULES,
            "asked_by": PrincipalId("ana"),
            "on_behalf_of": "sub_1",
            "effect": Effect(
                metric=ERRORS,
                direction=Direction.DOWN,
                before="120",
                by=10,
                within=timedelta(seconds=90),
            ),
            "state": State.AWAITING_APPROVAL,
            "verdict": a_verdict(),
            "approval_expires_at": NOW + timedelta(minutes=15),
            "created_at": NOW,
            "updated_at": NOW,
        }
        return ChangeRecord(**{**fields, **but})  # type: ignore[arg-type]  # as above

    return make


@pytest.fixture
async def change(
    any_store: Store, device: Device, a_change: Callable[..., ChangeRecord]
) -> ChangeRecord:
    """A change that is in the store, on a device that is."""
    record = a_change()
    async with any_store.begin() as tx:
        await tx.changes.add(record)
    return record
