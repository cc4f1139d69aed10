"""Light on its way from the OLT to a home: a power budget in dB (ITU-T G.984.2 class B+)."""

from dataclasses import dataclass, replace

SENSITIVITY_DBM = -27.0
"""Below this a class B+ receiver makes errors."""


@dataclass(slots=True)
class Feeder:
    """One PON port and the fibre all its homes share. Bend it, and all of them lose light."""

    launch_dbm: float = 3.0
    loss_db: float = 2.5
    splitting_db: float = 17.5
    bend_db: float = 0.0
    """What a fault on the shared fibre costs on top."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The last metres to one home, hanging from a feeder."""

    feeder: Feeder
    loss_db: float
    transmit_dbm: float = 2.2

    def dimmed(self, db: float) -> "Drop":
        """The same with so much more lost on the way."""
        return replace(self, loss_db=self.loss_db + db)

    @property
    def level_dbm(self) -> float:
        """The light that arrives at the home, in dBm."""
        feeder = self.feeder
        lost = feeder.loss_db + feeder.splitting_db + feeder.bend_db + self.loss_db
        return feeder.launch_dbm - lost

    @property
    def errors_per_second(self) -> float:
        """Frames that arrive broken: none with margin, tenfold with each dB below sensitivity."""
        missing = SENSITIVITY_DBM - self.level_dbm
        return 0.0 if missing <= 0 else min(0.2 * 10**missing, 500.0)
