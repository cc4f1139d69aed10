"""DSL: how fast a telephone line runs, and how it suffers from noise.

VDSL2 profile 17a (ITU-T G.993.2): 4,096 tones of 4.3125 kHz at 4,000 symbols a second. Bits a tone
carries follow from Shannon with the usual gap of 9.8 dB for an error rate of 1e-7, less 3 dB of
coding gain, plus the target margin (Starr, Cioffi, Silverman: DSL, 1999). Attenuation grows with
the length and the root of the frequency (0.4 mm polyethylene, ITU-T G.996.1).
"""

from dataclasses import dataclass
from functools import cache
from math import log2, sqrt

TARGET_MARGIN_DB = 6.0
_TONE_HZ, _SYMBOLS = 4312.5, 4000
_SENT_DBM_HZ, _NOISE_DBM_HZ = -58.0, -120.0
"""Sent, and heard with the crosstalk of a filled binder."""
_DB_PER_KM = 21.0
"""At 1 MHz."""
_GAP_DB, _CODING_DB, _MOST_BITS = 9.8, 3.0, 15
_DOWN_MHZ = ((0.138, 3.75), (5.2, 8.5), (12.0, 17.664))
_UP_MHZ = ((3.75, 5.2), (8.5, 12.0))
"""The bands of plan 998."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copper:
    """A pair of copper wires."""

    metres: float = 500.0
    noise_db: float = 0.0
    """Steady noise on top: the modem trains with it, so it costs rate."""
    bursts_db: float = 0.0
    """Noise that comes and goes after training: it eats the margin."""

    @property
    def down_mbps(self) -> float:
        """The rate that it trains at."""
        return _rate(self.metres, self.noise_db, _DOWN_MHZ)

    @property
    def up_mbps(self) -> float:
        """The same towards the exchange."""
        return _rate(self.metres, self.noise_db, _UP_MHZ)

    @property
    def margin_db(self) -> float:
        """What is left of the margin while the bursts last."""
        return TARGET_MARGIN_DB - self.bursts_db

    @property
    def attenuation_db(self) -> float:
        """As a modem says it, at 1 MHz."""
        return _DB_PER_KM * self.metres / 1000

    @property
    def errors_per_second(self) -> float:
        """Frames with a wrong checksum: none with margin, and tenfold with each 1.5 dB below."""
        missing = 2.0 - self.margin_db
        return 0.0 if missing <= 0 else min(0.05 * 10 ** (missing / 1.5), 100.0)

    @property
    def retrains_per_day(self) -> float:
        """How often it loses the line: G.997.1 gives up after seconds of broken frames."""
        return max(-self.margin_db, 0.0) * 8


@cache
def _rate(metres: float, noise_db: float, bands: tuple[tuple[float, float], ...]) -> float:
    """Mbit/s over these bands, summed in steps of 32 tones."""
    step, bits = 32 * _TONE_HZ / 1e6, 0.0
    for low, high in bands:
        for number in range(int((high - low) / step)):
            lost = _DB_PER_KM * metres / 1000 * sqrt(low + (number + 0.5) * step)
            bits += 32 * _bits(_SENT_DBM_HZ - lost - _NOISE_DBM_HZ - noise_db)
    return bits * _SYMBOLS / 1e6


def _bits(snr_db: float) -> float:
    gap = _GAP_DB - _CODING_DB + TARGET_MARGIN_DB
    return min(log2(1 + 10 ** ((snr_db - gap) / 10)), _MOST_BITS)
