"""What a controller can promise: whoever plans or decides sees it before anything is sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What holds for every device behind one controller. What is not promised is not there."""

    kind: str
    """Which controller it is, for people: ``acs``, ``usp``, ``genieacs`` or ``oktopus``."""
    atomic_set: bool = False
    """Several parameters are set together or not at all (TR-069 A.3.2.1, TR-369 13.1)."""
    parameter_key: bool = False
    """The device keeps the id of the change that was last applied: a secret, which reads back
    empty, is proved by it (TR-069 A.3.2.1 ParameterKey)."""
    events: bool = False
    """What happens on a device is told as it happens, rather than found when somebody looks."""


OWN_ACS = Capabilities(kind="acs", atomic_set=True, parameter_key=True, events=True)
SIMULATED = Capabilities(kind="simulated", atomic_set=True, parameter_key=True, events=True)
OWN_USP = Capabilities(kind="usp", atomic_set=True, events=True)
GENIEACS = Capabilities(kind="genieacs")
"""It writes one by one what is left after one was wrong, its ParameterKey is always empty, and it
tells nobody of anything."""
OKTOPUS = Capabilities(kind="oktopus", atomic_set=True)
"""It hands a Set over whole, which an agent does or does not do (TR-369 R-SET.0); USP has no
ParameterKey, and what agents report it passes on to nobody."""
