"""Troubles of the line and of what homes share above it."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from brain.domain.errors import InvalidInput
from evals.homes.draft import Draft
from evals.homes.physics.cable import Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import Copper
from evals.homes.troubles.base import Fault, Place
from evals.homes.truth import Trouble, TroubleKind


class WeakOpticalSignal(Fault):
    """Light is lost on the way."""

    kind: Literal["access.weak_optical_signal"]
    db: float = Field(default=9.0, gt=0, le=11)

    def strike(self, draft: Draft) -> None:
        """Dim this home's drop."""
        drop = draft.household.drop
        if drop is None:
            raise _other_line(draft, "a fibre")
        draft.change(drop=drop.dimmed(self.db))


class DslNoise(Fault):
    """Noise on the telephone line."""

    kind: Literal["access.dsl_noise"]
    steady_db: float = Field(default=6.0, ge=0)
    bursts_db: float = Field(default=8.0, ge=0)

    def strike(self, draft: Draft) -> None:
        """Have noise that costs rate, and noise that costs the line now and then."""
        line = draft.household.truth.line
        if not isinstance(line, Copper):
            raise _other_line(draft, "a telephone line")
        noisy = Copper(metres=line.metres, noise_db=self.steady_db, bursts_db=self.bursts_db)
        draft.truth(line=noisy)


class CableNoise(Fault):
    """Noise gets into the cable."""

    kind: Literal["access.cable_noise"]
    snr_db: float = Field(default=29.0, ge=10, le=45)
    dbmv: float = Field(default=-9.0, ge=-30, le=30)
    sent_dbmv: float = Field(default=51.0, ge=20, le=60)

    def strike(self, draft: Draft) -> None:
        """Have bad levels."""
        if not isinstance(draft.household.truth.line, Coax):
            raise _other_line(draft, "a cable")
        draft.truth(line=Coax(dbmv=self.dbmv, snr_db=self.snr_db, sent_dbmv=self.sent_dbmv))


class WeakCell(Fault):
    """The cell is far away, or full."""

    kind: Literal["access.weak_cell"]
    rsrp_dbm: float = Field(default=-121.0, ge=-140, le=-44)
    load: float = Field(default=0.5, ge=0, lt=1)

    def strike(self, draft: Draft) -> None:
        """Hear little of it."""
        if not isinstance(draft.household.truth.line, Cell):
            raise _other_line(draft, "a cell")
        draft.truth(line=Cell(rsrp_dbm=self.rsrp_dbm, load=self.load))


class SharedUpstream(Fault):
    """Everybody behind a node suffers from the same."""

    kind: Literal["access.shared_upstream"]
    at: Place = Place.PORT
    trouble: Literal["dimming", "congestion", "loss"] = "dimming"
    amount: float = Field(default=9.0, gt=0, description="dB of dimming, or a share below 1")
    begins_minutes: float | None = Field(default=None, description="before (-) the world begins")
    ends_minutes: float | None = None

    def strike(self, draft: Draft) -> None:
        """Have the trouble upstream."""
        if self.trouble != "dimming" and self.amount >= 1:
            raise InvalidInput(
                f"{self.amount} of {self.trouble}", field="amount", remedy="Give a share below 1."
            )
        if self.trouble == "dimming" and draft.household.drop is None:
            raise _other_line(draft, "a fibre")
        draft.upstream(_trouble(self, TroubleKind(self.trouble), self.amount, draft))


class Outage(Fault):
    """Nothing gets through for anybody behind a node."""

    kind: Literal["access.outage"]
    at: Place = Place.PORT
    begins_minutes: float | None = Field(default=None, description="before (-) the world begins")
    ends_minutes: float | None = None

    def strike(self, draft: Draft) -> None:
        """Cut the line."""
        draft.upstream(_trouble(self, TroubleKind.OUTAGE, 1.0, draft))


def _trouble(
    fault: SharedUpstream | Outage, kind: TroubleKind, amount: float, draft: Draft
) -> Trouble:
    times = (fault.begins_minutes, fault.ends_minutes)
    begins, ends = (None if t is None else draft.at + timedelta(minutes=t) for t in times)
    return Trouble(kind=kind, amount=amount, begins=begins, ends=ends)


def _other_line(draft: Draft, wanted: str) -> InvalidInput:
    return InvalidInput(
        f"{draft.household.model} does not hang from {wanted}",
        field="world.model",
        remedy="Choose a make with such a line.",
    )
