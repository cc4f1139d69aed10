"""Puts a spec on paper: every home with its line, its air and its clients, struck by its faults."""

from dataclasses import replace
from random import Random

from brain.domain.identity import NodeId
from evals.homes.air import Air, Neighbour
from evals.homes.chance import dice
from evals.homes.connection import PPP, VLAN
from evals.homes.crowd import calm, neighbour
from evals.homes.device_model import DeviceModel, device_model
from evals.homes.draft import Draft
from evals.homes.household import Household, RadioLife
from evals.homes.optics import Drop, Feeder
from evals.homes.physics.cable import Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import Copper
from evals.homes.spec import AirSpec, ClientSpec, ExtenderSpec, Spec, WorldSpec
from evals.homes.street import Seat, Seats
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
