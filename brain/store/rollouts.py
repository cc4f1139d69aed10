"""Rollouts and their devices, sealed to their rows; the columns beside are what queries ask for."""

from collections.abc import Collection, Sequence
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)

from brain.domain.errors import Unreadable
from brain.domain.identity import ChangeId, TenantId
from brain.domain.life import State
from brain.domain.rollout import Rollout, RolloutId, RolloutState, Tally, Target, TargetState
from brain.store.changes import changes
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, one_of, sealed, words
from brain.store.repository import Repository

_log = structlog.get_logger(__name__)

rollouts = Table(
    "rollouts",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    one_of("state", RolloutState),
    moment("created_at"),
    sealed("sealed"),
    Index(None, "state"),
    Index(None, "tenant", "created_at"),
)
targets = Table(
    "rollout_targets",
    metadata,
    words("tenant", key=True),
    words("rollout", key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    words("device"),
    one_of("state", TargetState),
    Column("change", Text),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "rollout"], ["rollouts.tenant", "rollouts.id"]),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "rollout", "state"),
)
_rollout = Codec(Rollout, "rollout")
_target = Codec(Target, "device of a rollout")

_of_tenant = rollouts.c.tenant == bindparam("tenant")
_get = select(rollouts).where(_of_tenant, rollouts.c.id == bindparam("id"))
_newest = (
    select(rollouts)
    .where(_of_tenant)
    .order_by(rollouts.c.created_at.desc(), rollouts.c.id.desc())
    .limit(bindparam("count"))
)
_live = (
    select(rollouts)
    .where(rollouts.c.state.in_((RolloutState.RUNNING, RolloutState.STOPPING)))
    .order_by(rollouts.c.created_at, rollouts.c.id)
)
_swap = (
    update(rollouts)
    .where(
        rollouts.c.tenant == bindparam("of"),
        rollouts.c.id == bindparam("named"),
        rollouts.c.state == bindparam("was"),
    )
    .values(state=bindparam("now"), sealed=bindparam("document"))
)
_mine = and_(targets.c.tenant == bindparam("tenant"), targets.c.rollout == bindparam("rollout"))
_some = (
    select(targets)
    .where(_mine, targets.c.state.in_(bindparam("states", expanding=True)))
    .order_by(targets.c.place)
    .limit(bindparam("count"))
)
_page = (
    select(targets)
    .where(_mine, targets.c.place > bindparam("after"))
    .order_by(targets.c.place)
    .limit(bindparam("count"))
)
_with_change = and_(changes.c.tenant == targets.c.tenant, changes.c.id == targets.c.change)
_where_it_is = func.coalesce(cast(changes.c.state, Text), cast(targets.c.state, Text)).label("now")
_counts = (
    select(_where_it_is, func.count().label("many"))
    .select_from(targets.outerjoin(changes, _with_change))
    .where(_mine)
    .group_by(_where_it_is)
)
_not_begun = (
    select(targets.c.change)
    .select_from(targets.join(changes, _with_change))
    .where(_mine, changes.c.state.in_((State.AWAITING_APPROVAL, State.APPROVED)))
)
_by_change = (
    select(targets.c.place, changes.c.state)
    .select_from(targets.join(changes, _with_change))
    .where(_mine, targets.c.place.in_(bindparam("places", expanding=True)))
)


