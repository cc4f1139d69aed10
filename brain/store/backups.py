"""Backups: what a device said of the touched objects before the first write, encrypted."""

from brain.domain.parameter import Snapshot
from brain.store.codec import Codec
from brain.store.first_reading import FirstReading, readings

backups = readings("backups")


class Backups(FirstReading):
    """What goes back when a change is taken back."""

    __slots__ = ()
    table = backups
    codec = Codec(Snapshot, "backup")
