"""An access network to look around in, and a home as its device describes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.device import Device
from brain.domain.identity import DeviceId, NodeId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.topology import AccessNode, NodeKind
from brain.store.store import Store

NORTH = TenantId("north")
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def node(id: str, kind: NodeKind, parent: str | None = None) -> AccessNode:
    above = NodeId(parent) if parent else None
    return AccessNode(id=NodeId(id), tenant=NORTH, kind=kind, name=f"the {id}", parent=above)


@pytest.fixture
def a_node() -> Callable[..., AccessNode]:
    return node


@pytest.fixture
def a_device() -> Callable[..., Device]:
    def make(id: str, at: str | None = None, **but: object) -> Device:
        fields: dict[str, object] = {
            "id": DeviceId(id),
            "tenant": NORTH,
            "oui": "00D09E",
            "product_class": "Hub",
            "serial": id,
            "access_node": NodeId(at) if at else None,
            "last_seen": NOW - timedelta(minutes=5),
        }
        return Device(**{**fields, **but})  # type: ignore[arg-type]  # typed by what is asked for

    return make


@pytest.fixture
def a_snapshot() -> Callable[..., Snapshot]:
    def make(values: dict[str, str], id: str = "d", taken_at: datetime = NOW) -> Snapshot:
        said = {ParameterPath(path): value for path, value in values.items()}
        return Snapshot(device=DeviceId(id), taken_at=taken_at, values=said)

    return make


@pytest.fixture
async def network(store: Store, a_device: Callable[..., Device]) -> Store:
    """One OLT, two ports of two splitters each, four devices on each splitter."""
    async with store.begin() as tx:
        await tx.nodes.put(node("olt", NodeKind.OLT))
        for port in ("p1", "p2"):
            await tx.nodes.put(node(port, NodeKind.PORT, "olt"))
            for splitter in ("a", "b"):
                await tx.nodes.put(node(f"{port}{splitter}", NodeKind.SPLITTER, port))
                for number in range(4):
                    here = f"{port}{splitter}"
                    await tx.devices.put(a_device(f"{here}-{number}", here))
    return store


@pytest.fixture
def a_home(a_snapshot: Callable[..., Snapshot]) -> Snapshot:
    """Two radios with an access point each, three stations and a host on a cable."""
    wifi = "Device.WiFi."
    values = {
        f"{wifi}Radio.1.Channel": "6",
        f"{wifi}Radio.2.Channel": "36",
        f"{wifi}SSID.1.LowerLayers": "Device.WiFi.Radio.1",
        f"{wifi}SSID.2.LowerLayers": "Device.WiFi.Radio.2.",
        f"{wifi}AccessPoint.1.SSIDReference": "Device.WiFi.SSID.1",
        f"{wifi}AccessPoint.2.SSIDReference": "Device.WiFi.SSID.2.",
        f"{wifi}AccessPoint.1.AssociatedDevice.1.MACAddress": "0A:00:00:00:00:01",
        f"{wifi}AccessPoint.1.AssociatedDevice.1.Active": "true",
        f"{wifi}AccessPoint.2.AssociatedDevice.1.MACAddress": "0A:00:00:00:00:02",
        f"{wifi}AccessPoint.2.AssociatedDevice.4.MACAddress": "0A:00:00:00:00:03",
        f"{wifi}AccessPoint.2.AssociatedDevice.5.MACAddress": "0A:00:00:00:00:04",
        f"{wifi}AccessPoint.2.AssociatedDevice.5.Active": "false",
        "Device.Hosts.Host.1.PhysAddress": "0a:00:00:00:00:01",
        "Device.Hosts.Host.1.HostName": "anna's phone",
        "Device.Hosts.Host.1.Layer1Interface": "Device.WiFi.Radio.1",
        "Device.Hosts.Host.2.AssociatedDevice": "Device.WiFi.AccessPoint.2.AssociatedDevice.1.",
        "Device.Hosts.Host.3.PhysAddress": "0A:00:00:00:00:09",
        "Device.Hosts.Host.3.Layer1Interface": "Device.Ethernet.Interface.2",
        "Device.Hosts.Host.4.PhysAddress": "0A:00:00:00:00:08",
        "Device.Hosts.Host.4.Active": "false",
    }
    return a_snapshot(values)
