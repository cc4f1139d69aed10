"""The USP agent of a device: how it names itself, and which device that is."""

from dataclasses import dataclass

from brain.domain.identity import DeviceId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One endpoint id stands for one device, for good (TR-369, Endpoint Identifier)."""

    endpoint: str
    device: DeviceId
    tenant: TenantId
    mtp: str = ""
    """What it came over last, such as ``websocket``."""
    protocols: str = ""
    """The versions that it speaks, comma-separated, as it says them."""
    role: str = ""
    """What it lets this controller do, as it names that; empty where it does not say."""
