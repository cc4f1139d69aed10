"""What lies beyond the home's uplink: which resolvers answer, and how fast."""

from dataclasses import dataclass

RESOLVERS = frozenset({"9.9.9.9", "149.112.112.112", "198.51.100.53", "203.0.113.53"})
"""Those that answer; the last two are the invented operator's own (RFC 5737 addresses)."""


@dataclass(frozen=True, slots=True)
class Wan:
    """The internet as one home reaches it."""

    address: str
    gateway: str
    answering: frozenset[str] = RESOLVERS

    def resolves(self, resolver: str) -> bool:
        """Whether a query to this address is answered."""
        return resolver in self.answering

    def status(self, resolver: str, *, enabled: bool) -> str:
        """How TR-181 shows it in ``DNS.Client.Server.{i}.Status``."""
        if not enabled:
            return "Disabled"
        return "Enabled" if self.resolves(resolver) else "Error"
