"""Rollouts at the front door: what was asked, as steps; how far one has come; who may stop it."""

from collections.abc import Sequence

from api.masking import Mask
from api.needs import Gatewright
from api.shapes.rollouts import RolloutRequest, RolloutShape, StepRequest
from brain.domain.change import Change, Command, SetParameter
from brain.domain.errors import NotFound
from brain.domain.identity import DeviceId, Principal, TenantId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.rollout import Pace, Rollout, RolloutId
from brain.ledger.rollouts import Rollouts
from brain.store.transaction import Transaction


def rollouts_of(gatewright: Gatewright) -> Rollouts:
    """The door for them."""
    return Rollouts(
        store=gatewright.store,
        audit=gatewright.audit,
        clock=gatewright.clock,
        new_id=gatewright.new_id,
    )


async def begin(gatewright: Gatewright, who: Principal, asked: RolloutRequest) -> Rollout:
    """Begin it: see ``Rollouts.begin``."""
    pace = Pace(at_once=asked.at_once, first=asked.first, most_failed=asked.most_failed)
    return await rollouts_of(gatewright).begin(
        who,
        name=asked.name,
        steps=steps_of(asked.steps),
        devices=[DeviceId(each) for each in asked.devices],
        pace=pace,
    )


def steps_of(asked: Sequence[StepRequest]) -> list[Change]:
    """A parameter where a value was given, else a command; type and old value are the device's."""
    return [
        Command(path=ParameterPath(each.path), arguments=tuple(sorted(each.arguments.items())))
        if each.value is None
        else SetParameter(
            path=ParameterPath(each.path), type=ParameterType.STRING, before="", after=each.value
        )
        for each in asked
    ]


async def known(tx: Transaction, tenant: TenantId, rollout: str) -> Rollout:
    """The rollout, or NotFound: for another tenant's exactly as for one that is not."""
    found = await tx.rollouts.get(tenant, RolloutId(rollout))
    if found is None:
        raise NotFound(f"there is no rollout {rollout}", field="rollout")
    return found


async def shown(tx: Transaction, rollout: Rollout, mask: Mask) -> RolloutShape:
    """As it is now, with how far it has come."""
    return RolloutShape.of(rollout, await tx.rollouts.tally(rollout.tenant, rollout.id), mask)
