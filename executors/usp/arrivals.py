"""Which device an agent is: the binding of endpoint and device, made once and then kept.

A device that is known, over whichever protocol, is given to an endpoint that names it (``os`` and
``ops`` do), and to no other: who proves one name must not get another's home.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from brain.domain.agent import Agent
from brain.domain.device import ControllerName, DataModelRoot, Device, device_id
from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.errors import Forbidden, GatewrightError
from brain.domain.ports import Clock
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.usp.endpoint import endpoint_id
from executors.usp.options import UspOptions

_log = structlog.get_logger(__name__)

_ACTOR: Final = "usp"
_MOST_STRAYS: Final = 1_000
_MOST_STRANGERS: Final = 20_000
_LONGEST: Final = 64
_NAMING: Final = ("os", "ops")
"""Schemes of endpoint ids that name a device."""
_UNREGISTERED: Final = "nobody registered the device"
_REJECTED: Final = "a person rejected the device"


class Unregistered(Forbidden):
    """A stranger: it is answered and given nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What an agent says its device is (``Device.DeviceInfo.``)."""

    oui: str
    product_class: str
    serial: str
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    hardware: str = ""


@dataclass(slots=True, kw_only=True)
class Arrivals:
    """Keeps the bindings, and what was claimed in vain."""

    store: Store
    audit: AuditTrail
    clock: Clock
    options: UspOptions
    _strangers: dict[str, None] = field(default_factory=dict)
    _strays: set[tuple[str, str]] = field(default_factory=set)
    _writing: set["asyncio.Task[None]"] = field(default_factory=set)

    async def device_of(self, endpoint: str) -> Device | None:
        """The device that this endpoint is, or None when nobody knows yet."""
        async with self.store.read() as tx:
            agent = await tx.agents.by_endpoint(endpoint)
            return None if agent is None else await tx.devices.find(agent.device)

    async def bind(
        self, endpoint: str, said: Identity, *, mtp: str, protocols: str, role: str = ""
    ) -> Device:
        """Keep that this endpoint is this device, enrolling it where it is new.

        Forbidden where it must not be, which is on record then, and Unregistered for a device that
        nobody registered: it is among the strangers, until a person says what it is.
        """
        async with self.store.begin() as tx:
            named = device_id(said.oui, said.product_class, said.serial)
            known = (await tx.devices.hold([named])).get(named)
            why = await self._hindrance(tx, endpoint, said, known)
            answer = await self._strange(tx, said, known) if not why else None
            if not why and answer is None:
                self._strangers.pop(endpoint, None)
                device = self._device(known, said)
                await tx.devices.put(device)
                agent = Agent(
                    endpoint=endpoint,
                    device=device.id,
                    tenant=device.tenant,
                    mtp=mtp,
                    protocols=protocols,
                    role=role,
                )
                await self._keep_agent(tx, agent)
                return device
            if answer is not None:
                why = _UNREGISTERED if answer is Answer.WAITING else _REJECTED
            else:
                await self._on_record(tx, "usp.refused", {"endpoint": endpoint, "reason": why})
        if answer is Answer.WAITING:
            self._quarantine(endpoint)
            raise Unregistered(why, remedy="Register it, or admit it from among the strangers.")
        self._strangers.pop(endpoint, None)
        admit = "Admit it from among the strangers, if it is to come in after all."
        name = "Give the agent an endpoint id that names its device."
        raise Forbidden(why, remedy=admit if answer is not None else name)

    def is_stranger(self, endpoint: str) -> bool:
        """Whether it is answered and given nothing: what it reports is nobody's."""
        return endpoint in self._strangers

    def strayed(self, endpoint: str, claimed: str) -> None:
        """Put on record that one endpoint claimed to be another, once for each pair."""
        pair = (endpoint, claimed[:_LONGEST])
        if pair in self._strays or len(self._strays) >= _MOST_STRAYS:
            return
        self._strays.add(pair)
        task = asyncio.create_task(self._keep_stray(*pair))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def settled(self) -> None:
        """Wait until all of it is on record."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def close(self) -> None:
        """The same: nothing that was claimed is forgotten."""
        await self.settled()

    async def _keep_stray(self, endpoint: str, claimed: str) -> None:
        try:
            async with self.store.begin() as tx:
                named = claimed if claimed.isprintable() else "unreadable"
                payload = {"endpoint": endpoint, "claimed": named}
                await self._on_record(tx, "usp.strayed", payload)
        except GatewrightError as error:
            self._strays.discard((endpoint, claimed))
            _log.error("usp_stray_not_kept", endpoint=endpoint, reason=str(error))

    async def _keep_agent(self, tx: Transaction, agent: Agent) -> None:
        """What somebody else's controller says of an agent that we know ourselves is no news."""
        before = await tx.agents.by_device(agent.device)
        known = before is not None and before.endpoint == agent.endpoint
        if known and self.options.controller is not ControllerName.USP:
            return
        mtp = agent.mtp or (before.mtp if before else "")
        await tx.agents.put(replace(agent, mtp=mtp))

    async def _hindrance(
        self, tx: Transaction, endpoint: str, said: Identity, known: Device | None
    ) -> str:
        """Why this endpoint must not be this device; empty where it may."""
        parts = (said.oui, said.product_class, said.serial)
        if not (said.oui and said.serial) or max(map(len, parts)) > _LONGEST:
            return "the agent names no device"
        name = endpoint_id(endpoint)
        if not name.may_be(*parts):
            return "the endpoint id names another device"
        if known is None and (self.options.enrol or name.scheme in _NAMING):
            return ""
        if known is None:
            return "the device is not in the inventory"
        agent = await tx.agents.by_device(known.id)
        same = agent is not None and agent.endpoint == endpoint
        names_it = name.scheme in _NAMING
        return "" if same or names_it else "the device is another endpoint's or another protocol's"

    async def _strange(
        self, tx: Transaction, said: Identity, known: Device | None
    ) -> Answer | None:
        """Keep a device that nobody registered as a stranger; None for one that may come in."""
        if known is not None or self.options.enrol:
            return None
        now = self.clock()
        return await tx.strangers.came(
            Stranger(
                tenant=self.options.tenant,
                device=device_id(said.oui, said.product_class, said.serial),
                oui=said.oui,
                product_class=said.product_class,
                serial=said.serial,
                manufacturer=said.manufacturer[:_LONGEST],
                firmware=said.firmware[:_LONGEST],
                root=DataModelRoot.DEVICE.value,
                why=Why.UNKNOWN,
                first_at=now,
                last_at=now,
            )
        )

    def _quarantine(self, endpoint: str) -> None:
        self._strangers[endpoint] = None
        if len(self._strangers) > _MOST_STRANGERS:
            del self._strangers[next(iter(self._strangers))]

    def _device(self, known: Device | None, said: Identity) -> Device:
        """The device as it is now known; who acts on one that was seen stays so."""
        now = self.clock()
        before = known or Device(
            id=device_id(said.oui, said.product_class, said.serial),
            tenant=self.options.tenant,
            oui=said.oui,
            product_class=said.product_class,
            serial=said.serial,
            model=said.product_class,
            controller=self.options.controller,
        )
        return replace(
            before,
            controller=before.taken_by(self.options.controller),
            manufacturer=said.manufacturer[:_LONGEST] or before.manufacturer,
            model=said.model[:_LONGEST] or before.model,
            firmware=said.firmware[:_LONGEST] or before.firmware,
            hardware=said.hardware[:_LONGEST] or before.hardware,
            last_seen=now,
        )

    async def _on_record(self, tx: Transaction, kind: str, payload: dict[str, str]) -> None:
        tenant = self.options.tenant
        await self.audit.append(tx, tenant=tenant, actor=_ACTOR, kind=kind, payload={**payload})
