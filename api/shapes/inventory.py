"""The inventory document: what an operator knows about homes, people, the network and devices."""

from typing import Annotated

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.device import ControllerName, DataModelRoot
from brain.domain.topology import NodeKind

Id = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._~%:/-]+$")]
Text = Annotated[str, Field(max_length=256)]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]


class SiteEntry(Shape):
    """A place with devices in it."""

    id: Id = Field(examples=["site-1"])
    name: Text
    area: Text = ""
    country: Country = ""


class SubscriberEntry(Shape):
    """The person with the contract. The name is kept on our side and sent nowhere."""

    id: Id = Field(examples=["sub-1"])
    name: Text
    site: Id | None = None
    plan: Text = ""


class NodeEntry(Shape):
    """One piece of the access network, and what it hangs from."""

    id: Id = Field(examples=["olt-1/port-3"])
    kind: NodeKind
    name: Text
    parent: Id | None = None


class DeviceEntry(Shape):
    """A device, by what TR-069 names it with; what it says itself is not overwritten."""

    oui: str = Field(pattern=r"^[0-9A-F]{6}$", examples=["00D09E"])
    product_class: Annotated[str, Field(max_length=64)] = ""
    serial: Annotated[str, Field(min_length=1, max_length=64)]
    manufacturer: Text = ""
    model: Text = ""
    root: DataModelRoot = DataModelRoot.DEVICE
    controller: ControllerName = ControllerName.ACS
    country: Country = ""
    site: Id | None = None
    subscriber: Id | None = None
    access_node: Id | None = None
    ring: Annotated[str, Field(max_length=32, pattern=r"^[a-z0-9_-]*$")] = ""


class Inventory(Shape):
    """All of it, or any part: entries that are already there are brought up to date."""

    sites: tuple[SiteEntry, ...] = ()
    subscribers: tuple[SubscriberEntry, ...] = ()
    nodes: tuple[NodeEntry, ...] = ()
    devices: tuple[DeviceEntry, ...] = ()


class Imported(Shape):
    """How many entries were taken in. Either all of a document is, or nothing."""

    sites: int
    subscribers: int
    nodes: int
    devices: int
