"""What the people in a home get, service by service: the truth that scenarios assert on.

``quality(home)`` is a pure function of the home's tree, its household and the clock; it changes
nothing and shows what no device knows. ``flat`` names every figure, for assertions::

    reachable, online, names, prefix, clock           whether (1 or 0)
    line.down_mbps, line.up_mbps, line.loss, line.latency_ms
    radio.1.utilisation, radio.1.retries              shares; per radio
    web.works, web.mbps, web.up_mbps, web.latency_ms, web.loaded_ms, web.loss, web.mos
                                                      per service: the worst of who wants it
    client.NAME.works, .joined, .mbps, .up_mbps, .latency_ms, .retries, .signal_dbm

A service that nobody in the home wants is not there; ``mos`` is there for voice only. ``worse``
tells two of them apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from evals.homes.barriers import Broken
from evals.homes.connection import Connection, connection
from evals.homes.served import Client, Service, clients, worst
from evals.homes.services import synchronised

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.lines import LineState

__all__ = ["Broken", "Client", "Quality", "Service", "quality", "worse"]

_SLACK = 0.1
"""A figure that is worse by less than this share is noise."""
_LESS_IS_BETTER = ("latency_ms", "loaded_ms", "loss", "retries", "utilisation")
_LEAST_STEP = {"latency_ms": 5.0, "loaded_ms": 20.0, "loss": 0.005, "retries": 0.02, "mos": 0.1}
"""Nobody notices less than this: ms, shares, points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """One home at one moment."""

    reachable: bool
    connection: Connection
    clock: bool
    line: "LineState"
    radios: tuple[tuple[float, float], ...]
    """Utilisation and retries of each, as shares."""
    services: Mapping[str, Service]
    clients: Mapping[str, Client]

    @property
    def broken(self) -> dict[str, tuple[Broken, ...]]:
        """By service, why it does not work; empty when everything does."""
        return {name: each.broken for name, each in self.services.items() if each.broken}

    @property
    def well(self) -> bool:
        """Whether everybody gets what they want."""
        return not self.broken

    def flat(self) -> dict[str, float]:
        """Every figure by name."""
        return dict(_figures(self))


def quality(home: "Home") -> Quality:
    """What the people in this home get now."""
    everybody = clients(home)
    wanted = dict.fromkeys(name for each in everybody.values() for name in each.services)
    return Quality(
        reachable=not home.silent,
        connection=connection(home),
        clock=synchronised(home),
        line=home.line(),
        radios=tuple((air.busy, air.retry) for air in (r.airtime() for r in home.radios)),
        services={
            name: worst([c.services[name] for c in everybody.values() if name in c.services])
            for name in wanted
        },
        clients=everybody,
    )


def worse(before: Quality, after: Quality) -> tuple[str, ...]:
    """The figures that got noticeably worse, by name; what a person would complain of."""
    was, now = before.flat(), after.flat()
    return tuple(name for name in was if name in now and _fell(name, was[name], now[name]))


def _fell(name: str, was: float, now: float) -> bool:
    leaf = name.rpartition(".")[2]
    if leaf == "signal_dbm":  # what counts of it is in the rate
        return False
    loss = now - was if leaf in _LESS_IS_BETTER else was - now
    return loss > max(_SLACK * abs(was), _LEAST_STEP.get(leaf, 0.0))


def _figures(of: Quality) -> Iterator[tuple[str, float]]:
    yield "reachable", float(of.reachable)
    yield "online", float(of.connection.online)
    yield "names", float(of.connection.names)
    yield "prefix", float(of.connection.prefix)
    yield "clock", float(of.clock)
    for leaf in ("down_mbps", "up_mbps", "loss", "latency_ms"):
        yield f"line.{leaf}", getattr(of.line, leaf)
    for number, (busy, retries) in enumerate(of.radios, 1):
        yield f"radio.{number}.utilisation", busy
        yield f"radio.{number}.retries", retries
    for name, service in of.services.items():
        yield from _leaves(name, service)
    for name, client in of.clients.items():
        yield from _leaves(f"client.{name}", client)


def _leaves(name: str, part: Service | Client) -> Iterator[tuple[str, float]]:
    yield f"{name}.works", float(part.works)
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, int | float):
            yield f"{name}.{field.name}", float(value)
