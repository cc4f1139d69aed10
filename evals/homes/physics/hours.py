"""How busy a neighbourhood is by the hour of the day.

Residential traffic peaks between 20 and 22 o'clock at about four times its low in the early morning
(OECD and operators' published curves agree on the shape).
"""

from datetime import datetime
from math import exp

_PEAK_HOUR, _SPREAD_HOURS = 21.0, 3.5
_LOW = 0.25


def busyness(moment: datetime) -> float:
    """The share of the peak that a neighbourhood needs now, 0.25 to 1; the clock is local time."""
    hour = moment.hour + moment.minute / 60
    apart = abs(hour - _PEAK_HOUR)
    apart = min(apart, 24 - apart)
    return _LOW + (1 - _LOW) * exp(-((apart / _SPREAD_HOURS) ** 2))
