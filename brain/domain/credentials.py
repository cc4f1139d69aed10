"""The secrets a controller needs to reach one device, and those by which the device is known."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from brain.domain.identity import DeviceId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRequest:
    """How to ask a device to call in (TR-069 3.2.2): its URL, and the digest credentials."""

    url: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """What one enrolment gives a device, set in one SetParameterValues: all of it or none."""

    own: str = field(repr=False)
    """ManagementServer.Password: what the device shows to us."""
    wake: str = field(repr=False)
    """ManagementServer.ConnectionRequestPassword: what we show to the device."""


class Held(StrEnum):
    """What a device came with: a certificate, or one of its passwords."""

    CERTIFICATE = "certificate"
    """Its own certificate names it."""

    SHARED = "shared"
    """The one of the whole installation: it tells nobody apart."""
    FACTORY = "factory"
    """The one that this device left the factory with, as it was registered."""
    OFFERED = "offered"
    CURRENT = "current"
    REPLACED = "replaced"
    """One that it had before the current one: two boxes claim to be the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCredentials:
    """What one device may authenticate with.

    What is offered may be on the device or not: nobody knows until it comes with one or the
    other, so both are good until the offered one was seen.
    """

    device: DeviceId
    tenant: TenantId
    username: str
    """For life; only passwords change."""
    factory: str = field(default="", repr=False)
    """Empty: it comes with the shared one at first."""
    current: Passwords | None = None
    offered: Passwords | None = None
    replaced: Passwords | None = None
    tries: int = 0
    """How often the offer was handed to the device since it was made."""

    def passwords(self) -> Iterator[tuple[Held, str]]:
        """Each that is known of this device; one that is known need not be good any more."""
        kept = (
            (Held.CURRENT, self.current),
            (Held.OFFERED, self.offered),
            (Held.REPLACED, self.replaced),
        )
        yield from ((held, each.own) for held, each in kept if each is not None)
        if self.factory:
            yield Held.FACTORY, self.factory

    def held(self, password: str) -> Held | None:
        """Which of its passwords this is; None for none of them."""
        return next((held for held, each in self.passwords() if each == password), None)

    def may_come_with(self, held: Held, *, reset: bool) -> bool:
        """Whether the device may claim its serial with this; ``reset``: it says 0 BOOTSTRAP.

        A device that was reset has lost its own password, so it comes as it did the first time.
        """
        if held in (Held.CERTIFICATE, Held.CURRENT, Held.OFFERED):
            return True
        if held is Held.REPLACED or (held is Held.SHARED and self.factory):
            return False
        return self.current is None or self.offered is not None or reset

    def offer(self, new: Passwords) -> Self:
        """Hand it ``new``, or once more what is offered already: it may have taken that."""
        if self.offered is not None:
            return replace(self, tries=self.tries + 1)
        return replace(self, offered=new, tries=1)

    def seen(self) -> Self:
        """The device came with what was offered: what it had before is good no longer."""
        if self.offered is None:
            return self
        return replace(self, current=self.offered, offered=None, replaced=self.current, tries=0)
