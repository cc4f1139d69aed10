"""What waiting costs: a full buffer before the slowest link, and a busy channel.

A tail-drop buffer before a saturated link stays full, so its length is the delay (Gettys, Nichols:
Bufferbloat, 2011). A shaper a little below the line moves the queue into the box, where an active
queue (RED, BLUE; CoDel behaves alike, RFC 8289: 5 ms target) keeps it short.
"""

MANAGED_MS = 12.0
"""What an actively managed queue adds under load."""
_BELOW_LINE = 0.97
"""A shaper above this share of the line does not hold the queue: the modem's buffer fills first."""
_MOST_MS = 3000.0
_SLOT_MS = 1.5
"""Mean wait for the medium on a free channel, with WMM best effort (IEEE 802.11e AIFS, CWmin)."""


def drained_ms(buffer_kbytes: float, mbps: float) -> float:
    """How long a full buffer takes to empty."""
    return min(buffer_kbytes * 8 / max(mbps, 0.01), _MOST_MS)


def loaded_ms(
    *,
    line_mbps: float,
    shaped_mbps: float | None,
    modem_kb: float,
    own_kb: float,
    managed: bool,
) -> float:
    """What a saturated uplink adds to the latency, in ms; ``shaped_mbps`` is None for no shaper."""
    if shaped_mbps is None or shaped_mbps > _BELOW_LINE * line_mbps:
        return drained_ms(modem_kb, line_mbps)
    return MANAGED_MS if managed else drained_ms(own_kb, shaped_mbps)


def access_ms(busy: float, retry: float) -> float:
    """How long a frame waits for the air: as in M/M/1, and again for each time it is sent."""
    return min(_SLOT_MS / max(1 - busy, 0.01) / (1 - min(retry, 0.9)), 250.0)
