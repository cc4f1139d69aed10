"""Vital signs: what a device said of its health a little before the backup, encrypted.

The backup holds them as they were right before the write. Counters say how fast they grow only
when they are read twice.
"""

from brain.domain.parameter import Snapshot
from brain.store.codec import Codec
from brain.store.first_reading import FirstReading, readings

vital_signs = readings("vital_signs")


class Signs(FirstReading):
    """The earlier of the two readings."""

    __slots__ = ()
    table = vital_signs
    codec = Codec(Snapshot, "vital signs")
