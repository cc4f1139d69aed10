"""What an operator can decide about the GenieACS that Gatewright works through."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from brain.domain.identity import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class GenieOptions:
    """Each default is right for GenieACS as it is installed."""

    tenant: TenantId
    """Where devices are put that nobody registered before."""
    url: str
    """The northbound interface, with the path prefix of a proxy where there is one."""
    username: str = ""
    password: str = field(default="", repr=False)
    """For basic authentication at a proxy: the interface itself knows none."""
    token: str = field(default="", repr=False)
    """For bearer authentication at a proxy."""
    ca: Path | None = None
    """A file with the certificates to trust instead of the system's."""
    enrol: bool = True
    """Take in a device that nobody registered."""
    patience: timedelta = timedelta(seconds=20)
    """How long a device has to open its session once it was called."""
    settle: timedelta = timedelta(seconds=1.5)
    """GenieACS does not read again what it read or wrote within the last second: what is read back
    sooner is its own memory."""
    files: str = ""
    """Where devices find its files (its own ``FS_URL_PREFIX``); empty: none is fetched."""
    transfer_patience: timedelta = timedelta(minutes=10)
    """How long a device may take to fetch firmware and start it."""
    look_every: timedelta = timedelta(seconds=5)
    """How often it is asked meanwhile how that went."""
    poll_every: timedelta = timedelta(seconds=30)
    """How often devices and faults are asked for; zero: never."""
    page: int = 200
    """How many devices are asked for at once."""
