"""Devices: search, look, and what happened to one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Limit, Masked, device_of, responses
from api.shapes.base import Page
from api.shapes.devices import (
    DeviceShape,
    EventShape,
    SnapshotShape,
    ThingShape,
    TimelineQuery,
    WayShape,
)
from brain.domain.device import DataModelRoot
from brain.domain.errors import NotFound
from brain.domain.history import Window
from brain.domain.identity import Principal
from brain.domain.parameter import ParameterPath
from brain.history.timeline import timeline

router = APIRouter(prefix="/v1/devices", tags=["devices"])
Caller = Annotated[Principal, may(Action.READ)]


@router.get("", responses=responses(422))
async def list_devices(
    gatewright: Wired,
    who: Caller,
    search: Annotated[
        str, Query(max_length=200, description="Part of an id, serial, model or subscriber.")
    ] = "",
    limit: Limit = 100,
    after: Annotated[str, Query(max_length=256, description="`next` of the page before.")] = "",
) -> Page[DeviceShape]:
    """List the devices of your tenant, in order of id."""
    async with gatewright.store.read() as tx:
        found = await tx.devices.list(who.tenant, search=search, limit=limit, after=after)
    return Page(
        items=[DeviceShape.model_validate(each) for each in found],
        next=found[-1].id if len(found) == limit else "",
    )


@router.get("/{device}", responses=responses(404))
async def get_device(gatewright: Wired, who: Caller, device: Id) -> DeviceShape:
    """One device."""
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        agent = await tx.agents.by_device(known.id)
    shape = DeviceShape.model_validate(known)
    return shape.model_copy(update={"usp_role": agent.role or None}) if agent else shape


@router.get("/{device}/things", responses=responses(404))
async def get_things(gatewright: Wired, who: Caller, device: Id) -> Page[ThingShape]:
    """What else speaks in the home of this gateway: sensors, lamps, bridges. Only looked at."""
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        household = await tx.households.get(who.tenant, known.id)
    things = household.things if household else ()
    return Page(items=[ThingShape.model_validate(each) for each in things])


@router.get("/{device}/ways", responses=responses(404))
async def get_ways(gatewright: Wired, who: Caller, device: Id) -> Page[WayShape]:
    """How this device was asked to call in, and what came of it: what is tried first comes first.

    Empty for a device that nobody ever had to wake, such as one that keeps its connection open.
    """
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        found = await tx.reachabilities.get(who.tenant, known.id)
    return Page(items=WayShape.of(found))


@router.get("/{device}/snapshot", responses=responses(404, 422))
async def get_snapshot(
    gatewright: Wired,
    who: Caller,
    mask: Masked,
    device: Id,
    below: Annotated[
        str, Query(max_length=256, description="Only paths that start so: `Device.WiFi.`")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> SnapshotShape:
    """What the device last said, secrets and unknown vendor parameters masked.

    A path that is absent was not said; it is not empty.
    """
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        snapshot = await tx.snapshots.latest(who.tenant, known.id)
        names = await tx.models.get(who.tenant, known.id)
    if snapshot is None:
        raise NotFound("the device has said nothing yet", remedy="Wait for its next Inform.")
    # A device of the older model lists its names in that model: they say nothing of these paths.
    own = names if known.root is DataModelRoot.DEVICE else None
    heard = replace(snapshot, writable={**_by_path(own or {}), **snapshot.writable})
    return SnapshotShape.of(heard, mask, below=below, limit=limit)


@router.get("/{device}/timeline", responses=responses(404, 422))
async def get_timeline(
    gatewright: Wired,
    who: Caller,
    mask: Masked,
    device: Id,
    asked: Annotated[TimelineQuery, Query()],
) -> Page[EventShape]:
    """What happened to the device, newest first: what it reported, and what was done to it."""
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        window = Window(
            since=asked.since,
            until=asked.until,
            kinds=frozenset(asked.kind) if asked.kind else None,
            path=asked.path,
            limit=asked.limit,
        )
        events = await timeline(tx, who.tenant, known.id, window)
    return Page(items=[EventShape.of(each, mask) for each in events])


def _by_path(names: Mapping[str, bool]) -> dict[ParameterPath, bool]:
    return {ParameterPath(name): writable for name, writable in names.items()}
