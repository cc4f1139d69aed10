"""The access network of a world: who hangs from which splitter, port, modem system or cell."""

from dataclasses import dataclass, replace

from brain.domain.identity import NodeId
from brain.domain.topology import AccessNode, NodeKind
from evals.homes.device_model import DeviceModel, device_model
from evals.homes.fleet import name_of
from evals.homes.network import TENANT
from evals.homes.spec import WorldSpec
from evals.homes.troubles.base import Place


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one home hangs, and who pays for it. ``shares`` is all it has with the first home."""

    node: NodeId
    subscriber: str
    site: str
    shares: frozenset[Place]
    firmware: str


@dataclass(frozen=True, slots=True)
class Seats:
    """The access network, and the homes on it; the home in question sits first."""

    nodes: tuple[AccessNode, ...]
    seats: tuple[Seat, ...]


def seats(world: WorldSpec) -> Seats:
    """Who hangs from what. Cables and cells have one node that everybody shares."""
    around, model = world.around, device_model(world.model)
    firmware = world.firmware or model.firmware
    nodes = _nodes(model)
    home, beside, apart = (nodes[-3].id, nodes[-2].id, nodes[-1].id) if len(nodes) > 1 else (
        (nodes[0].id,) * 3
    )  # fmt: skip
    near = frozenset({Place.SPLITTER, Place.PORT, Place.OLT})
    port = near - {Place.SPLITTER} if len(nodes) > 1 else near
    olt = port - {Place.PORT} if len(nodes) > 1 else near
    street = frozenset({Place.AREA})
    rows = [(home, near | street | {Place.HOME}, firmware)]
    rows += [(home, near | street, firmware)] * around.splitter
    rows += [(beside, port, firmware)] * around.port
    rows += [(apart, olt | street, firmware)] * around.olt
    rows += [(apart, olt | street, f"{firmware}.1")] * around.other_software
    made = [_seat(n, world, firmware, *row) for n, row in enumerate(rows)]
    return Seats(nodes, tuple(_with_decoy(made)))


def _nodes(model: DeviceModel) -> tuple[AccessNode, ...]:
    """The nodes, parents first; the last three are those that homes hang from."""
    if model.line in ("coax", "cell"):
        kind = NodeKind.CMTS if model.line == "coax" else NodeKind.CELL
        return (_node(f"{kind.value}-elm", kind, f"Elm Road {kind.value}"),)
    olt = _node("olt-elm", NodeKind.OLT, "Elm Road")
    one = _node("olt-elm-1-1", NodeKind.PORT, "Elm Road 1/1", olt.id)
    two = _node("olt-elm-1-2", NodeKind.PORT, "Elm Road 1/2", olt.id)
    return (
        olt,
        one,
        two,
        _node("splitter-e1", NodeKind.SPLITTER, "Elm Road 1-19", one.id),
        _node("splitter-e2", NodeKind.SPLITTER, "Quarry Hill 1-39", one.id),
        _node("splitter-e3", NodeKind.SPLITTER, "Elm Road 41-59", two.id),
    )


def _node(id: str, kind: NodeKind, name: str, parent: NodeId | None = None) -> AccessNode:
    return AccessNode(id=NodeId(id), tenant=TENANT, kind=kind, name=name, parent=parent)


def _seat(
    number: int, world: WorldSpec, own: str, node: NodeId, shares: frozenset[Place], firmware: str
) -> Seat:
    name = (world.subscriber if number == 0 else "") or name_of(number)
    same = shares | {Place.VERSION} if firmware == own else shares
    street = "Elm Road" if Place.AREA in shares else "Quarry Hill"
    return Seat(node, name, f"{street} {2 * number + 1}", same, firmware)


def _with_decoy(made: list[Seat]) -> list[Seat]:
    """The last neighbour is the one whom a trouble of its own may strike."""
    if len(made) > 1:
        made[-1] = replace(made[-1], shares=made[-1].shares | {Place.NEIGHBOUR})
    return made
