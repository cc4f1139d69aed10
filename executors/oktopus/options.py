"""What an operator can decide about the Oktopus that Gatewright works through."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from brain.domain.identity import TenantId


class Mtp(StrEnum):
    """The message transfer protocols that Oktopus reaches agents over."""

    ANY = "any"
    """Whichever the agent is on: MQTT before WebSocket before STOMP."""
    MQTT = "mqtt"
    WEBSOCKET = "ws"
    STOMP = "stomp"


@dataclass(frozen=True, slots=True, kw_only=True)
class OktopusOptions:
    """Each default is right for Oktopus as it is installed."""

    tenant: TenantId
    """Where devices are put that nobody registered before."""
    url: str
    """Its controller's address, without ``/api``."""
    email: str
    password: str = field(repr=False)
    mtp: Mtp = Mtp.ANY
    ca: Path | None = None
    """A file with the certificates to trust instead of the system's."""
    answer_within: timedelta = timedelta(seconds=20)
    """How long its answer is waited for; it gives a device 10 seconds."""
    command_patience: timedelta = timedelta(seconds=90)
    """How long a command may take."""
    look_every: timedelta = timedelta(seconds=5)
    """How often a command under way is looked at meanwhile."""
    poll_every: timedelta = timedelta(seconds=60)
    """How often it is asked which devices there are; zero: never."""
    batch: int = 32
    """How many paths are asked for at once; halved for an agent that finds it too many."""
