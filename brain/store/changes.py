"""Changes: the ledger's records, moved by compare and swap.

The record is one encrypted document; the columns beside it are what queries ask for, and must
agree with it. The plan is kept apart, once a digest, and put back into the document on the way out.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from brain.domain.change import Plan
from brain.domain.errors import Unreadable
from brain.domain.fared import templates_of
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.life import State
from brain.domain.proposal import Cause
from brain.domain.record import ChangeRecord
from brain.store.codec import Codec
from brain.store.columns import Moment, metadata, moment, one_of, sealed, words
from brain.store.connection import Connection
from brain.store.plans import Plans, plans
from brain.store.repository import Repository, context

changes = Table(
    "changes",
    metadata,
    words("tenant", key=True),
    # Unique in all tenants: it is the ParameterKey that a device reports back.
    Column("id", Text, primary_key=True, unique=True),
    words("device"),
    words("plan_digest"),
    one_of("cause", Cause),
    words("templates"),
    words("firmware"),
    one_of("state", State),
    Column("version", Integer, nullable=False),
    moment("created_at"),
    moment("approval_expires_at"),
    Column("execution_expires_at", Moment),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    ForeignKeyConstraint(["tenant", "plan_digest"], ["plans.tenant", "plans.digest"]),
    Index(None, "tenant", "created_at"),
    Index(None, "tenant", "device", "created_at"),
    Index(None, "tenant", "templates", "cause"),
    Index(None, "state"),
)
_codec = Codec(ChangeRecord, "change")
_log = structlog.get_logger(__name__)
_CLOSED = (State.REJECTED, State.EXPIRED, State.SUPERSEDED)
_NOT_BEGUN = (State.AWAITING_APPROVAL, State.APPROVED)
_UNFINISHED = (State.APPROVED, State.EXECUTING, State.VERIFYING)
_MOVED = ("state", "version", "approval_expires_at", "execution_expires_at", "sealed")

_read = select(changes, plans.c.sealed.label("plan")).join(
    plans, and_(plans.c.tenant == changes.c.tenant, plans.c.digest == changes.c.plan_digest)
)
_of_tenant = changes.c.tenant == bindparam("tenant")
_find = _read.where(changes.c.id == bindparam("id"))
_get = _find.where(_of_tenant)
_newest = (
    _read.where(_of_tenant)
    .order_by(changes.c.created_at.desc(), changes.c.id.desc())
    .limit(bindparam("count"))
)
_waiting = (
    _read.where(_of_tenant, changes.c.state == State.AWAITING_APPROVAL)
    .order_by(changes.c.created_at, changes.c.id)
    .limit(bindparam("count"))
)
_in_states = changes.c.state.in_(bindparam("states", expanding=True))
_of_device = changes.c.device == bindparam("device")
_open_with_plan = _read.where(
    _of_tenant, _of_device, changes.c.plan_digest == bindparam("digest"), _in_states
)
_oldest_in_states = _read.where(_in_states).order_by(changes.c.created_at, changes.c.id)
_in_states_since = _oldest_in_states.where(changes.c.created_at >= bindparam("since"))
_expirable = _read.where(
    or_(
        and_(
            changes.c.state == State.AWAITING_APPROVAL,
            changes.c.approval_expires_at <= bindparam("now"),
        ),
        and_(
            changes.c.state == State.APPROVED,
            changes.c.execution_expires_at <= bindparam("now"),
        ),
    )
).order_by(changes.c.created_at, changes.c.id)
_add = insert(changes)
_swap = (
    update(changes)
    .where(
        changes.c.tenant == bindparam("of"),
        changes.c.id == bindparam("change"),
        changes.c.version == bindparam("seen"),
        changes.c.plan_digest == bindparam("digest"),
    )
    .values({name: bindparam(name) for name in _MOVED})
)


class Changes(Repository):
    """Added once; from then on only swapped, by whoever saw the newest version."""

    __slots__ = ("_plans",)

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._plans = Plans(connection)

    async def add(self, record: ChangeRecord) -> None:
        """Keep a new change. Conflict when there is one of its id, or no such device."""
        await self._plans.keep(record.tenant, record.plan)
        values = {
            "tenant": record.tenant,
            "id": record.id,
            "device": record.device,
            "plan_digest": record.plan.digest,
            "cause": record.cause,
            "templates": templates_of(record.plan.paths),
            "firmware": record.basis.firmware,
            "created_at": record.created_at,
        }
        await self._db.run(_add, values | self._moved(record))

    async def swap(self, record: ChangeRecord, *, version: int) -> bool:
        """Write ``record`` as version ``version + 1`` if ``version`` is still the newest.

        False when somebody else moved the change since, or when the plan is not the one that the
        change was added with; nothing is written then.
        """
        values = {
            "of": record.tenant,
            "change": record.id,
            "seen": version,
            "digest": record.plan.digest,
        }
        return (
            await self._db.run(_swap, values | self._moved(replace(record, version=version + 1)))
            == 1
        )

    async def get(self, tenant: TenantId, change: ChangeId) -> ChangeRecord | None:
        """The change, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": change})
        return None if row is None else self._record(row)

    async def find(self, change: ChangeId) -> ChangeRecord | None:
        """The change in whichever tenant has it. For executors only."""
        row = await self._db.row(_find, {"id": change})
        return None if row is None else self._record(row)

    async def open_with_plan(self, tenant: TenantId, plan: Plan) -> Sequence[ChangeRecord]:
        """The changes with exactly this plan that are not at an end."""
        values = {
            "tenant": tenant,
            "device": plan.device,
            "digest": plan.digest,
            "states": (State.AWAITING_APPROVAL, *_UNFINISHED),
        }
        return await self._all(_open_with_plan, values)

    async def unfinished(self) -> Sequence[ChangeRecord]:
        """What is approved, executing or verifying, of all tenants, oldest first."""
        return await self._readable(_oldest_in_states, {"states": _UNFINISHED})

    async def not_begun(self) -> Sequence[ChangeRecord]:
        """What is approved or waits for approval, of all tenants, oldest first."""
        return await self._readable(_oldest_in_states, {"states": _NOT_BEGUN})

    async def closed_since(self, since: datetime) -> Sequence[ChangeRecord]:
        """What was made since then and was rejected, expired or superseded, of all tenants."""
        return await self._readable(_in_states_since, {"states": _CLOSED, "since": since})

    async def expirable(self, now: datetime) -> Sequence[ChangeRecord]:
        """What ran out of time to be approved or to be begun, of all tenants, oldest first."""
        return await self._readable(_expirable, {"now": now})

    async def list(
        self,
        tenant: TenantId,
        *,
        states: Collection[State] | None = None,
        device: DeviceId | None = None,
        limit: int = 100,
    ) -> Sequence[ChangeRecord]:
        """Newest first; those in one of ``states`` and of this ``device``, when given."""
        statement = _newest
        values: dict[str, Any] = {"tenant": tenant, "count": limit}
        if states is not None:
            statement, values["states"] = statement.where(_in_states), tuple(states)
        if device is not None:
            statement, values["device"] = statement.where(_of_device), device
        return await self._all(statement, values)

    async def waiting(self, tenant: TenantId, *, limit: int) -> Sequence[ChangeRecord]:
        """What waits for approval, the oldest first: its time ends first."""
        return await self._all(_waiting, {"tenant": tenant, "count": limit})

    async def _all(self, statement: Select[Any], values: dict[str, Any]) -> Sequence[ChangeRecord]:
        return [self._record(row) for row in await self._db.rows(statement, values)]

    async def _readable(
        self, statement: Select[Any], values: dict[str, Any]
    ) -> Sequence[ChangeRecord]:
        """All that can be read: one damaged row must not keep every other change from moving."""
        records = []
        for row in await self._db.rows(statement, values):
            try:
                records.append(self._record(row))
            except Unreadable as error:
                _log.error("change_unreadable", change=row.id, reason=str(error))
        return records

    def _moved(self, record: ChangeRecord) -> dict[str, Any]:
        document = _codec.encode(record, leave_out={"plan"})
        place = _place(record.tenant, record.id, record.plan.digest)
        values = {name: getattr(record, name) for name in _MOVED if name != "sealed"}
        return {**values, "sealed": self._db.cipher.encrypt(document, place)}

    def _record(self, row: Row[Any]) -> ChangeRecord:
        place = _place(row.tenant, row.id, row.plan_digest)
        rest = self._db.cipher.decrypt(row.sealed, place)
        plan = self._plans.document(row.tenant, row.plan_digest, row.plan)
        record = _codec.decode(b'{"plan":' + plan + b"," + rest[1:])
        kept = (record.id, record.tenant, record.state, record.version, record.plan.digest)
        if kept != (row.id, row.tenant, row.state, row.version, row.plan_digest):
            raise Unreadable(f"change {row.id} does not agree with its columns")
        return record


def _place(tenant: str, change: str, digest: str) -> bytes:
    """Bound to the plan as well: pointing a change at another kept plan makes it unreadable."""
    return context("changes", tenant, change, digest)
