"""How the operator set the way in."""

from dataclasses import dataclass, field

from api.oidc import Provider
from api.passwords import LEAST
from api.sessions import Clocks
from api.token_keeping import Lifetimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The settings of passwords, tokens and sessions, and the identity provider."""

    public_url: str = ""
    """The one origin that browsers come from; empty for whatever host they ask."""
    clocks: Clocks = field(default_factory=Clocks)
    password_least: int = LEAST
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    provider: Provider | None = None
    """The identity provider, where there is one."""
