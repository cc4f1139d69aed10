"""Troubles within the home's own network."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from evals.homes.draft import Draft
from evals.homes.leases import POOL
from evals.homes.services import FIREWALL
from evals.homes.troubles.base import Fault


class PoolExhausted(Fault):
    """More want an address than there are."""

    kind: Literal["lan.pool_exhausted"]
    size: int = Field(default=30, ge=1, le=200)
    visitors_per_day: float = Field(default=2.7, ge=0)
    lease_seconds: int = Field(default=864_000, ge=60)

    def strike(self, draft: Draft) -> None:
        """Have a short pool with long leases, and visitors who took them along."""
        draft.set(POOL + "MinAddress", "192.168.1.10")
        draft.set(POOL + "MaxAddress", f"192.168.1.{9 + self.size}")
        draft.set(POOL + "LeaseTime", str(self.lease_seconds))
        draft.change(visitors_per_day=self.visitors_per_day)


class AddressClash(Fault):
    """An address that the server gives to another was typed in, or both networks have the same."""

    kind: Literal["lan.address_clash"]
    why: Literal["host", "subnet"] = "host"
    client: str = ""

    def strike(self, draft: Draft) -> None:
        """Have a printer on a client's address, or a router outside with the home's network."""
        if self.why == "subnet":
            draft.change(wan=replace(draft.household.wan, address="192.168.1.77"))
            draft.contract(public=False)
            return
        victim = draft.guest(self.client or draft.wireless())
        draft.arrive("office-printer", "printer", static=True, metres=6.0)
        guests = draft.household.guests
        moved = replace(guests[-1], address=victim.address)
        draft.change(guests=(*guests[:-1], moved))


class FirewallBlocks(Fault):
    """The firewall lets nothing out but common services."""

    kind: Literal["lan.firewall_blocks"]

    def strike(self, draft: Draft) -> None:
        """Set it to High; somebody plays."""
        draft.set(FIREWALL + "Config", "High")
        draft.arrive("console", "console", metres=5.0)


class PortMappingMissing(Fault):
    """Somebody has to be reached from outside, and nothing leads there."""

    kind: Literal["lan.port_mapping_missing"]
    port: int = Field(default=8554, ge=1, le=65535)
    why: Literal["absent", "off", "elsewhere"] = "off"

    def strike(self, draft: Draft) -> None:
        """Have a camera, and a mapping that is off, leads elsewhere, or is not there."""
        draft.arrive("camera", "camera", metres=5.0, port=self.port)
        if self.why == "absent":
            return
        address = draft.guest("camera").address if self.why == "off" else "192.168.1.250"
        row = "Device.NAT.PortMapping.1."
        for leaf, value in (
            ("ExternalPort", str(self.port)),
            ("InternalPort", str(self.port)),
            ("InternalClient", address),
            ("Enable", "false" if self.why == "off" else "true"),
        ):
            draft.set(row + leaf, value)
