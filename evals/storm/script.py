"""What one simulated device sends and understands: bytes of HTTP, made as cheaply as can be."""

import re
from dataclasses import dataclass
from hashlib import md5
from typing import Final

from brain.domain.device import device_id
from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.soap import build

OUI, PRODUCT, MAKER, FIRMWARE = "02AA55", "Storm", "Stand-in", "7.1.4"
_NUMBER: Final = "0000000"
_COOKIE = re.compile(rb"\r\nset-cookie: ([^;\r\n]+)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_RETRY = re.compile(rb"\r\nretry-after: *([0-9]+)", re.IGNORECASE)
_CHALLENGE = re.compile(
    rb'\r\nwww-authenticate: Digest realm="([^"]+)", qop="auth", algorithm=MD5, nonce="([^"]+)"',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device takes from a response."""

    status: int
    head: bytes
    body: bytes

    @property
    def retry_after(self) -> int | None:
        """Seconds, when the server said so."""
        found = _RETRY.search(self.head)
        return int(found.group(1)) if found else None

    @property
    def closes(self) -> bool:
        """Whether the server ends the connection."""
        return b"\r\nconnection: close" in self.head.lower()


def answer_in(received: bytes) -> Answer | None:
    """The whole response in these bytes; None while it is not all there."""
    head, gap, body = received.partition(b"\r\n\r\n")
    if not gap:
        return None
    found = _LENGTH.search(head)
    length = int(found.group(1)) if found else 0
    return Answer(int(head[9:12]), head, body) if len(body) >= length else None


def serial(number: int) -> str:
    """Of the device with this number."""
    return f"S{number:07d}"


def id_of(number: int) -> DeviceId:
    """As the ACS names it."""
    return device_id(OUI, PRODUCT, serial(number))


def inform(number: str) -> bytes:
    """A BOOT Inform with twelve parameters; ``number`` has seven digits."""
    parameters = {
        "DeviceInfo.HardwareVersion": "2.0",
        "DeviceInfo.SoftwareVersion": FIRMWARE,
        "DeviceInfo.ProvisioningCode": "",
        "DeviceInfo.ModelName": "Storm 7",
        "DeviceInfo.UpTime": "41",
        "RootDataModelVersion": "2.15",
        "ManagementServer.ConnectionRequestURL": f"http://192.0.2.1:30005/{number}",
        "ManagementServer.ParameterKey": "",
        "ManagementServer.AliasBasedAddressing": "false",
        "ManagementServer.PeriodicInformInterval": "3600",
        "IP.Interface.1.IPv4Address.1.IPAddress": f"10.{int(number) % 250}.0.1",
        "IP.Interface.1.Status": "Up",
    }
    said = m.Inform(
        device=m.Identity(MAKER, OUI, PRODUCT, f"S{number}"),
        events=(m.InformEvent("1 BOOT"),),
        parameters=tuple(m.ParameterValue(f"Device.{k}", v) for k, v in parameters.items()),
        current_time="2026-01-01T00:00:41Z",
    )
    return build(Envelope(said, id="1", namespace="urn:dslforum-org:cwmp-1-2"))


class Script:
    """The three requests of a session, for any device of the crowd."""

    def __init__(self, *, username: str, password: str) -> None:
        self._username, self._password = username, password
        self._inform = inform(_NUMBER)
        self._first: dict[bytes, str] = {}
        self._second = md5(b"POST:/", usedforsecurity=False).hexdigest()

    def opening(self, number: int, *, authorization: str = "") -> bytes:
        """The Inform, at first without a password."""
        body = self._inform.replace(_NUMBER.encode(), f"{number:07d}".encode())
        return self._post(body, authorization)

    def with_password(self, number: int, asked: Answer) -> bytes:
        """The Inform again, as the challenge asks; ValueError when it cannot be read."""
        found = _CHALLENGE.search(asked.head)
        if found is None:
            raise ValueError("no challenge that a device understands")
        realm, nonce = found.group(1).decode(), found.group(2).decode()
        if found.group(1) not in self._first:
            secret = f"{self._username}:{realm}:{self._password}"
            self._first[found.group(1)] = md5(secret.encode(), usedforsecurity=False).hexdigest()
        proof = ":".join(
            (self._first[found.group(1)], nonce, "00000001", "c0", "auth", self._second)
        )
        response = md5(proof.encode(), usedforsecurity=False).hexdigest()
        return self.opening(
            number,
            authorization=(
                f'Authorization: Digest username="{self._username}", realm="{realm}", '
                f'nonce="{nonce}", uri="/", algorithm=MD5, qop=auth, nc=00000001, cnonce="c0", '
                f'response="{response}"\r\n'
            ),
        )

    def nothing_more(self, opened: Answer) -> bytes:
        """The empty POST, with the cookie that the InformResponse came with."""
        found = _COOKIE.search(opened.head)
        cookie = f"Cookie: {found.group(1).decode()}\r\n" if found else ""
        return self._post(b"", cookie)

    def _post(self, body: bytes, header: str) -> bytes:
        return (
            'POST / HTTP/1.1\r\nHost: acs\r\nSOAPAction: ""\r\n'
            f'Content-Type: text/xml; charset="utf-8"\r\n{header}'
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body
