"""Verdicts: the decision log, with what policy was asked.

Secrets were masked before. What is left may still be a subscriber's, such as the name of a network,
so the question is encrypted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from brain.domain.canonical import Json
from brain.domain.errors import NotFound, Unreadable
from brain.domain.identity import ChangeId, TenantId
from brain.domain.verdict import Decision, LoggedVerdict, Point, Verdict
from brain.store.codec import Codec, json_text, json_value
from brain.store.columns import metadata, moment, one_of, words
from brain.store.repository import Repository, context

verdicts = Table(
    "verdicts",
    metadata,
    words("tenant", key=True),
    words("decision_id", key=True),
    Column("change", Text),
    one_of("point", Point),
    one_of("decision", Decision),
    moment("decided_at"),
    words("verdict"),
    Column("question", LargeBinary),  # null only where it was kept in the open, and was dropped
    Index(None, "tenant", "change"),
    Index(None, "tenant", "decided_at"),
)
_codec = Codec(Verdict, "verdict")
_add = insert(verdicts)
_attach = (
    update(verdicts)
    .where(
        verdicts.c.tenant == bindparam("of"),
        verdicts.c.decision_id == bindparam("named"),
        # Once: a decision is about one change, and is not moved to another.
        verdicts.c.change.is_(None) | (verdicts.c.change == bindparam("about")),
    )
    .values(change=bindparam("about"))
)
_of_tenant = verdicts.c.tenant == bindparam("tenant")
_of_change = (
    select(verdicts)
    .where(_of_tenant, verdicts.c.change == bindparam("change"))
    .order_by(verdicts.c.decided_at, verdicts.c.decision_id)
)
_get = select(verdicts).where(_of_tenant, verdicts.c.decision_id == bindparam("named"))
_latest = (
    select(verdicts)
    .where(
        _of_tenant,
        verdicts.c.change == bindparam("change"),
        verdicts.c.point == bindparam("point"),
    )
    .order_by(verdicts.c.decided_at.desc(), verdicts.c.decision_id.desc())
    .limit(1)
)
_list = (
    select(verdicts)
    .where(_of_tenant, verdicts.c.decided_at >= bindparam("since"))
    .order_by(verdicts.c.decided_at, verdicts.c.decision_id)
    .limit(bindparam("count"))
)
_until = verdicts.c.decided_at < bindparam("at")
_same_moment = verdicts.c.decided_at == bindparam("at")
_page = (
    select(verdicts)
    .where(
        _of_tenant,
        verdicts.c.decided_at >= bindparam("since"),
        _until | (_same_moment & (verdicts.c.decision_id < bindparam("named"))),
    )
    .order_by(verdicts.c.decided_at.desc(), verdicts.c.decision_id.desc())
    .limit(bindparam("count"))
)
_tenants = select(verdicts.c.tenant).where(verdicts.c.decided_at >= bindparam("since")).distinct()
_number = select(func.count()).where(
    _of_tenant, verdicts.c.decided_at >= bindparam("since"), _until
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVerdict:
    """A row of the decision log, decrypted and not read: of many, reading takes the longest."""

    decision_id: str
    change: ChangeId | None
    decided_at: datetime
    verdict: str
    """JSON of a ``Verdict``."""
    question: bytes | None
    """JSON of what was asked; None where it was not kept."""


@dataclass(frozen=True, slots=True)
class Before:
    """A place in the log: everything before this moment, and of this moment before this id."""

    decided_at: datetime
    decision_id: str = ""


class Verdicts(Repository):
    """Logged as they are given, tied to a change when there is one."""

    __slots__ = ()

    async def add(
        self, tenant: TenantId, change: ChangeId | None, verdict: Verdict, input: Json
    ) -> None:
        """Log a verdict and the masked question. Conflict when its decision id is taken."""
        values = {
            "tenant": tenant,
            "decision_id": verdict.decision_id,
            "change": change,
            "point": verdict.point,
            "decision": verdict.decision,
            "decided_at": verdict.decided_at,
            "verdict": _codec.encode(verdict).decode(),
            "question": self._db.cipher.encrypt(
                json_text(input).encode(), _place(tenant, verdict.decision_id)
            ),
        }
        await self._db.run(_add, values)

    async def attach(self, tenant: TenantId, change: ChangeId, decision_id: str) -> None:
        """Say which change a logged verdict is about; NotFound when it was not logged.

        Once: a verdict that is about another change already is NotFound, too.
        """
        values = {"of": tenant, "named": decision_id, "about": change}
        if not await self._db.run(_attach, values):
            raise NotFound(
                f"verdict {decision_id} is not in the decision log, or is about another change",
                remedy="Log a verdict before acting on it.",
            )

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[Verdict]:
        """All verdicts about one change, oldest first."""
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [_verdict(row) for row in rows]

    async def get(
        self, tenant: TenantId, decision_id: str
    ) -> tuple[ChangeId | None, Verdict] | None:
        """One verdict, and the change that it is about, if there is one."""
        row = await self._db.row(_get, {"tenant": tenant, "named": decision_id})
        return None if row is None else (row.change, _verdict(row))

    async def latest(self, tenant: TenantId, change: ChangeId, point: Point) -> Verdict:
        """The newest verdict about a change at this point; NotFound when there is none."""
        values = {"tenant": tenant, "change": change, "point": point}
        row = await self._db.row(_latest, values)
        if row is None:
            raise NotFound(f"change {change} was not judged at {point}")
        return _verdict(row)

    async def list(
        self, tenant: TenantId, since: datetime, limit: int = 1000
    ) -> list[LoggedVerdict]:
        """The decision log from ``since`` on, oldest first."""
        values = {"tenant": tenant, "since": since, "count": limit}
        return [self._logged(row) for row in await self._db.rows(_list, values)]

    async def page(
        self, tenant: TenantId, *, since: datetime, before: Before, limit: int = 500
    ) -> Sequence[KeptVerdict]:
        """A page of the decision log, newest first; go on with ``Before`` its last row."""
        values = {
            "tenant": tenant,
            "since": since,
            "at": before.decided_at,
            "named": before.decision_id,
            "count": limit,
        }
        return [self._kept(row) for row in await self._db.rows(_page, values)]

    async def number(self, tenant: TenantId, *, since: datetime, before: datetime) -> int:
        """How many decisions the log has from ``since`` on, and before this moment."""
        values = {"tenant": tenant, "since": since, "at": before}
        row = await self._db.row(_number, values)
        return int(row[0]) if row else 0

    async def tenants(self, *, since: datetime) -> Sequence[TenantId]:
        """Every tenant about whom something was decided from ``since`` on: for the rules of all."""
        rows = await self._db.rows(_tenants, {"since": since})
        return sorted(row.tenant for row in rows)

    def _kept(self, row: Row[Any]) -> KeptVerdict:
        return KeptVerdict(
            decision_id=row.decision_id,
            change=row.change,
            decided_at=row.decided_at,
            verdict=row.verdict,
            question=self._question(row),
        )

    def _question(self, row: Row[Any]) -> bytes | None:
        if row.question is None:
            return None
        return self._db.cipher.decrypt(row.question, _place(row.tenant, row.decision_id))

    def _logged(self, row: Row[Any]) -> LoggedVerdict:
        question = self._question(row)
        asked: Json = None if question is None else json_value(question.decode())
        return LoggedVerdict(
            tenant=row.tenant, change=row.change, verdict=_verdict(row), input=asked
        )


def _place(tenant: str, decision_id: str) -> bytes:
    return context("verdicts", tenant, decision_id)


def _verdict(row: Row[Any]) -> Verdict:
    verdict = _codec.decode(row.verdict)
    kept = (verdict.decision_id, verdict.decision, verdict.point)
    if kept != (row.decision_id, row.decision, row.point):
        raise Unreadable(f"verdict {row.decision_id} does not agree with its columns")
    return verdict
