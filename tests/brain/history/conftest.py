"""Changes to look back on."""

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
from brain.domain.proposal import Author, Cause
from brain.domain.record import Basis, ChangeRecord
from brain.domain.verdict import Decision, Point, Verdict
from brain.store.store import Store

NORTH = TenantId("north")
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def hub(store: Store) -> Device:
    """A device that is in the store."""
    device = Device(
        id=DeviceId("hub"),
        tenant=NORTH,
        oui="00D09E",
        product_class="Hub",
        serial="1",
        manufacturer="Acme",
        model="Hub 3",
        firmware="1.0",
    )
    async with store.begin() as tx:
        await tx.devices.put(device)
    return device


@pytest.fixture
def a_change(hub: Device) -> Callable[..., ChangeRecord]:
    """Makes a change of a channel; name what matters to the test."""

    def make(id: str, state: State, **but: object) -> ChangeRecord:
        path = ParameterPath(str(but.pop("path", "Device.WiFi.Radio.1.Channel")))
        secret = bool(but.pop("secret", False))
        setting = SetParameter(
            path=path, type=ParameterType.STRING, before="1", after="6", secret=secret
        )
        plan = Plan(device=hub.id, changes=(setting,))
        verdict = Verdict(
            decision=Decision.ALLOW,
            point=Point.SUBMIT,
            plan_digest=plan.digest,
            policy_revision="r1",
            engine="embedded",
            decision_id="dec_1",
            decided_at=NOW,
        )
        fields: dict[str, object] = {
            "id": ChangeId(id),
            "tenant": NORTH,
            "device": hub.id,
            "case": CaseId("case_1"),
            "proposal": ProposalId("prp_1"),
            "plan": plan,
            "basis": Basis(values=(), firmware="1.0", data_model_version=""),
            "cause": Cause.CONGESTED_CHANNEL,
            "author": Author.RULES,
            "asked_by": PrincipalId("ana"),
            "on_behalf_of": "",
            "effect": None,
            "state": state,
            "verdict": verdict,
            "approval_expires_at": NOW + timedelta(minutes=15),
            "created_at": NOW,
            "updated_at": NOW,
        }
        return ChangeRecord(**{**fields, **but})  # type: ignore[arg-type]  # typed by what is asked for

    return make
