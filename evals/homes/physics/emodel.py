"""How a voice call sounds: the E-model of ITU-T G.107, as far as packets decide it.

R = 93.2 - Id - Ie,eff. Delay impairs after Cole and Rosenbluth (2001); loss after G.107 (7-29) with
the equipment factors of G.113 appendix I. The opinion score follows from R by G.107 annex B.
"""

from dataclasses import dataclass

_R0 = 93.2
_JITTER_BUFFER_MS = 40.0
_PACKET_MS = 20.0


@dataclass(frozen=True, slots=True)
class Codec:
    """Impairment of the codec itself, how well it stands loss, and kbit/s with its headers."""

    ie: float
    bpl: float
    kbps: float


CODECS = {
    "G.711": Codec(0, 25.1, 87.2),
    "G.729": Codec(11, 19.0, 31.2),
    "G.726": Codec(7, 20.0, 55.2),
    "G.723.1": Codec(15, 16.1, 21.9),
}
"""What is negotiated by the names that TR-104 gives codecs."""


def mos(codec: str, delay_ms: float, loss: float) -> float:
    """Mean opinion score, 1 to 4.5; ``delay_ms`` one way in the network, ``loss`` a share."""
    known = CODECS[codec]
    delay = delay_ms + _JITTER_BUFFER_MS + _PACKET_MS
    late = 0.11 * (delay - 177.3) if delay > 177.3 else 0.0
    percent = 100 * min(max(loss, 0.0), 1.0)
    broken = known.ie + (95 - known.ie) * percent / (percent + known.bpl)
    return _score(_R0 - 0.024 * delay - late - broken)


def _score(r: float) -> float:
    if r <= 0:
        return 1.0
    r = min(r, 100.0)
    # The cubic of annex B dips below 1 for small R; its own text bounds it.
    return max(1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 1.0)
