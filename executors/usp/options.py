"""What an operator can decide about our own USP controller."""

from dataclasses import dataclass
from datetime import timedelta

from brain.domain.device import ControllerName
from brain.domain.identity import TenantId
from executors.acs.feeding import ForRules


@dataclass(frozen=True, slots=True, kw_only=True)
class UspOptions:
    """Each default is right for one process that agents reach directly."""

    tenant: TenantId
    """Where devices enrol that nobody registered before."""
    endpoint_id: str
    """How this controller names itself; agents are provisioned with it."""
    patience: timedelta = timedelta(seconds=20)
    """How long an agent has to come, and again to answer each request."""
    command_patience: timedelta = timedelta(seconds=90)
    """How long a command may take."""
    look_every: timedelta = timedelta(seconds=5)
    """How often a command under way is looked at meanwhile."""
    controller: ControllerName = ControllerName.USP
    """Who acts on a device that nobody heard before."""
    enrol: bool = True
    """Take in a device that nobody registered, once its agent has proven who it is."""
    onboardings: int = 8
    """At once; the others wait for their turn."""
    batch: int = 32
    """How many paths are asked for at once; halved for an agent that finds it too many."""
    for_rules: ForRules | None = None
    """Which reports are kept for rules that open incidents; None: none of them."""
    most_unread: int = 1_000_000
    """So many may wait to be read by the rules."""
