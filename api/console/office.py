"""What the pages of the console work with."""

from dataclasses import dataclass

from api.console.visitors import Visitors
from api.conversation import Conversations
from api.masking import Mask
from api.needs import Gatewright
from api.rest.road import road_of
from api.shapes.changes import RoadShape
from brain.domain.errors import NotFound
from brain.domain.identity import ChangeId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The open application, and the parts of the front door that the API uses too."""

    gatewright: Gatewright
    conversations: Conversations
    mask: Mask
    visitors: Visitors

    async def road(self, tenant: TenantId, change: str) -> RoadShape:
        """The whole road of a change, its secrets masked; NotFound."""
        async with self.gatewright.store.read() as tx:
            record = await tx.changes.get(tenant, ChangeId(change))
            if record is None:
                raise NotFound(f"there is no change {change}")
            return await road_of(tx, record, self.mask)
