"""Who may come in as which endpoint: the identity that was proven binds every record (R-SEC)."""

from collections.abc import Mapping
from typing import Any, Protocol

from executors.usp.endpoint import NOT_IN_PRODUCTION, URN, EndpointId, endpoint_id
from executors.usp.errors import NotAdmitted, UspError

Certificate = Mapping[str, Any]
"""As ``ssl.SSLSocket.getpeercert`` gives it, once its chain was verified."""


class Admission(Protocol):
    """Says which endpoint a peer is, by what it has proven and what it says of itself."""

    def __call__(self, certificate: Certificate | None, said: str) -> EndpointId:
        """The endpoint, or NotAdmitted. ``said`` is empty where the peer names none."""


def by_certificate(certificate: Certificate | None, said: str) -> EndpointId:
    """The certificate names it in its subjectAltName, as a URN (R-SEC.0a) or a domain name."""
    proven = _names(certificate or {})
    if not proven:
        raise NotAdmitted("the certificate names no endpoint", field="subjectAltName")
    if said and said not in proven:
        raise NotAdmitted("the certificate is another endpoint's", field="eid")
    if not said and len(proven) > 1:
        raise NotAdmitted("the certificate names several endpoints", field="eid")
    endpoint = _read(said or proven[0])
    if endpoint.scheme in NOT_IN_PRODUCTION:
        raise NotAdmitted("this scheme proves nothing", field="eid")
    return endpoint


def by_word(certificate: Certificate | None, said: str) -> EndpointId:
    """Anybody is who they say. For a network where nobody else is, such as a test bench."""
    if not said:
        raise NotAdmitted("the peer names no endpoint", field="eid")
    return _read(said)


def by_broker(certificate: Certificate | None, said: str) -> EndpointId:
    """The broker has checked it: each user publishes under its own endpoint id (R-SEC.4)."""
    endpoint = by_word(certificate, said)
    if endpoint.scheme in NOT_IN_PRODUCTION:
        raise NotAdmitted("this scheme proves nothing", field="topic")
    return endpoint


def _names(certificate: Certificate) -> list[str]:
    alternative = certificate.get("subjectAltName", ())
    urns = [name for kind, name in alternative if kind == "URI"]
    domains = [f"fqdn::{name}" for kind, name in alternative if kind == "DNS"]
    named = [name.removeprefix(URN) for name in urns if name.startswith(URN)]
    return named or domains


def _read(text: str) -> EndpointId:
    try:
        return endpoint_id(text)
    except UspError as error:
        raise NotAdmitted(error.message, field="eid") from None
