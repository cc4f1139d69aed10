"""LTE and 5G for a home: what a signal level and a loaded cell leave of a carrier.

Spectral efficiency by signal to noise is 3GPP TS 36.213 table 7.2.3-1 (CQI), with the thresholds
of link simulations (Mehlfuehrer et al. 2009). The cell's other users take their share of it.
"""

from dataclasses import dataclass

_CQI = (
    (-6.7, 0.15),
    (-4.7, 0.23),
    (-2.3, 0.38),
    (0.2, 0.6),
    (2.4, 0.88),
    (4.3, 1.18),
    (5.9, 1.48),
    (8.1, 1.91),
    (10.3, 2.41),
    (11.7, 2.73),
    (14.1, 3.32),
    (16.3, 3.9),
    (18.7, 4.52),
    (21.0, 5.12),
    (22.7, 5.55),
)
_MIMO = 1.7
_NOISE_DBM = -122.0
"""Thermal noise in one resource element (15 kHz), 7 dB noise figure and other cells' rest."""
_FAINTEST_DBM = -128.0
"""Below it no terminal stays attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a home hears of its cell. ``load`` is the share of it that others use at the peak."""

    rsrp_dbm: float = -92.0
    load: float = 0.3
    mhz: float = 20.0

    @property
    def attached(self) -> bool:
        """Whether it is heard at all."""
        return self.rsrp_dbm > _FAINTEST_DBM

    @property
    def sinr_db(self) -> float:
        """Signal to noise and other cells."""
        return min(self.rsrp_dbm - _NOISE_DBM - 6.0 * self.load, 28.0)

    @property
    def rsrq_db(self) -> float:
        """As 3GPP TS 36.214 defines it: worse where the cell is full or noise is near."""
        return -6.0 - 6.0 * self.load - max(0.0, (8.0 - self.sinr_db) * 0.5)

    def down_mbps(self, load: float) -> float:
        """What is left while others use this share."""
        reached = [rate for least, rate in _CQI if self.sinr_db >= least]
        best = max(reached, default=0.0) if self.attached else 0.0
        return best * self.mhz * _MIMO * (1 - min(load, 0.97))
