"""The operator's books as one JSON document, for ``gatewright inventory import``."""

from collections.abc import Sequence

from brain.domain.canonical import Json, jsonable
from brain.domain.device import DataModelRoot, Device, Site, Subscriber
from brain.domain.identity import SiteId, SubscriberId
from brain.domain.topology import AccessNode
from evals.homes.fleet import Resident
from evals.homes.network import TENANT, nodes

_OURS = frozenset({"tenant", "last_seen"})
"""What the importer knows better: its own tenant, and what it has heard itself."""
_SAID = frozenset({"id", "firmware", "hardware", "data_model_version"})
"""What the books do not hold of a device, because it says so itself."""


def inventory(
    residents: Sequence[Resident], network: Sequence[AccessNode] | None = None
) -> dict[str, Json]:
    """``{sites, subscribers, nodes, devices}``, each a list of the fields of its domain noun.

    ``network`` holds the nodes that the residents hang from; the demo's unless given.
    """
    sites, subscribers, devices = [], [], []
    numbers: dict[tuple[str, str], int] = {}
    for resident in residents:
        # A gateway and its extender stand at one site and are one subscriber's.
        known = (resident.site, resident.subscriber) in numbers
        number = numbers.setdefault((resident.site, resident.subscriber), len(numbers) + 1)
        site = SiteId(f"site-{number:04d}")
        subscriber = SubscriberId(f"sub-{number:04d}")
        devices.append(_device(resident, site, subscriber))
        if not known:
            sites.append(_site(resident, site))
            subscribers.append(_subscriber(resident, subscriber, site))
    return {
        "sites": [_plain(each) for each in sites],
        "subscribers": [_plain(each) for each in subscribers],
        "nodes": [_plain(each) for each in (nodes() if network is None else network)],
        "devices": [_plain(each, _OURS | _SAID) for each in devices],
    }


def _site(resident: Resident, site: SiteId) -> Site:
    area = resident.site.rstrip("0123456789 ")
    return Site(id=site, tenant=TENANT, name=resident.site, area=area, country=resident.country)


def _subscriber(resident: Resident, subscriber: SubscriberId, site: SiteId) -> Subscriber:
    return Subscriber(
        id=subscriber, tenant=TENANT, name=resident.subscriber, site=site, plan=resident.plan
    )


def device_of(resident: Resident) -> Device:
    """The device as the books have it, without site and subscriber."""
    return _device(resident, None, None)


def _device(resident: Resident, site: SiteId | None, subscriber: SubscriberId | None) -> Device:
    home = resident.home
    return Device(
        id=home.id,
        tenant=TENANT,
        oui=home.model.oui,
        product_class=home.model.product_class,
        serial=home.household.serial,
        manufacturer=home.model.manufacturer,
        model=home.tree.read(home.model.root + "DeviceInfo.ModelName"),
        firmware=home.tree.read(home.model.root + "DeviceInfo.SoftwareVersion"),
        hardware=home.model.hardware,
        data_model_version=home.model.data_model_version,
        root=DataModelRoot(home.model.root),
        country=resident.country,
        site=site,
        subscriber=subscriber,
        access_node=resident.node,
    )


def _plain(noun: object, left_out: frozenset[str] = _OURS) -> Json:
    fields = jsonable(noun)
    assert isinstance(fields, dict)
    return {
        key: value for key, value in fields.items() if key not in left_out and value is not None
    }
