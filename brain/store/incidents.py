"""Incidents: one open at most for each rule and scope, claimed with a lease by who works on it."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Table,
    Text,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from brain.domain.identity import DeviceId, ProposalId, TenantId
from brain.domain.incident import Symptom
from brain.domain.remediation import (
    Affected,
    Ending,
    Incident,
    IncidentId,
    IncidentState,
    IncidentStep,
    Reach,
    Scope,
    Waiting,
)
from brain.store.changes import changes
from brain.store.columns import Moment, metadata, moment, one_of, row_number, words
from brain.store.halts import halts
from brain.store.repository import Repository, columns_of, insert_for
from brain.store.trips import SEEN
from brain.store.unattended import switches

incidents = Table(
    "incidents",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    words("rule"),
    one_of("reach", Reach),
    words("scope"),
    words("scope_name"),
    words("device"),
    one_of("symptom", Symptom),
    words("band"),
    one_of("state", IncidentState),
    one_of("waiting", Waiting),
    words("reason"),
    Column("dry", Boolean, nullable=False),
    moment("opened_at"),
    moment("updated_at"),
    moment("look_at"),
    words("owner"),
    moment("lease_until"),
    Column("attempts", Integer, nullable=False),
    words("case"),
    words("proposal"),
    Column("change", Text),
    Column("change_version", Integer, nullable=False, server_default="0"),
    one_of("ending", Ending),
    Column("closed_at", Moment),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "opened_at"),
    Index(None, "state", "look_at"),
    Index(None, "tenant", "proposal", unique=True),
)
Index(
    "uq_incidents_open",
    *(incidents.c[name] for name in ("tenant", "rule", "reach", "scope")),
    unique=True,
    sqlite_where=incidents.c.closed_at.is_(None),
    postgresql_where=incidents.c.closed_at.is_(None),
)
affected = Table(
    "incident_devices",
    metadata,
    words("tenant", key=True),
    words("incident", key=True),
    words("device", key=True),
    moment("at"),
    words("said"),
    words("seen"),
    ForeignKeyConstraint(["tenant", "incident"], ["incidents.tenant", "incidents.id"]),
    Index(None, "tenant", "device"),
)
steps = Table(
    "incident_steps",
    metadata,
    row_number(),
    words("tenant"),
    words("incident"),
    moment("at"),
    words("step"),
    words("detail"),
    ForeignKeyConstraint(["tenant", "incident"], ["incidents.tenant", "incidents.id"]),
    Index(None, "tenant", "incident"),
)
_of_tenant = incidents.c.tenant == bindparam("tenant")
_get = select(incidents).where(_of_tenant, incidents.c.id == bindparam("id"))
_of_proposal = select(incidents).where(_of_tenant, incidents.c.proposal == bindparam("proposal"))
_list = (
    select(incidents)
    .where(_of_tenant)
    .order_by(incidents.c.opened_at.desc(), incidents.c.id.desc())
    .limit(bindparam("count"))
)
_open = incidents.c.closed_at.is_(None)
_nothing_moved = exists().where(
    incidents.c.state == IncidentState.PROPOSED,
    changes.c.tenant == incidents.c.tenant,
    changes.c.id == incidents.c.change,
    changes.c.version == incidents.c.change_version,
)
_still_stopped = exists().where(
    incidents.c.waiting == Waiting.STOPPED,
    switches.c.tenant == incidents.c.tenant,
    switches.c.stopped,
)
_still_halted = exists().where(
    incidents.c.waiting == Waiting.HALTED, halts.c.tenant == incidents.c.tenant, halts.c.halted
)
_due = (
    select(incidents.c.tenant, incidents.c.id)
    .where(
        _open,
        incidents.c.look_at <= bindparam("now"),
        incidents.c.lease_until <= bindparam("now"),
        ~_nothing_moved,
        ~_still_stopped,
        ~_still_halted,
    )
    .order_by(incidents.c.look_at, incidents.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_swap = update(incidents).where(
    incidents.c.tenant == bindparam("of"),
    incidents.c.id == bindparam("named"),
    incidents.c.version == bindparam("seen"),
)
_later = (
    update(incidents)
    .where(incidents.c.tenant == bindparam("of"), incidents.c.id == bindparam("named"))
    .values(look_at=bindparam("then"), waiting=Waiting.RETRY, reason=bindparam("why"))
)
_of_scope = (
    select(incidents)
    .where(
        _of_tenant,
        incidents.c.reach == bindparam("reach"),
        incidents.c.scope == bindparam("scope"),
        or_(_open, incidents.c.closed_at > bindparam("since")),
    )
    .order_by(incidents.c.opened_at.desc())
    .limit(1)
)
_of_device = (
    select(incidents)
    .join(
        affected,
        (affected.c.tenant == incidents.c.tenant) & (affected.c.incident == incidents.c.id),
    )
    .where(
        _of_tenant,
        incidents.c.rule == bindparam("rule"),
        affected.c.device == bindparam("device"),
        or_(_open, incidents.c.closed_at > bindparam("since")),
    )
    .order_by(incidents.c.opened_at.desc())
    .limit(1)
)
_alone = select(incidents).where(
    _of_tenant,
    _open,
    incidents.c.reach == Reach.DEVICE,
    incidents.c.state == IncidentState.OPEN,
    incidents.c.rule.in_(bindparam("rules", expanding=True)),
)
_affected = (
    select(affected)
    .where(affected.c.tenant == bindparam("tenant"), affected.c.incident == bindparam("incident"))
    .order_by(affected.c.at, affected.c.device)
    .limit(bindparam("count"))
)
_of_incident = select(affected.c.device).where(
    affected.c.tenant == bindparam("tenant"), affected.c.incident == bindparam("incident")
)
_affects = _of_incident.where(affected.c.device == bindparam("device"))
_how_many = select(func.count()).select_from(_of_incident.limit(bindparam("most")).subquery())
_steps = (
    select(*(steps.c[field.name] for field in fields(IncidentStep)))
    .where(steps.c.tenant == bindparam("tenant"), steps.c.incident == bindparam("incident"))
    .order_by(steps.c.row)
)
_add, _add_step = insert(incidents), insert(steps)


class Incidents(Repository):
    """Added when opened, swapped from step to step, never removed."""

    __slots__ = ()

    async def add(self, incident: Incident) -> None:
        """Keep a new one. Conflict when one is open for this rule and scope."""
        await self._db.run(_add, _row(incident))

    async def swap(self, incident: Incident) -> Incident | None:
        """Write it if nobody did since it was read; it with its new version, or None."""
        moved = replace(incident, version=incident.version + 1)
        key = {"of": incident.tenant, "named": incident.id, "seen": incident.version}
        statement = _swap.values(
            {k: v for k, v in _row(moved).items() if k not in ("tenant", "id")}
        )
        return moved if await self._db.run(statement, key) == 1 else None

    async def later(
        self, tenant: TenantId, incident: IncidentId, at: datetime, reason: str
    ) -> None:
        """Have it looked at then instead, and say why, whatever else is written in it."""
        values = {"of": tenant, "named": incident, "then": at, "why": reason}
        await self._db.run(_later, values)

    async def get(self, tenant: TenantId, incident: IncidentId) -> Incident | None:
        """The incident, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": incident})
        return None if row is None else _incident(row)

    async def of_proposal(self, tenant: TenantId, proposal: ProposalId) -> Incident | None:
        """The incident that this proposal was set aside for, or None."""
        row = await self._db.row(_of_proposal, {"tenant": tenant, "proposal": proposal})
        return None if row is None else _incident(row)

    async def list(
        self,
        tenant: TenantId,
        *,
        states: Collection[IncidentState] = (),
        rule: str = "",
        limit: int = 100,
    ) -> Sequence[Incident]:
        """Newest first."""
        statement = _list.where(incidents.c.state.in_(states)) if states else _list
        statement = statement.where(incidents.c.rule == rule) if rule else statement
        rows = await self._db.rows(statement, {"tenant": tenant, "count": limit})
        return [_incident(row) for row in rows]

    async def due(self, now: datetime, *, limit: int) -> Sequence[tuple[TenantId, IncidentId]]:
        """Those to look at now, of all tenants, that nobody works on or looks at just now.

        What waits for its change, for the switch or for the halt is there when that moved, and is
        not written meanwhile. Only their names, so that a damaged one holds up no other.
        """
        rows = await self._db.rows(_due, {"now": now, "count": limit})
        return [(row.tenant, row.id) for row in rows]

    async def of_scope(
        self, tenant: TenantId, scope: Scope, *, since: datetime, rule: str = ""
    ) -> Incident | None:
        """The newest of this scope that is open, or was closed after ``since``; of any rule, unless
        one is named: what many share is one trouble, by however many rules it shows.
        """
        values = {"tenant": tenant, "reach": scope.reach, "scope": scope.id, "since": since}
        statement = _of_scope.where(incidents.c.rule == rule) if rule else _of_scope
        row = await self._db.row(statement, values)
        return None if row is None else _incident(row)

    async def of_device(
        self, tenant: TenantId, rule: str, device: DeviceId, *, since: datetime
    ) -> Incident | None:
        """The same for one that this device is part of, alone or with others."""
        values = {"tenant": tenant, "rule": rule, "device": device, "since": since}
        row = await self._db.row(_of_device, values)
        return None if row is None else _incident(row)

    async def waiting_alone(self, tenant: TenantId, rules: Collection[str]) -> Sequence[Incident]:
        """The open incidents of single devices by these rules that nobody works on yet."""
        values = {"tenant": tenant, "rules": sorted(rules)}
        return [_incident(row) for row in await self._db.rows(_alone, values)]

    async def affect(self, tenant: TenantId, incident: IncidentId, found: Affected) -> None:
        """Keep that a device is part of it, with what was seen last."""
        row = {
            "tenant": tenant,
            "incident": incident,
            "device": found.device,
            "at": found.at,
            "said": found.said,
            "seen": SEEN.encode(found.seen).decode(),
        }
        insert = insert_for(affected, self._db.dialect).values(row)
        new = {name: insert.excluded[name] for name in ("said", "seen")}
        keys = list(affected.primary_key)
        await self._db.run(insert.on_conflict_do_update(index_elements=keys, set_=new))

    async def affected(
        self, tenant: TenantId, incident: IncidentId, *, limit: int = 100
    ) -> Sequence[Affected]:
        """The devices of an incident, those first that were heard from first."""
        values = {"tenant": tenant, "incident": incident, "count": limit}
        return [
            Affected(device=row.device, at=row.at, said=row.said, seen=SEEN.decode(row.seen))
            for row in await self._db.rows(_affected, values)
        ]

    async def affects(self, tenant: TenantId, incident: IncidentId, device: DeviceId) -> bool:
        """Whether this device is part of it."""
        values = {"tenant": tenant, "incident": incident, "device": device}
        return await self._db.row(_affects, values) is not None

    async def how_many(
        self, tenant: TenantId, incident: IncidentId, *, limit: int = 10_000_000
    ) -> int:
        """How many devices are part of it; it counts no further than ``limit``."""
        values = {"tenant": tenant, "incident": incident, "most": limit}
        row = await self._db.row(_how_many, values)
        return 0 if row is None else int(row[0])

    async def note(
        self, tenant: TenantId, incident: IncidentId, step: str, detail: str, at: datetime
    ) -> None:
        """Add a step to its road."""
        values = {"tenant": tenant, "incident": incident, "step": step, "detail": detail, "at": at}
        await self._db.run(_add_step, values)

    async def road(self, tenant: TenantId, incident: IncidentId) -> Sequence[IncidentStep]:
        """Its steps, in order."""
        rows = await self._db.rows(_steps, {"tenant": tenant, "incident": incident})
        return [IncidentStep(**row._mapping) for row in rows]


def _row(incident: Incident) -> dict[str, Any]:
    values = columns_of(incident)
    scope = values.pop("scope")
    return values | {"reach": scope.reach, "scope": scope.id, "scope_name": scope.name}


def _incident(row: Row[Any]) -> Incident:
    values = dict(row._mapping)
    reach, id, name = (values.pop(each) for each in ("reach", "scope", "scope_name"))
    return Incident(**values, scope=Scope(reach=reach, id=id, name=name))
