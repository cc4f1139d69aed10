"""Endpoint ids: who speaks USP, and what that says of the device (TR-369, Endpoint Identifier)."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from executors.usp.codes import INVALID_RECORD
from executors.usp.errors import UspError

URN: Final = "urn:bbf:usp:id:"
"""How a certificate writes one (R-SEC.0a)."""

_LONGEST: Final = 255
_SCHEMES: Final = frozenset(
    ["oui", "cid", "pen", "self", "user", "os", "ops", "uuid", "imei", "fqdn", "proto", "doc"]
)
NOT_IN_PRODUCTION: Final = frozenset({"proto", "doc"})  # R-ARC.4
_AUTHORITY: Final = {
    "oui": re.compile(r"[0-9A-F]{6}"),
    "cid": re.compile(r"[0-9A-F]{6}"),
    "pen": re.compile(r"[0-9]+"),
    "self": re.compile(r"[A-Za-z0-9]{0,6}"),
    "user": re.compile(r"[A-Za-z0-9]{0,6}"),
}
_NONE: Final = re.compile("")
_INSTANCE: Final = re.compile(r"(?:[A-Za-z0-9._~:-]|%[0-9A-Fa-f]{2})+")


@dataclass(frozen=True, slots=True)
class EndpointId:
    """One endpoint id, taken apart."""

    text: str
    scheme: str
    authority: str
    instance: str

    def may_be(self, oui: str, product_class: str, serial: str) -> bool:
        """Whether a device of this identity may bear it: ``os`` and ``ops`` say whose it is."""
        if self.scheme == "os":
            parts = self.instance.split("-", 1)
            return [unquote(each) for each in parts] == [oui, serial]
        if self.scheme == "ops":
            parts = self.instance.split("-", 2)
            return [unquote(each) for each in parts] == [oui, product_class, serial]
        return True


def endpoint_id(text: str) -> EndpointId:
    """Take an endpoint id apart; UspError for what is none."""
    scheme, first, rest = text.partition(":")
    authority, second, instance = rest.partition(":")
    known = scheme in _SCHEMES and first and second and len(text) <= _LONGEST
    if (
        not known
        or _AUTHORITY.get(scheme, _NONE).fullmatch(authority) is None
        or _INSTANCE.fullmatch(instance) is None
    ):
        raise UspError("is no endpoint id", field="endpoint_id", err_code=INVALID_RECORD)
    return EndpointId(text, scheme, authority, instance)
