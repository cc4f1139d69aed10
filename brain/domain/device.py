"""A device in a subscriber's home, what it is, and when it was last heard from."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from brain.domain.identity import DeviceId, NodeId, SiteId, SubscriberId, TenantId


class Protocol(StrEnum):
    """The protocol a device is managed by."""

    CWMP = "cwmp"
    USP = "usp"


class ControllerName(StrEnum):
    """Who acts on a device. A server may have one of each, and a device has one of them."""

    ACS = "acs"
    """Our own, over TR-069."""
    GENIEACS = "genieacs"
    """The operator's GenieACS."""
    USP = "usp"
    """Our own, over TR-369."""
    OKTOPUS = "oktopus"
    """The operator's Oktopus."""

    @property
    def protocol(self) -> Protocol:
        """What it speaks with devices."""
        over_usp = self in (ControllerName.USP, ControllerName.OKTOPUS)
        return Protocol.USP if over_usp else Protocol.CWMP


class DataModelRoot(StrEnum):
    """The root object of the device's own data model: TR-181 or TR-098."""

    DEVICE = "Device."
    INTERNET_GATEWAY_DEVICE = "InternetGatewayDevice."


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """The box in the home (gateway, ONT, access point, set-top)."""

    id: DeviceId
    tenant: TenantId
    oui: str
    product_class: str
    serial: str
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    hardware: str = ""
    data_model_version: str = ""
    root: DataModelRoot = DataModelRoot.DEVICE
    controller: ControllerName = ControllerName.ACS
    country: str = ""
    """ISO 3166-1 alpha-2; empty when nobody said, which policy treats as unknown."""
    site: SiteId | None = None
    subscriber: SubscriberId | None = None
    access_node: NodeId | None = None
    """The node of the access network that the device hangs from (a splitter, port or cell)."""
    ring: str | None = None
    """How early it gets what is new, such as ``pilot``; None when nobody said."""
    last_seen: datetime | None = None
    inform_every: int | None = None
    """Seconds from one periodic Inform to the next, as it last said; None when it never did."""

    @property
    def protocol(self) -> Protocol:
        """The protocol it is managed by."""
        return self.controller.protocol

    def taken_by(self, controller: ControllerName) -> ControllerName:
        """Who acts on it once this one has heard it: whoever does, or the first that ever hears it.

        From then on it is moved by a change alone.
        """
        return self.controller if self.last_seen else controller


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """The person with the contract. The name is personal data: it stays on our side."""

    id: SubscriberId
    tenant: TenantId
    name: str
    site: SiteId | None = None
    plan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place with devices in it: a home, or the building of several."""

    id: SiteId
    tenant: TenantId
    name: str
    area: str = ""
    country: str = ""


def device_id(oui: str, product_class: str, serial: str) -> DeviceId:
    """Name a device once, at first contact; never take the name apart again.

    TR-069 3.4.4 makes OUI, ProductClass (may be empty) and SerialNumber the identity of a CPE.
    What is not a letter, digit, dot, underscore or tilde is percent-encoded, so the id is safe in
    a URL, a file name and a log line, and no two identities share one.
    """
    short = len(oui) + len(product_class) + len(serial) <= _LONGEST
    return (_known if short else _made)(oui, product_class, serial)


_LONGEST = 3 * 64  # TR-069 A.3.3.1 DeviceIdStruct; of what is longer nothing is remembered


def _made(oui: str, product_class: str, serial: str) -> DeviceId:
    parts = (oui, product_class, serial) if product_class else (oui, serial)
    return DeviceId("-".join([_encoded(part) for part in parts]))


_known = lru_cache(maxsize=4096)(_made)  # asked for several times in each session
_TO_ENCODE = re.compile(r"[^A-Za-z0-9._~]")


def _encoded(text: str) -> str:
    return _TO_ENCODE.sub(_percent, text)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())
