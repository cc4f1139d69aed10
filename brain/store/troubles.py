"""Troubles: how many devices of each scope are in trouble, counted by the database.

What comes back is bounded by what is asked for, however large the fleet.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select

from brain.domain.identity import DeviceId, TenantId
from brain.domain.topology import SOFTWARE_PARTS, Census, Look, Scope, ScopeKind, Tally
from brain.store.repository import Repository
from brain.store.trouble_counts import Left, conspicuous, members, those_suffering

_NOT_NODES = (ScopeKind.SOFTWARE, ScopeKind.AREA)


class Troubles(Repository):
    """Counted afresh each time: nothing is kept."""

    __slots__ = ()

    async def census(
        self,
        tenant: TenantId,
        look: Look,
        *,
        without: Sequence[Scope] = (),
        suffering: int = 3,
        known: int = 4,
        most: int = 50,
    ) -> Census:
        """Of each kind the ``most`` scopes that stand out furthest from the rest of the fleet.

        ``without`` leaves out all devices of these scopes. A scope with fewer in trouble than
        ``suffering``, or of which fewer are ``known``, is not told of.
        """
        limits = {"least_suffering": suffering, "least_known": known, "most": most}
        rows = await self._db.rows(
            _conspicuous(_kinds(without)), _values(tenant, look, without) | limits
        )
        return Census(
            suffering=int(rows[0].all_suffering or 0),
            known=int(rows[0].all_known or 0),
            kinds=rows[0].kinds,
            tallies=tuple(_tally(row) for row in rows if row.kind is not None),
        )

    async def members(self, tenant: TenantId, scope: Scope, *, limit: int) -> int:
        """How many devices lie in a scope, however deep; it counts no further than ``limit``."""
        named: dict[str, Any] = {"nodes": [scope.id]}
        if scope.kind is ScopeKind.SOFTWARE:
            parts = ("manufacturer", "model", "firmware")
            named = dict(zip(parts, scope.id.split(SOFTWARE_PARTS), strict=True))
        elif scope.kind is ScopeKind.AREA:
            named = {"area": scope.id}
        row = await self._db.row(_members(scope.kind), {"tenant": tenant, "limit": limit, **named})
        return int(row.found) if row else 0

    async def suffering(
        self, tenant: TenantId, scope: Scope, look: Look, *, limit: int = 100, after: str = ""
    ) -> list[DeviceId]:
        """A page of the devices of a scope that are in trouble, by id, after the id ``after``."""
        values = _values(tenant, look, [scope]) | {"after": after, "count": limit}
        rows = await self._db.rows(_suffering(_kinds([scope])), values)
        return [DeviceId(row.id) for row in rows]


def _kinds(scopes: Sequence[Scope]) -> Left:
    return frozenset(scope.kind for scope in scopes)


def _values(tenant: TenantId, look: Look, scopes: Sequence[Scope]) -> dict[str, Any]:
    named = {
        "software": [each.id for each in scopes if each.kind is ScopeKind.SOFTWARE],
        "areas": [each.id for each in scopes if each.kind is ScopeKind.AREA],
        "nodes": [each.id for each in scopes if each.kind not in _NOT_NODES],
    }
    return {
        "tenant": tenant,
        "now": look.now,
        "seconds": int(look.now.timestamp()),
        "since": look.now - look.within,
        "gone": look.now - look.gone,
        "missed": look.missed,
        "shortest": int(look.shortest.total_seconds()),
        "quiet": int(look.quiet.total_seconds()),
        **{name: ids for name, ids in named.items() if ids},
    }


def _tally(row: Row[Any]) -> Tally:
    """As whole numbers: PostgreSQL adds up to its own decimals."""
    return Tally(
        scope=Scope(kind=ScopeKind(row.kind), id=row.id),
        suffering=int(row.suffering),
        known=int(row.known),
        looked_at=row.looked_at,
    )


@cache
def _conspicuous(left_out: Left) -> Select[Any]:
    return conspicuous(left_out)


@cache
def _suffering(kinds: Left) -> Select[Any]:
    return those_suffering(kinds)


@cache
def _members(kind: ScopeKind) -> Select[Any]:
    return members(kind)
