"""Puts a spec on paper: who lives where in the access network, and how each home is struck."""

from dataclasses import dataclass, replace
from random import Random

from brain.domain.identity import NodeId
from brain.domain.topology import AccessNode, NodeKind
from evals.homes.air import Air, Neighbour
from evals.homes.chance import dice
from evals.homes.connection import PPP, VLAN
from evals.homes.crowd import calm, neighbour
from evals.homes.device_model import DeviceModel, device_model
from evals.homes.draft import Draft
from evals.homes.fleet import name_of
from evals.homes.household import Household, RadioLife
from evals.homes.network import TENANT
from evals.homes.optics import Drop, Feeder
from evals.homes.physics.cable import Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import Copper
from evals.homes.spec import AirSpec, ClientSpec, ExtenderSpec, Spec, WorldSpec
from evals.homes.troubles.base import Place
from evals.homes.truth import Contract, Truth
from evals.homes.wan import Wan

_USUAL_CLIENTS = (
    ClientSpec(name="phone", kind="phone", metres=5, walls=1),
    ClientSpec(name="laptop", kind="laptop", metres=7, walls=1),
    ClientSpec(name="tv", kind="tv", metres=4),
    ClientSpec(name="desktop", kind="desktop"),
)
EXTENDER = "larkfield-m2"
_IDLE_DEMAND = 0.02
"""Beacons, and what devices say to themselves."""


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


def drafts(spec: Spec, places: Seats, seed: int) -> list[Draft]:
    """Every home on paper, struck by its troubles."""
    feeders: dict[NodeId, Feeder] = {}
    made = []
    for number, seat in enumerate(places.seats):
        port = next((n.parent for n in places.nodes if n.id == seat.node), None) or seat.node
        feeder = feeders.setdefault(port, Feeder())
        draft = _draft(spec.world, seat, feeder, number, seed)
        if number == 0 and spec.world.extender:
            _extend(draft, spec.world.extender, seed)
        for fault in spec.faults:
            if fault.at in seat.shares:
                fault.strike(draft)
        made.append(draft)
    return made


def _extend(draft: Draft, given: ExtenderSpec, seed: int) -> None:
    """Hang an extender from this home: a device of its own, and a guest of the gateway."""
    model = device_model(EXTENDER)
    serial = f"{model.product_class}W{seed % 100_000:05d}"
    own = replace(
        draft.household,
        model=EXTENDER,
        serial=serial,
        seed=draft.household.seed + 500,
        drop=None,
        wan=Wan("192.168.1.9", "192.168.1.1"),
        guests=(),
        truth=Truth(),
    )
    draft.extender = Draft(own, draft.at, draft.draw)
    for client in given.clients:
        _arrive(draft.extender, client)
    wants = tuple(w for g in draft.extender.household.guests if g.body for w in g.body.wants)
    place = {"metres": given.metres, "walls": given.walls, "floors": given.floors}
    draft.arrive(serial, "laptop", dbm=20.0, wants=wants, **place)


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


def _draft(world: WorldSpec, seat: Seat, feeder: Feeder, number: int, seed: int) -> Draft:
    own = seed * 1_000_003 + number
    draw = dice(own, "world")
    model = device_model(world.model)
    serial = f"{model.product_class.upper()}W{number:05d}"
    draft = Draft(_household(world, model, feeder, draw, own, serial), world.at, draw)
    draft.change(truth=_truth(world, model, serial))
    _furnish(draft, world if number == 0 else None)
    if seat.firmware != model.firmware:
        draft.set(model.root + "DeviceInfo.SoftwareVersion", seat.firmware)
    return draft


def _household(
    world: WorldSpec, model: DeviceModel, feeder: Feeder, draw: Random, seed: int, serial: str
) -> Household:
    fibre = model.line == "fibre"
    return Household(
        model=world.model,
        serial=serial,
        seed=seed,
        country=world.country,
        ssid=f"Elm-{draw.randrange(1000, 9999)}",
        passphrase="-".join(f"{draw.randrange(36**5):05x}" for _ in range(3)),
        wan=Wan(f"100.64.{draw.randrange(250)}.{draw.randrange(2, 250)}", "100.127.255.254"),
        resolvers=("198.51.100.53", "203.0.113.53"),
        drop=Drop(feeder, draw.uniform(3.4, 4.4)) if fibre else None,
    )


def _truth(world: WorldSpec, model: DeviceModel, serial: str) -> Truth:
    lines: dict[str, Copper | Coax | Cell] = {
        "copper": Copper(metres=world.line_metres),
        "coax": Coax(),
        "cell": Cell(),
    }
    tag = model.parameters.get(VLAN.replace(".1.", ".{i}.") + "VLANID")
    ppp = PPP.replace(".1.", ".{i}.") + "Username" in model.parameters
    contract = Contract(
        down_mbps=world.down_mbps,
        up_mbps=world.up_mbps,
        login=f"{serial.lower()}@example.net" if ppp else "",
        vlan=int(tag.value) if tag else 0,
    )
    return Truth(line=lines.get(model.line), contract=contract, managed_apart=world.managed_apart)


def _furnish(draft: Draft, world: WorldSpec | None) -> None:
    """Air, clients and settings: those of the spec for the home in question."""
    given: dict[str, AirSpec] = {each.band: each for each in world.air} if world else {}
    lives = [_life(draft, spec.band, given.get(spec.band)) for spec in draft.model.radios]
    draft.change(radios=tuple(lives))
    for client in (world.clients if world else ()) or _USUAL_CLIENTS:
        _arrive(draft, client)
    for path, value in (world.settings if world else {}).items():
        draft.set(path, value)


def _life(draft: Draft, band: str, given: AirSpec | None) -> RadioLife:
    air = calm(draft.draw, band) if given is None or not given.neighbours else _air(draft, given)
    channel = given.channel if given and given.channel else _calmest(air)
    return RadioLife(
        air,
        channel=channel,
        demand=_IDLE_DEMAND,
        automatic=given.automatic if given else False,
        by_the_hour=given.by_the_hour if given else False,
    )


def _air(draft: Draft, given: AirSpec) -> Air:
    seen: list[Neighbour] = []
    for each in given.neighbours:
        made = neighbour(draft.draw, each.channel, each.dbm, each.load, name=each.ssid)
        seen.append(replace(made, width=each.width))
    return Air(given.band, tuple(seen))


def _calmest(air: Air) -> int:
    if air.band != "2.4GHz":
        return 36 if air.band == "5GHz" else 37
    loads = {c: sum(n.load for n in air.neighbours if n.channel == c) for c in (1, 6, 11)}
    return min(loads, key=lambda channel: (loads[channel], channel))


def _arrive(draft: Draft, client: ClientSpec) -> None:
    given = client.model_dump(exclude={"name", "kind", "address"}, exclude_none=True)
    draft.arrive(client.name, client.kind, **given)
    if client.address:
        guests = draft.household.guests
        draft.change(guests=(*guests[:-1], replace(guests[-1], address=client.address)))
