"""Agents: which device each endpoint of USP is, and how it came last. Sealed to the endpoint."""

from sqlalchemy import Executable, ForeignKeyConstraint, Index, Table, bindparam, delete, select

from brain.domain.agent import Agent
from brain.domain.identity import DeviceId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

agents = Table(
    "agents",
    metadata,
    words("endpoint", key=True),
    words("tenant"),
    words("device"),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index("ix_agents_device", "device", unique=True),
)
_codec = Codec(Agent, "agent")
_by_endpoint = select(agents).where(agents.c.endpoint == bindparam("of"))
_by_device = select(agents).where(agents.c.device == bindparam("of"))
_drop = delete(agents).where(agents.c.device == bindparam("of"))


class Agents(Repository):
    """For controllers only, which know endpoints and not tenants."""

    __slots__ = ()

    async def put(self, agent: Agent) -> None:
        """Keep it, in place of what the device had before and of what the endpoint was before."""
        await self._db.run(_drop, {"of": agent.device})
        document = self._seal(_codec, agent, "agents", agent.tenant, agent.endpoint, agent.device)
        row = {"endpoint": agent.endpoint, "tenant": agent.tenant, "device": agent.device}
        await self._upsert(agents, {**row, "sealed": document})

    async def by_endpoint(self, endpoint: str) -> Agent | None:
        """The agent that names itself so, or None when none ever did."""
        return await self._one(_by_endpoint, endpoint)

    async def by_device(self, device: DeviceId) -> Agent | None:
        """The device's agent, or None when it never spoke USP."""
        return await self._one(_by_device, device)

    async def _one(self, statement: Executable, of: str) -> Agent | None:
        row = await self._db.row(statement, {"of": of})
        if row is None:
            return None
        return self._open(_codec, row.sealed, "agents", row.tenant, row.endpoint, row.device)