class Rollouts(Repository):
    """Added whole; then a rollout moves from state to state, and each device by itself."""

    __slots__ = ()

    async def add(self, rollout: Rollout, devices: Sequence[Target]) -> None:
        """Keep a new one. Conflict when one of the devices is not the tenant's."""
        row = {
            "tenant": rollout.tenant,
            "id": rollout.id,
            "state": rollout.state,
            "created_at": rollout.created_at,
            "sealed": self._document(rollout),
        }
        await self._db.run(insert(rollouts), row)
        await self._db.run(insert(targets), [self._row(each) for each in devices])

    async def get(self, tenant: TenantId, rollout: RolloutId) -> Rollout | None:
        """The rollout, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": rollout})
        return None if row is None else self._opened(row)

    async def newest(self, tenant: TenantId, *, limit: int = 100) -> list[Rollout]:
        """Newest first."""
        return self._readable(await self._db.rows(_newest, {"tenant": tenant, "count": limit}))

    async def live(self) -> list[Rollout]:
        """Those that run or are being stopped, of all tenants, oldest first."""
        return self._readable(await self._db.rows(_live))

    async def swap(self, rollout: Rollout, *, was: RolloutState) -> bool:
        """Keep it if it is still in the state that it was read in."""
        values = {
            "of": rollout.tenant,
            "named": rollout.id,
            "was": was,
            "now": rollout.state,
            "document": self._document(rollout),
        }
        return await self._db.run(_swap, values) == 1

    async def tally(self, tenant: TenantId, rollout: RolloutId) -> Tally:
        """How far it has come, as its changes are now."""
        rows = await self._db.rows(_counts, {"tenant": tenant, "rollout": rollout})
        return Tally(by_state={row.now: row.many for row in rows})

    async def in_state(
        self, tenant: TenantId, rollout: RolloutId, state: TargetState, *, limit: int
    ) -> list[Target]:
        """Its devices that are there, in order."""
        key = {"tenant": tenant, "rollout": rollout, "states": [state], "count": limit}
        return [self._target(row) for row in await self._db.rows(_some, key)]

    async def devices(
        self, tenant: TenantId, rollout: RolloutId, *, after: int = -1, limit: int = 100
    ) -> list[tuple[Target, State | None]]:
        """Its devices after this place, each with where its change is now."""
        key = {"tenant": tenant, "rollout": rollout, "after": after, "count": limit}
        found = [self._target(row) for row in await self._db.rows(_page, key)]
        states = await self._states(tenant, rollout, [each.place for each in found])
        return [(each, states.get(each.place)) for each in found]

    async def not_begun(self, tenant: TenantId, rollout: RolloutId) -> list[ChangeId]:
        """Its changes of which nothing was sent yet."""
        rows = await self._db.rows(_not_begun, {"tenant": tenant, "rollout": rollout})
        return [ChangeId(row.change) for row in rows]

    async def put(self, *devices: Target) -> None:
        """Keep where these devices are now."""
        if devices:
            await self._upsert(targets, [self._row(each) for each in devices])

    async def _states(
        self, tenant: TenantId, rollout: RolloutId, places: Collection[int]
    ) -> dict[int, State]:
        if not places:
            return {}
        key = {"tenant": tenant, "rollout": rollout, "places": [*places]}
        return {row.place: row.state for row in await self._db.rows(_by_change, key)}

    def _document(self, rollout: Rollout) -> bytes:
        return self._seal(_rollout, rollout, "rollouts", rollout.tenant, rollout.id)

    def _row(self, target: Target) -> dict[str, Any]:
        place = ("rollout_targets", target.tenant, target.rollout, str(target.place))
        return {
            "tenant": target.tenant,
            "rollout": target.rollout,
            "place": target.place,
            "device": target.device,
            "state": target.state,
            "change": target.change,
            "sealed": self._seal(_target, target, *place),
        }

    def _opened(self, row: Row[Any]) -> Rollout:
        found = self._open(_rollout, row.sealed, "rollouts", row.tenant, row.id)
        if found.state is not row.state:
            raise Unreadable(f"rollout {row.id} does not agree with its columns")
        return found

    def _readable(self, rows: Sequence[Row[Any]]) -> list[Rollout]:
        """All that can be read: one damaged row must not keep every other rollout from moving."""
        found = []
        for row in rows:
            try:
                found.append(self._opened(row))
            except Unreadable as error:
                _log.error("rollout_unreadable", rollout=row.id, reason=str(error))
        return found

    def _target(self, row: Row[Any]) -> Target:
        place = ("rollout_targets", row.tenant, row.rollout, str(row.place))
        found = self._open(_target, row.sealed, *place)
        if (found.device, found.state, found.change) != (row.device, row.state, row.change):
            raise Unreadable(f"a device of rollout {row.rollout} does not agree with its columns")
        return found
