"""A rollout that has just begun, for whoever looks for what must not be seen of it."""

from datetime import datetime

from brain.domain.change import SetParameter
from brain.domain.device import Device
from brain.domain.identity import CaseId, PrincipalId, ProposalId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.rollout import Pace, Rollout, RolloutId, Target
from brain.store.transaction import Transaction

ROLLOUT = RolloutId("rol_1")


async def rolled_out(tx: Transaction, device: Device, value: str, at: datetime) -> None:
    """One of one device, in the state in which it is begun."""
    step = SetParameter(
        path=ParameterPath("Device.WiFi.SSID.1.SSID"),
        type=ParameterType.STRING,
        before="",
        after=value,
    )
    rollout = Rollout(
        id=ROLLOUT,
        tenant=device.tenant,
        name="All homes",
        asked_by=PrincipalId("ana"),
        steps=(step,),
        pace=Pace(),
        created_at=at,
        updated_at=at,
    )
    target = Target(
        rollout=ROLLOUT,
        tenant=device.tenant,
        place=0,
        device=device.id,
        case=CaseId("cas_9"),
        proposal=ProposalId("prp_9"),
    )
    await tx.rollouts.add(rollout, [target])
