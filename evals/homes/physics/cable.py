"""DOCSIS: levels and noise on a coaxial line, and what they break.

Annex A channels of 8 MHz with 256-QAM carry 51 Mbit/s each (DOCSIS 3.0 PHY, table 6-17). A modem
needs 33 dB of signal to noise for an error rate of 1e-8 (6.3.6.1.3) and has to work at -17 to
+13 dBmV; below, noise of its own comes on top.
"""

from dataclasses import dataclass

CHANNEL_MBPS = 51.0
NEEDED_DB = 33.0
LEAST_DBMV, MOST_DBMV = -17.0, 13.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coax:
    """The cable between an amplifier and a home."""

    dbmv: float = 2.0
    snr_db: float = 38.0
    sent_dbmv: float = 42.0
    """What the modem has to send to be heard; 51 is the most of a DOCSIS 3.0 modem."""
    channels: int = 24

    @property
    def effective_snr_db(self) -> float:
        """Signal to noise as the receiver finds it."""
        faint = max(LEAST_DBMV - self.dbmv, 0.0)
        loud = max(self.dbmv - MOST_DBMV, 0.0)
        return self.snr_db - faint - loud

    @property
    def uncorrectable(self) -> float:
        """The share of code words that even error correction gives up: tenfold per 1.2 dB."""
        missing = NEEDED_DB - self.effective_snr_db
        return 0.0 if missing <= 0 else min(1e-4 * 10 ** (missing / 1.2), 1.0)

    @property
    def t3_per_hour(self) -> float:
        """Ranging requests that are not answered: the modem shouts at its limit."""
        return max(self.sent_dbmv - 49.0, 0.0) * 6
