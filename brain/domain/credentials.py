"""The secrets a controller needs to reach one device."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRequest:
    """How to ask a device to call in (TR-069 3.2.2): its URL, and the digest credentials."""

    url: str
    username: str
    password: str = field(repr=False)
