"""STUN as TR-069 annex G uses it (RFC 3489): what a device's binding request says, and the answer.

Datagrams in, datagrams out: no socket is known here.
"""

import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

Address = tuple[str, int]

_BINDING_REQUEST: Final = 0x0001
_BINDING_RESPONSE: Final = 0x0101
_BINDING_ERROR: Final = 0x0111
_MAPPED_ADDRESS: Final = 0x0001
_RESPONSE_ADDRESS: Final = 0x0002
_SOURCE_ADDRESS: Final = 0x0004
_USERNAME: Final = 0x0006
_INTEGRITY: Final = 0x0008
_ERROR_CODE: Final = 0x0009
_XOR_MAPPED_ADDRESS: Final = 0x0020
_CONNECTION_REQUEST_BINDING: Final = 0xC001
_COOKIE: Final = b"\x21\x12\xa4\x42"  # RFC 5389 section 6: such a client wants its address masked
_HEADER: Final = 20
_SIGNATURE: Final = 20
_LONGEST: Final = 548


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """What a device sends from where it waits for connection requests (G.2.1.1)."""

    transaction: bytes
    username: str
    """Empty when it does not say who it is."""
    binding: bool
    """It is for connection requests, and not to find out about its NAT."""
    reply_to: Address | None
    """RESPONSE-ADDRESS: where it wants the answer, to learn how long a binding lives (G.2.1.2)."""
    signed: bytes
    """What MESSAGE-INTEGRITY is taken over; empty when there is none."""
    signature: bytes

    def is_signed_by(self, password: str) -> bool:
        """Whether it was made with this password (RFC 3489 section 11.2.8)."""
        padded = self.signed + bytes(-len(self.signed) % 64)
        made = hmac.digest(password.encode(), padded, "sha1")
        plain = hmac.digest(password.encode(), self.signed, "sha1")  # RFC 5389 does not pad
        given = self.signature
        right = hmac.compare_digest(made, given) or hmac.compare_digest(plain, given)
        return bool(self.signed) and bool(password) and right


def read(datagram: bytes) -> BindingRequest | None:
    """The binding request that this is; None for anything else, which nobody answers."""
    if not _HEADER <= len(datagram) <= _LONGEST:
        return None
    kind, length = struct.unpack_from("!HH", datagram)
    if kind != _BINDING_REQUEST or length != len(datagram) - _HEADER:
        return None
    found = _attributes(datagram)
    if found is None:
        return None
    attributes, integrity_at = found
    return BindingRequest(
        transaction=datagram[4:_HEADER],
        username=attributes.get(_USERNAME, b"").decode("utf-8", "replace").rstrip(" \0"),
        binding=_CONNECTION_REQUEST_BINDING in attributes,
        reply_to=_address(attributes.get(_RESPONSE_ADDRESS, b"")),
        signed=datagram[:integrity_at] if integrity_at else b"",
        signature=attributes.get(_INTEGRITY, b""),
    )


def response(request: BindingRequest, seen: Address, ours: Address) -> bytes:
    """The answer: where the request came from, as we see it."""
    ip, port = IPv4Address(seen[0]).packed, seen[1]
    body = _attribute(_MAPPED_ADDRESS, struct.pack("!xBH4s", 1, port, ip))
    if request.transaction.startswith(_COOKIE):
        mask = bytes(a ^ b for a, b in zip(ip, _COOKIE, strict=True))
        masked = struct.pack("!xBH4s", 1, port ^ 0x2112, mask)
        body += _attribute(_XOR_MAPPED_ADDRESS, masked)
    here = struct.pack("!xBH4s", 1, ours[1], IPv4Address(ours[0]).packed)
    return _message(_BINDING_RESPONSE, request, body + _attribute(_SOURCE_ADDRESS, here))


def unauthorized(request: BindingRequest) -> bytes:
    """Binding Error Response 401: say who you are, and sign it (G.2.1.3)."""
    reason = struct.pack("!xxBB", 4, 1) + b"Unauthorized"
    return _message(_BINDING_ERROR, request, _attribute(_ERROR_CODE, reason))


def _attributes(datagram: bytes) -> tuple[Mapping[int, bytes], int] | None:
    """By type, the first of each, and where MESSAGE-INTEGRITY begins; None for a torn one."""
    found: dict[int, bytes] = {}
    at = _HEADER
    while at + 4 <= len(datagram):
        kind, length = struct.unpack_from("!HH", datagram, at)
        value = datagram[at + 4 : at + 4 + length]
        if len(value) < length:
            return None
        found.setdefault(kind, value)
        if kind == _INTEGRITY:  # what comes behind it was signed by nobody
            return (found, at) if length == _SIGNATURE else None
        at += 4 + length + (-length % 4)
    return found, 0


def _address(value: bytes) -> Address | None:
    if len(value) != 8 or value[1] != 1:
        return None
    port, ip = struct.unpack("!2xH4s", value)
    return str(IPv4Address(ip)), port


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def _message(kind: int, request: BindingRequest, body: bytes) -> bytes:
    return struct.pack("!HH", kind, len(body)) + request.transaction + body
