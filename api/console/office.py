"""What the pages of the console work with."""

from dataclasses import dataclass, field

from api.actions import Action
from api.auth import check_may
from api.console.visitors import Visitors
from api.conversation import Conversations
from api.door import Door
from api.masking import Mask
from api.needs import Gatewright
from api.oidc import Provider
from api.rest.road import road_of
from api.shapes.changes import RoadShape
from brain.domain.errors import Forbidden, NotFound
from brain.domain.identity import ChangeId, Principal, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The open application, and the parts of the front door that the API uses too."""

    gatewright: Gatewright
    conversations: Conversations
    mask: Mask
    visitors: Visitors
    door: Door = field(default_factory=Door)

    @property
    def provider(self) -> Provider | None:
        """The identity provider, where there is one."""
        return self.door.provider

    async def still(self, who: Principal, action: Action) -> Principal:
        """Whoever opened the page, as they are known now, with this action allowed.

        A page stays open for hours, and its token may be revoked meanwhile. Raises Forbidden.
        """
        now = await self.visitors.principal()
        if now is None or (now.tenant, now.id) != (who.tenant, who.id):
            raise Forbidden("you are no longer signed in here", remedy="Sign in again.")
        await check_may(self.gatewright, now, action)
        return now

    async def road(self, tenant: TenantId, change: str) -> RoadShape:
        """The whole road of a change, its secrets masked; NotFound."""
        async with self.gatewright.store.read() as tx:
            record = await tx.changes.get(tenant, ChangeId(change))
            if record is None:
                raise NotFound(f"there is no change {change}")
            return await road_of(tx, record, self.mask)
