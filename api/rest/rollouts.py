"""Rollouts: one change for many devices, a few at a time."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Limit, Masked, responses
from api.rolling import begin, known, rollouts_of, shown
from api.shapes.base import Page
from api.shapes.rollouts import RolloutDeviceShape, RolloutRequest, RolloutShape, StopRequest
from brain.domain.identity import Principal
from brain.domain.rollout import RolloutId

LARGEST = 4 * 1024 * 1024
"""Bytes: ten thousand ids of devices."""

router = APIRouter(prefix="/v1/rollouts", tags=["rollouts"])
Reader = Annotated[Principal, may(Action.READ)]
Beginner = Annotated[Principal, may(Action.ROLL_OUT)]
Stopper = Annotated[Principal, may(Action.MANAGE_HALT)]


@router.post("", responses=responses(409, 422))
async def begin_rollout(
    gatewright: Wired, who: Beginner, mask: Masked, asked: RolloutRequest
) -> RolloutShape:
    """Begin one. Each device gets a change of its own, judged and approved like any other.

    It begins with `first` at once and takes one more for each success, up to `at_once`. It stops by
    itself when more than `most_failed` failed, were rolled back, are unknown or were rejected.
    """
    rollout = await begin(gatewright, who, asked)
    async with gatewright.store.read() as tx:
        return await shown(tx, rollout, mask)


@router.get("", responses=responses(422))
async def list_rollouts(
    gatewright: Wired, who: Reader, mask: Masked, limit: Limit = 50
) -> Page[RolloutShape]:
    """The rollouts of your tenant, newest first, each with how far it has come."""
    async with gatewright.store.read() as tx:
        found = await tx.rollouts.newest(who.tenant, limit=limit)
        return Page(items=[await shown(tx, each, mask) for each in found])


@router.get("/{rollout}", responses=responses(404))
async def get_rollout(gatewright: Wired, who: Reader, mask: Masked, rollout: Id) -> RolloutShape:
    """One rollout, and how far it has come."""
    async with gatewright.store.read() as tx:
        return await shown(tx, await known(tx, who.tenant, rollout), mask)


@router.get("/{rollout}/devices", responses=responses(404, 422))
async def list_rollout_devices(
    gatewright: Wired,
    who: Reader,
    rollout: Id,
    limit: Limit = 100,
    after: Annotated[
        str, Query(max_length=9, pattern=r"^[0-9]*$", description="`next` of the page before.")
    ] = "",
) -> Page[RolloutDeviceShape]:
    """Its devices in their order, each with its change and where that is."""
    async with gatewright.store.read() as tx:
        one = await known(tx, who.tenant, rollout)
        place = int(after) if after else -1
        found = await tx.rollouts.devices(who.tenant, one.id, after=place, limit=limit)
    return Page(
        items=[RolloutDeviceShape.of(target, state) for target, state in found],
        next=str(found[-1][0].place) if len(found) == limit else "",
    )


@router.post("/{rollout}/stop", responses=responses(404, 409, 422))
async def stop_rollout(
    gatewright: Wired, who: Stopper, mask: Masked, rollout: Id, asked: StopRequest
) -> RolloutShape:
    """Submit nothing more, and take back what has not begun. What is under way is seen through."""
    stopped = await rollouts_of(gatewright).stop(who, RolloutId(rollout), reason=asked.reason)
    async with gatewright.store.read() as tx:
        return await shown(tx, stopped, mask)
