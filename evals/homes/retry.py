"""How long a device waits after a session that failed (TR-069 3.2.1.1)."""

from random import Random

_MOST = 10
"""From the tenth failure on the range stays the same."""


def wait_seconds(failures: int, *, minimum: int, multiplier: int, draw: Random) -> float:
    """Seconds before the next try; ``minimum`` and ``multiplier`` are CWMPRetry* parameters.

    Drawn evenly from m·(k/1000)^(n-1) to m·(k/1000)^n, n the number of failures so far.
    """
    n = min(max(failures, 1), _MOST)
    factor = multiplier / 1000
    return draw.uniform(minimum * factor ** (n - 1), minimum * factor**n)
