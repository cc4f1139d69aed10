"""TLS for devices, and what their own certificates prove.

TR-069 3.4.4: the CN of a device's certificate is its OUI, product class (where it has one) and
serial number, joined by hyphens; a certificate that many devices share names none of them.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brain.domain.errors import InvalidInput
from executors.acs import messages as m

STATE = "certified"
"""Under this name the names of a connection's certificate are in the state of its ASGI scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Where TLS ends here."""

    certificate: Path
    """Ours, and those that lead to an authority that devices trust; PEM."""
    key: Path
    clients: Path | None = None
    """The authorities that sign devices' certificates. None: nobody is asked for one."""

    @staticmethod
    def of(certificate: Path | None, key: Path | None, clients: Path | None) -> "Tls | None":
        """None where nothing is set; InvalidInput where only half of it is."""
        if certificate and key:
            return Tls(certificate=certificate, key=key, clients=clients)
        if certificate or key or clients:
            raise InvalidInput(
                "TLS for devices needs both a certificate and its key",
                field="GATEWRIGHT_ACS_TLS_CERTIFICATE",
                remedy="Set GATEWRIGHT_ACS_TLS_CERTIFICATE and GATEWRIGHT_ACS_TLS_KEY, or neither.",
            )
        return None

    def options(self) -> dict[str, Any]:
        """For ``uvicorn.Config``. InvalidInput for files that do not fit or cannot be read."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key)
            if self.clients is not None:
                context.load_verify_locations(self.clients)
        except OSError as error:  # ssl.SSLError is one
            raise InvalidInput(
                f"TLS cannot be served with these files ({error.strerror or type(error).__name__})",
                field="GATEWRIGHT_ACS_TLS_CERTIFICATE",
                remedy="Name PEM files that this user can read, a certificate and its own key.",
            ) from None
        asked = ssl.CERT_NONE if self.clients is None else ssl.CERT_OPTIONAL
        options: dict[str, Any] = {"ssl_cert_reqs": asked}
        options["ssl_certfile"], options["ssl_keyfile"] = str(self.certificate), str(self.key)
        return options | ({"ssl_ca_certs": str(self.clients)} if self.clients else {})


def names_in(transport: asyncio.BaseTransport) -> frozenset[str]:
    """The names in the certificate that the other end has shown; none without a valid one."""
    said = transport.get_extra_info("peercert") or {}
    subject = [pair for part in said.get("subject", ()) for pair in part]
    pairs = [*subject, *said.get("subjectAltName", ())]
    return frozenset(value for kind, value in pairs if kind in ("commonName", "DNS"))


def names_of(scope: Mapping[str, Any]) -> frozenset[str]:
    """``names_in`` the connection on which this request came."""
    names: frozenset[str] = scope.get("state", {}).get(STATE, frozenset())
    return names


def proves(names: frozenset[str], device: m.Identity) -> bool:
    """Whether one of these names is that of the device."""
    short = f"{device.oui}-{device.serial}"
    whole = f"{device.oui}-{device.product_class}-{device.serial}"
    return bool(names & ({whole, short} if device.product_class else {short}))
