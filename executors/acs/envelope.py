"""What a SOAP envelope of CWMP holds, however it was read or will be written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from executors.acs.errors import SoapError
from executors.acs.messages import Message

CWMP_1_0 = "urn:dslforum-org:cwmp-1-0"
NAMESPACE = re.compile(r"urn:dslforum-org:cwmp-1-\d")
_MAX_ID = 1024
_SECONDS = re.compile(r"[0-9]{1,9}")
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")
_HEADERS = frozenset({"HoldRequests", "SessionTimeout", "SupportedCWMPVersions", "UseCWMPVersion"})


@dataclass(frozen=True, slots=True)
class Header:
    """What stands beside a message (TR-069 3.5, table 3)."""

    hold_requests: bool = False
    """From us alone: the device keeps its requests until an envelope without it."""
    session_timeout: int = 0
    """Seconds that a device may be silent in this session; 0 where it does not say (1.3)."""
    supported_versions: tuple[str, ...] = ()
    """What a device of 1.4 can speak, such as ``1.2``; empty from an older one."""
    use_version: str = ""
    """What we picked of them."""


NOTHING_SAID = Header()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message and what its header says."""

    message: Message
    id: str | None = None
    """``cwmp:ID``: None when there was none, which an answer then has neither."""
    namespace: str = CWMP_1_0
    header: Header = NOTHING_SAID


def header_of(said: Mapping[str, str]) -> tuple[str | None, Header]:
    """The ID, and what else a header says: the text of its elements by their local names."""
    said_id = said.get("ID")
    if said_id is not None and len(said_id) > _MAX_ID:
        raise SoapError("the envelope's ID is too long", field="ID")
    if not said.keys() & _HEADERS:
        return said_id, NOTHING_SAID
    timeout = said.get("SessionTimeout", "").strip()
    versions = said.get("SupportedCWMPVersions", "").replace(",", " ").split()
    return said_id, Header(
        hold_requests=said.get("HoldRequests", "").strip().lower() in ("1", "true"),
        session_timeout=int(timeout) if _SECONDS.fullmatch(timeout) else 0,
        supported_versions=tuple(each for each in versions if _VERSION.fullmatch(each)),
        use_version=said.get("UseCWMPVersion", "").strip(),
    )
