"""What an operator can decide about our own ACS."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from secrets import token_bytes

from brain.domain.identity import TenantId
from executors.acs.certificates import Tls
from executors.acs.feeding import ForRules
from executors.acs.ladder import Requests


@dataclass(frozen=True, slots=True, kw_only=True)
class AcsOptions:
    """Each default is right for one process that devices reach directly."""

    tenant: TenantId
    """Where devices are shown, or taken in, that nobody registered before."""
    xmpp: Requests | None = None
    """How devices are woken over XMPP (TR-069 annex K); None: not at all. The ACS closes it."""
    enrol: bool
    """Take in a device that nobody registered, once it has authenticated; otherwise it is shown to
    a person and given nothing."""
    username: str
    password: str = field(repr=False)
    """What devices authenticate with that have not been given their own."""
    connection_request_username: str
    connection_request_password: str = field(repr=False)
    """What we authenticate with when we wake a device that has not been given its own."""
    nonce_secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)
    """Give all processes behind one address the same."""
    path: str = "/"
    tls: Tls | None = None
    """How TLS ends here; basic authentication is then allowed. None: plain HTTP."""
    by_connection: bool = True
    """Know devices without cookies by their connection; not behind a proxy that shares them."""
    wake_timeout: timedelta = timedelta(seconds=20)
    """How long a woken device has to come, and again to answer each request."""
    transfer_patience: timedelta = timedelta(minutes=10)
    """How long a device may take to fetch and start firmware before nobody knows."""
    linger: timedelta = timedelta(milliseconds=250)
    """How long a session is kept for whoever got an answer to ask the next thing."""
    session_idle: timedelta = timedelta(seconds=90)
    """After this long without a word a session has broken; more than ``wake_timeout``."""
    most_sessions: int = 20_000
    """At once; beyond it devices are asked to come later."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Where connection requests may go; none means anywhere but link-local addresses."""
    discover: bool = True
    """Read the whole data model of a device that is new, was reset or has other firmware."""
    discoveries: int = 8
    """At once; the others are discovered at a later Inform."""
    measure_every: timedelta = timedelta()
    """How often the numbers of a device are looked at when it calls anyway; zero: never."""
    batch: int = 64
    """How many parameters are asked for at once; halved for a device that finds it too many."""
    line_every: timedelta = timedelta()
    """How often the state of its line is looked at when it calls anyway; zero: never."""
    for_rules: ForRules | None = None
    """What is kept of an event for the rules that open incidents; None: nothing of any."""
    rules_every: Callable[[str], timedelta | None] | None = None
    """How often a parameter is looked at for the rules when the device calls anyway."""
    most_unread: int = 1_000_000
    """So many events may wait to be read by the rules; more of devices are left out."""
