"""The statements that count devices in trouble, by all that devices have in common.

A device is in trouble when it is silent for too long, or lost its line or restarted by itself a
little while ago. All of it stands in plain columns, so the database adds up and no row of a device
leaves it.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from brain.domain.history import EventKind
from brain.domain.topology import SOFTWARE_PARTS, ScopeKind
from brain.store.among import among
from brain.store.devices import devices
from brain.store.events import TROUBLES, events
from brain.store.nodes import nodes
from brain.store.sites import sites

_LINES = ("Optical.Interface", "DSL.Line", "PPP.Interface", "Cellular.Interface")
_DOWN = ("Down", "LowerLayerDown", "Error", "Dormant", "NotPresent")
_SOFTWARE = (devices.c.manufacturer, devices.c.model, devices.c.firmware)

Left = frozenset[ScopeKind]
"""Of which kinds some scopes are left out."""


def conspicuous(left_out: Left) -> Select[Any]:
    """The totals, and beside them the scopes of each kind that stand out furthest from the rest.

    Always a row at least; its ``kind`` is NULL where no scope stands out.
    """
    cells = _cells(left_out)
    every = union_all(_by_node(cells), _by_software(cells), _by_area(cells)).subquery("every")
    looked_at = func.count().over(partition_by=every.c.kind).label("looked_at")
    counted = select(every, looked_at).where(every.c.known >= bindparam("least_known"))
    counted_all = counted.cte("counted")
    totals = select(
        func.sum(cells.c.known).label("all_known"),
        func.sum(cells.c.suffering).label("all_suffering"),
    ).cte("totals")
    kinds = select(func.count(counted_all.c.kind.distinct())).scalar_subquery()
    ranked = _ranked(counted_all, totals)
    first = ranked.c.place <= bindparam("most")
    return select(totals, kinds.label("kinds"), ranked).select_from(totals.outerjoin(ranked, first))


def those_suffering(kinds: Left) -> Select[Any]:
    """The ids of the devices in trouble within some scopes, a page."""
    return (
        select(devices.c.id)
        .select_from(_devices())
        .where(*_known(), _suffers(), _within(kinds), devices.c.id > bindparam("after"))
        .order_by(devices.c.id)
        .limit(bindparam("count"))
    )


def members(kind: ScopeKind) -> Select[Any]:
    """How many devices lie in one scope, counted no further than a limit."""
    found = select(devices.c.id).where(devices.c.tenant == bindparam("tenant"))
    if kind is ScopeKind.SOFTWARE:
        of = zip(_SOFTWARE, ("manufacturer", "model", "firmware"), strict=True)
        found = found.where(*(column == bindparam(name) for column, name in of))
    elif kind is ScopeKind.AREA:
        here = and_(sites.c.tenant == devices.c.tenant, sites.c.id == devices.c.site)
        found = found.join(sites, here).where(sites.c.area == bindparam("area"))
    else:
        # Joined, SQLite goes through every device and looks for its node.
        found = found.where(devices.c.access_node.in_(select(_below().c.id)))
    return select(func.count().label("found")).select_from(
        found.limit(bindparam("limit")).subquery()
    )


def _cells(left_out: Left) -> CTE:
    """Devices that have everything in common are counted together first."""
    what = (devices.c.access_node, *_SOFTWARE, sites.c.area)
    suffering = func.sum(case((_suffers(), 1), else_=0)).label("suffering")
    counted = select(*what, func.count().label("known"), suffering).select_from(_devices())
    if left_out:
        counted = counted.where(~_within(left_out))
    return counted.where(*_known()).group_by(*what).cte("cells")


def _by_node(cells: CTE) -> Select[Any]:
    """Every node counts what hangs below it, however deep; one that hangs in a circle ends."""
    node = cells.c.access_node
    own = (
        select(node.label("from"), node.label("node"), *_sums(cells))
        .where(node.is_not(None))
        .group_by(node)
    )
    up = own.cte("up", recursive=True)
    above = select(up.c["from"], nodes.c.parent, up.c.known, up.c.suffering).join(
        nodes, and_(nodes.c.tenant == bindparam("tenant"), nodes.c.id == up.c.node)
    )
    up = up.union(above.where(nodes.c.parent.is_not(None)))
    kind = type_coerce(nodes.c.kind, Text).label("kind")
    columns: list[ColumnElement[Any]] = [kind, nodes.c.id, *_sums(up)]
    return (
        select(*columns)
        .join(up, up.c.node == nodes.c.id)
        .where(nodes.c.tenant == bindparam("tenant"))
        .group_by(nodes.c.kind, nodes.c.id)
    )


def _by_software(cells: CTE) -> Select[Any]:
    what = (cells.c.manufacturer, cells.c.model, cells.c.firmware)
    known = cells.c.firmware != ""
    kind = literal(ScopeKind.SOFTWARE.value, Text).label("kind")
    columns: list[ColumnElement[Any]] = [kind, _joined(*what).label("id"), *_sums(cells)]
    return select(*columns).where(known).group_by(*what)


def _by_area(cells: CTE) -> Select[Any]:
    area, kind = cells.c.area, literal(ScopeKind.AREA.value, Text).label("kind")
    return select(kind, area.label("id"), *_sums(cells)).where(area.is_not(None)).group_by(area)


def _sums(counts: CTE) -> tuple[ColumnElement[int], ColumnElement[int]]:
    known, suffering = func.sum(counts.c.known), func.sum(counts.c.suffering)
    return known.label("known"), suffering.label("suffering")


def _ranked(counted: CTE, totals: CTE) -> FromClause:
    """Each kind by itself, by how far a scope is from what the share of all would give it."""
    share = cast(totals.c.all_suffering, Float) / cast(totals.c.all_known, Float)
    gap = cast(counted.c.suffering, Float) - share * cast(counted.c.known, Float)
    far = (gap * gap / cast(counted.c.known, Float)).desc()
    place = func.row_number().over(partition_by=counted.c.kind, order_by=(far, counted.c.id))
    stand_out = and_(counted.c.suffering >= bindparam("least_suffering"), gap > 0)
    beside = counted.join(totals, true())
    return (
        select(counted, place.label("place"))
        .select_from(beside)
        .where(stand_out)
        .subquery("ranked")
    )


def _devices() -> FromClause:
    """Every device, with its site and with what befell it."""
    place = and_(sites.c.tenant == devices.c.tenant, sites.c.id == devices.c.site)
    hit = _struck
    return devices.outerjoin(sites, place).outerjoin(hit, hit.c.device == devices.c.id)


def _known() -> tuple[ColumnElement[bool], ...]:
    return devices.c.tenant == bindparam("tenant"), devices.c.last_seen >= bindparam("gone")


def _suffers() -> ColumnElement[bool]:
    every, shortest = devices.c.inform_every, bindparam("shortest", type_=Integer)
    missed = every * bindparam("missed")
    patience = case(
        (or_(every.is_(None), every <= 0), bindparam("quiet")),
        (missed < shortest, shortest),
        else_=missed,
    )
    silent = extract("epoch", devices.c.last_seen) < bindparam("seconds") - patience
    return or_(silent, _struck.c.device.is_not(None))


def _within(kinds: Collection[ScopeKind]) -> ColumnElement[bool]:
    """Whether a device lies in one of the scopes; never NULL, so that NOT is what it says."""
    found: list[ColumnElement[bool]] = []
    if ScopeKind.SOFTWARE in kinds:
        found.append(_joined(*_SOFTWARE).in_(bindparam("software", expanding=True)))
    if ScopeKind.AREA in kinds:
        found.append(func.coalesce(sites.c.area, "").in_(bindparam("areas", expanding=True)))
    if set(kinds) - {ScopeKind.SOFTWARE, ScopeKind.AREA}:
        found.append(func.coalesce(devices.c.access_node, "").in_(select(_below().c.id)))
    return or_(*found)


def _below() -> CTE:
    """The nodes asked for, and all that hang below them."""
    mine = nodes.c.tenant == bindparam("tenant")
    tops = select(nodes.c.id).where(mine, among(nodes.c.id, "nodes"))
    below = tops.cte("below", recursive=True)
    return below.union(select(nodes.c.id).join(below, nodes.c.parent == below.c.id).where(mine))


def _joined(*parts: ColumnElement[str]) -> ColumnElement[str]:
    text: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        text = text + SOFTWARE_PARTS + part
    return text


def _strikes() -> FromClause:
    """Who lost a line or restarted of late; not who was sent a file or a restart by somebody."""
    line = or_(*(events.c.path.like(f"Device.{name}.%.Status") for name in _LINES))
    lost = and_(events.c.kind == EventKind.VALUE_CHANGE, line, events.c.value.in_(_DOWN))
    by_itself = ~events.c.detail.contains("M Reboot")
    other = events.alias("other")
    sent = exists().where(
        other.c.tenant == events.c.tenant,
        other.c.device == events.c.device,
        other.c.at >= bindparam("since"),
        other.c.kind == EventKind.TRANSFER_COMPLETE,
    )
    restarted = and_(events.c.kind == EventKind.BOOT, by_itself, ~sent)
    of_late = events.c.at.between(bindparam("since"), bindparam("now"))
    mine = events.c.tenant == bindparam("tenant")
    found = select(events.c.device).where(mine, TROUBLES, of_late, or_(lost, restarted))
    return found.distinct().subquery("struck")


_struck = _strikes()
