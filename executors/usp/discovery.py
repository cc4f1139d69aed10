"""How agents find this controller over WebSocket: DHCP options and DNS records (TR-369, Discovery).

An agent that speaks through a broker is provisioned with topics of its own, which nothing that is
said to all can hold.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final

from brain.domain.errors import InvalidInput

_ENTERPRISE: Final = (3561).to_bytes(4, "big")
_URL, _ENDPOINT = 25, 29
_SERVICE: Final = "_usp-ctr-ws._tcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Where one controller is. InvalidInput for what does not fit into an option or a record."""

    endpoint: str
    host: str
    """Its name or address, as agents reach it."""
    port: int
    path: str = "/usp"
    secure: bool = True

    def __post_init__(self) -> None:
        _check(self.host, "host")
        if len(self.endpoint.encode()) > 63:
            raise InvalidInput(
                "is longer than the 63 bytes that a DNS label holds",
                field="GATEWRIGHT_USP_ENDPOINT_ID",
                remedy="Give this controller a shorter endpoint id.",
            )
        if sum(2 + len(said) for _, said in self._said()) > 255:
            raise InvalidInput(
                "makes a DHCPv4 option longer than 255 bytes", field="host", remedy="Shorten it."
            )

    @property
    def url(self) -> str:
        """What an agent connects to, but for its own ``?eid=``."""
        return f"{'wss' if self.secure else 'ws'}://{self.host}:{self.port}{self.path}"

    def dhcpv4(self) -> bytes:
        """The content of option 125 (RFC 3925): a length of one byte before each part."""
        inner = b"".join(bytes([code, len(said)]) + said for code, said in self._said())
        return _ENTERPRISE + bytes([len(inner)]) + inner

    def dhcpv6(self) -> bytes:
        """The content of option 17 (RFC 8415): codes and lengths of two bytes."""
        parts = (
            code.to_bytes(2, "big") + len(said).to_bytes(2, "big") + said
            for code, said in self._said()
        )
        return _ENTERPRISE + b"".join(parts)

    def dns(self, domain: str) -> list[str]:
        """The lines of a zone (R-DIS.8, R-DIS.11)."""
        _check(domain, "domain")
        pointer = f"{_SERVICE}.{self.host}. PTR {self._instance}.{_SERVICE}.{domain}."
        return [pointer, *self._service(domain, f"{self.host}.")]

    def mdns(self) -> list[str]:
        """What a responder on the home's network says; nobody asks it for a PTR."""
        return self._service("local", f"{self._instance}.local.")

    @property
    def _instance(self) -> str:
        return self.endpoint.replace("\\", "\\\\").replace(".", "\\.")

    def _service(self, domain: str, target: str) -> list[str]:
        name = f"{self._instance}.{_SERVICE}.{domain}."
        return [f"{name} SRV 0 1 {self.port} {target}", f'{name} TXT "path={self.path}"']

    def _said(self) -> list[tuple[int, bytes]]:
        return [(_URL, self.url.encode()), (_ENDPOINT, self.endpoint.encode())]


def is_address(host: str) -> bool:
    """Whether this is an IP address, for which DNS has no service to tell of."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check(name: str, field: str) -> None:
    if not all(0 < len(each) < 64 and _is_label(each) for each in name.split(".")):
        raise InvalidInput("is no name of DNS", field=field, remedy="Such as usp.example.net.")


def _is_label(text: str) -> bool:
    return text.isascii() and text.replace("-", "").isalnum() and text.strip("-") == text
