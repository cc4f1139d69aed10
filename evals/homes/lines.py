"""What a home's line carries now, whatever it is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from evals.homes.optics import SENSITIVITY_DBM, Drop
from evals.homes.physics.cable import CHANNEL_MBPS, Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import Copper
from evals.homes.physics.hours import busyness
from evals.homes.truth import TroubleKind, Truth

if TYPE_CHECKING:
    from evals.homes.household import Household

_LOS_DB = 4.0
"""So far below its sensitivity a receiver no longer finds the frame (G.984.3 LOS)."""
_LIGHT_FRAMES_PER_SECOND = 310.0
_RETRAIN_SECONDS = 60.0
_FIBRE_MS, _COPPER_MS, _COAX_MS, _CELL_MS = 4.0, 18.0, 13.0, 42.0
"""Idle round trip to the first router: PON grants, interleaving, request and grant, scheduling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """What the line carries: Mbit/s, a share of packets lost, ms there and back."""

    up: bool
    down_mbps: float
    up_mbps: float
    loss: float
    latency_ms: float


_DOWN = LineState(up=False, down_mbps=0.0, up_mbps=0.0, loss=1.0, latency_ms=0.0)


def line_state(household: "Household", now: datetime) -> LineState:
    """The line at this moment, with what troubles everybody upstream."""
    truth = household.truth
    if _amount(truth, TroubleKind.OUTAGE, now) > 0:
        return _DOWN
    own = _own(household, now)
    if not own.up:
        return _DOWN
    taken = _amount(truth, TroubleKind.CONGESTION, now) * busyness(now)
    contract = truth.contract
    lost = _amount(truth, TroubleKind.LOSS, now)
    return LineState(
        up=True,
        down_mbps=min(own.down_mbps, contract.down_mbps) * (1 - min(taken, 0.98)),
        up_mbps=min(own.up_mbps, contract.up_mbps) * (1 - min(0.5 * taken, 0.9)),
        loss=min(1 - (1 - own.loss) * (1 - lost), 1.0),
        # A link that is full makes everybody wait: M/M/1 over a millisecond of service.
        latency_ms=own.latency_ms + min(1 / max(1 - taken, 0.01) - 1, 60.0),
    )


def last_up(household: "Household", now: datetime) -> datetime | None:
    """When the line last came back; None where nobody knows of an outage."""
    troubles = household.truth.upstream
    ends = [each.ends for each in troubles if each.kind is TroubleKind.OUTAGE and each.ends]
    return max((each for each in ends if each <= now), default=None)


def light(household: "Household", now: datetime) -> Drop | None:
    """The drop with what dims the whole feeder now; None where there is no fibre."""
    drop = household.drop
    dim = _amount(household.truth, TroubleKind.DIMMING, now)
    return drop if drop is None or not dim else drop.dimmed(dim)


def _amount(truth: Truth, kind: TroubleKind, now: datetime) -> float:
    return sum(each.amount for each in truth.upstream if each.kind is kind and each.lasts(now))


def _own(household: "Household", now: datetime) -> LineState:
    """This home's own line, without anybody else."""
    line = household.truth.line
    if isinstance(line, Copper):
        return _copper(line)
    if isinstance(line, Coax):
        return _coax(line)
    if isinstance(line, Cell):
        return _cell(line, busyness(now))
    drop = light(household, now)
    return _fibre(drop) if drop else LineState(
        up=True, down_mbps=1e4, up_mbps=1e4, loss=0.0, latency_ms=_FIBRE_MS
    )  # fmt: skip


def _fibre(drop: Drop) -> LineState:
    lost = min(drop.errors_per_second / _LIGHT_FRAMES_PER_SECOND, 1.0)
    return LineState(
        up=drop.level_dbm > SENSITIVITY_DBM - _LOS_DB,
        # GPON shares 2,488 and 1,244 Mbit/s (G.984.2); one home gets at most a gigabit port.
        down_mbps=940.0,
        up_mbps=940.0,
        loss=lost,
        latency_ms=_FIBRE_MS,
    )


def _copper(line: Copper) -> LineState:
    away = min(line.retrains_per_day * _RETRAIN_SECONDS / 86_400, 1.0)
    broken = min(line.errors_per_second / 100, 0.5)
    return LineState(
        up=line.down_mbps > 0.1,
        down_mbps=line.down_mbps * (1 - away),
        up_mbps=line.up_mbps * (1 - away),
        loss=1 - (1 - broken) * (1 - away),
        latency_ms=_COPPER_MS,
    )


def _coax(line: Coax) -> LineState:
    lost = line.uncorrectable
    return LineState(
        up=lost < 1.0,
        down_mbps=line.channels * CHANNEL_MBPS * (1 - lost),
        up_mbps=108.0,
        loss=min(lost + line.t3_per_hour / 3600, 1.0),
        latency_ms=_COAX_MS,
    )


def _cell(line: Cell, busy: float) -> LineState:
    down = line.down_mbps(line.load * busy)
    return LineState(
        up=line.attached and down > 0,
        down_mbps=down,
        up_mbps=0.3 * down,
        loss=0.0 if line.sinr_db > 0 else 0.01,
        latency_ms=_CELL_MS * (1 + line.load * busy),
    )
