"""Says of each device that calls whether it comes in, and what it is given when it does.

It rules in the transaction in which the Inform is kept, so that a device that hears our answer was
ruled on for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from brain.domain.canonical import Json
from brain.domain.credentials import DeviceCredentials, Held
from brain.domain.device import Device
from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.identity import DeviceId, TenantId
from brain.store.transaction import Transaction
from executors.acs import messages as m
from executors.acs.enrolment import Enrolment
from executors.acs.logins import Login

MOST_TRIES: Final = 5
"""A device that never takes what it is offered is left with what it has, until it is reset."""
_LONGEST_USERNAME: Final = 256  # TR-181 ManagementServer.Username
_LONGEST_TEXT: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A device that informed us."""

    id: DeviceId
    said: m.Identity
    firmware: str
    root: str
    reset: bool
    login: Login


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What becomes of a caller."""

    enters: bool
    refusal: str = ""
    """Why it is refused outright; empty for a stranger that is answered and given nothing."""
    offer: DeviceCredentials | None = None
    """What to hand it in this session."""


@dataclass(slots=True)
class Rulings:
    """Of one batch, in its order, and the credentials that changed with them."""

    each: list[Ruling] = field(default_factory=list)
    changed: dict[DeviceId, DeviceCredentials] = field(default_factory=dict)
    proven: dict[DeviceId, DeviceCredentials] = field(default_factory=dict)
    """Whose offer was seen: what we wake it with is known from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Without ``enrolment`` devices are let in and given nothing."""

    tenant: TenantId
    """Where strangers are shown and, with ``open_door``, taken in."""
    open_door: bool
    """Whether a device that nobody registered comes in all the same."""
    enrolment: Enrolment | None = None

    async def rule(
        self,
        tx: Transaction,
        callers: Sequence[Caller],
        known: Mapping[DeviceId, Device],
        now: datetime,
    ) -> Rulings:
        """Rule on each; strangers are kept here, the credentials that changed are the caller's."""
        rulings = Rulings()
        kept = await tx.credentials.of({each.id for each in callers})
        for caller in callers:
            device = known.get(caller.id)
            ruling = await self._rule(tx, caller, device, kept, rulings, now)
            rulings.each.append(ruling)
        return rulings

    async def _rule(
        self,
        tx: Transaction,
        caller: Caller,
        device: Device | None,
        kept: dict[DeviceId, DeviceCredentials],
        rulings: Rulings,
        now: datetime,
    ) -> Ruling:
        tenant = device.tenant if device else self.tenant
        credentials = kept.get(caller.id)
        held = _held(caller, credentials)
        if held is None:
            await self._note(tx, caller, tenant, Why.UNPROVEN, now)
            return Ruling(enters=False, refusal="this serial is not proven by these credentials")
        if device is None and not self.open_door:
            answer = await self._note(tx, caller, tenant, Why.UNKNOWN, now)
            refused = "a person rejected this device" if answer is Answer.REJECTED else ""
            return Ruling(enters=False, refusal=refused)
        if credentials is not None and held is Held.OFFERED:
            credentials = credentials.seen()
            if self.enrolment is not None:
                await self.enrolment.append(tx, credentials, "enrolment.completed")
            kept[caller.id] = rulings.changed[caller.id] = rulings.proven[caller.id] = credentials
        offer = self._offer(caller, tenant, credentials)
        if offer is None:
            return Ruling(enters=True)
        kept[caller.id] = rulings.changed[caller.id] = offer
        await self._audit(tx, offer, held)
        handed = offer.tries <= MOST_TRIES and not await tx.halts.is_halted(tenant)
        return Ruling(enters=True, offer=offer if handed else None)

    def _offer(
        self, caller: Caller, tenant: TenantId, credentials: DeviceCredentials | None
    ) -> DeviceCredentials | None:
        if self.enrolment is None:
            return None
        outstanding = credentials is not None and credentials.offered is not None
        if not (caller.reset or outstanding):
            return None
        before = credentials or DeviceCredentials(
            device=caller.id, tenant=tenant, username=username_of(caller.id)
        )
        again = replace(before, tries=0) if caller.reset else before
        return again.offer(self.enrolment.new_passwords())

    async def _audit(self, tx: Transaction, offer: DeviceCredentials, held: Held) -> None:
        if self.enrolment is None:
            return
        if offer.tries == 1:
            payload: dict[str, Json] = {"came_with": held.value}
            await self.enrolment.append(tx, offer, "enrolment.offered", payload)
        elif offer.tries == MOST_TRIES + 1:
            await self.enrolment.append(tx, offer, "enrolment.given_up")

    async def _note(
        self, tx: Transaction, caller: Caller, tenant: TenantId, why: Why, now: datetime
    ) -> Answer:
        return await tx.strangers.came(_stranger(caller, tenant, why, now))


def username_of(device: DeviceId) -> str:
    """The name that a device is given for life: its id, or a digest of one that is too long."""
    return device if len(device) <= _LONGEST_USERNAME else sha256(device.encode()).hexdigest()


def _held(caller: Caller, credentials: DeviceCredentials | None) -> Held | None:
    """What it has shown that it is good for to claim its serial; None for nothing."""
    login = caller.login
    if login.certified:
        held: Held | None = Held.CERTIFICATE
    elif login.device is None:
        held = Held.SHARED
    elif login.device != caller.id or credentials is None:
        return None
    else:
        held = credentials.held(login.password)
    if credentials is None or held is None:
        return held
    return held if credentials.may_come_with(held, reset=caller.reset) else None


def _stranger(caller: Caller, tenant: TenantId, why: Why, now: datetime) -> Stranger:
    return Stranger(
        tenant=tenant,
        device=caller.id,
        oui=caller.said.oui,
        product_class=caller.said.product_class,
        serial=caller.said.serial,
        manufacturer=caller.said.manufacturer[:_LONGEST_TEXT],
        firmware=caller.firmware[:_LONGEST_TEXT],
        root=caller.root,
        why=why,
        first_at=now,
        last_at=now,
    )
