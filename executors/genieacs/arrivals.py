"""What a device's document says of the device itself, and what of that is news."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from brain.domain.canonical import Json
from brain.domain.device import ControllerName, DataModelRoot, Device, device_id
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from executors.acs.facts import entry
from executors.acs.silence import after_silence, is_silence
from executors.genieacs.documents import Remembered, parameters
from executors.genieacs.tagging import tags_of

_LONGEST = 64  # TR-069 A.3.3.1 DeviceIdStruct
_MOST_TEXT = 256
_LEAVES = (
    "DeviceInfo.SoftwareVersion",
    "DeviceInfo.HardwareVersion",
    "DeviceInfo.ModelName",
    "RootDataModelVersion",
    "ManagementServer.PeriodicInformInterval",
)
_TIMES = ("_lastInform", "_lastBoot", "_lastBootstrap")
PROJECTION = (
    "_deviceId",
    "_tags",
    *_TIMES,
    *(f"{root}{leaf}" for root in DataModelRoot for leaf in _LEAVES),
)
"""All that polling asks for: reading whole documents is what costs GenieACS most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A device that called GenieACS."""

    name: str
    """What GenieACS calls it."""
    oui: str
    product_class: str
    serial: str
    manufacturer: str
    root: DataModelRoot
    said: Mapping[str, Remembered]
    last_inform: datetime
    tags: str
    """As ``tagging.tags_of`` has them."""
    boots: tuple[datetime | None, datetime | None]
    """When it last started, and when it last began from nothing."""

    @property
    def id(self) -> DeviceId:
        """What we call it."""
        return device_id(self.oui, self.product_class, self.serial)

    def device(self, before: Device | None, tenant: TenantId) -> Device:
        """The device as it is known now; what the document leaves out stays as it was."""
        known = before or Device(
            id=self.id,
            tenant=tenant,
            oui=self.oui,
            product_class=self.product_class,
            serial=self.serial,
            model=self.product_class,
            controller=ControllerName.GENIEACS,
        )
        every = self._text("ManagementServer.PeriodicInformInterval")
        return replace(
            known,
            manufacturer=self.manufacturer or known.manufacturer,
            model=self._text("DeviceInfo.ModelName") or known.model,
            firmware=self._text("DeviceInfo.SoftwareVersion") or known.firmware,
            hardware=self._text("DeviceInfo.HardwareVersion") or known.hardware,
            root=self.root,
            controller=known.taken_by(ControllerName.GENIEACS),
            last_seen=max(known.last_seen or self.last_inform, self.last_inform),
            inform_every=int(every) if every.isdecimal() and len(every) < 8 else known.inform_every,
        )

    def _text(self, leaf: str) -> str:
        said = self.said.get(f"{self.root}{leaf}")
        return (said.value or "")[:_MOST_TEXT] if said else ""


def arrival_of(document: Mapping[str, Json], *, now: datetime) -> Arrival | None:
    """Read a document; None for one that does not say who the device is or when it called."""
    who = document.get("_deviceId")
    at = moment(document.get("_lastInform"))
    names = ("_OUI", "_ProductClass", "_SerialNumber", "_Manufacturer")
    texts = [who.get(name, "") for name in names] if isinstance(who, dict) else []
    if at is None or len(texts) != len(names) or not (texts[0] and texts[2]):
        return None
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts[:3]):
        return None
    oui, product_class, serial, manufacturer = map(str, texts)
    old = DataModelRoot.INTERNET_GATEWAY_DEVICE
    return Arrival(
        name=str(document.get("_id", "")),
        oui=oui,
        product_class=product_class,
        serial=serial,
        manufacturer=manufacturer[:_LONGEST],
        root=old if old.rstrip(".") in document else DataModelRoot.DEVICE,
        said=parameters(document),
        last_inform=min(at, now),
        tags=tags_of(document),
        boots=(moment(document.get("_lastBoot")), moment(document.get("_lastBootstrap"))),
    )


def moment(said: Json) -> datetime | None:
    """An ISO date with its zone; None for what is none."""
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return at if at.tzinfo else None


def news(
    arrival: Arrival,
    before: Device,
    now: Device,
    since: tuple[datetime | None, ...],
) -> list[Event]:
    """What the timeline is told of a device that was known; ``since``: when it had last started,
    and last begun from nothing, as far as was known."""
    found = []
    for kind, at, known in zip(
        (EventKind.BOOT, EventKind.BOOTSTRAP), arrival.boots, since, strict=True
    ):
        if at is not None and known is not None and at > known:
            name = "1 BOOT" if kind is EventKind.BOOT else "0 BOOTSTRAP"
            found.append(entry(now, kind, min(at, arrival.last_inform), detail=name))
    if before.firmware and now.firmware != before.firmware:
        detail = f"{before.firmware} before"
        found.append(
            entry(now, EventKind.FIRMWARE, arrival.last_inform, value=now.firmware, detail=detail)
        )
    silence = arrival.last_inform - before.last_seen if before.last_seen else timedelta()
    if is_silence(before, silence):
        found.append(after_silence(now, arrival.last_inform, silence))
    return found
