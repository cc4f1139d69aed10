"""A change of the rules as everybody is shown it: with those whose approvals count as of now."""

from api.needs import Gatewright
from api.shapes.policy import PolicyChangeShape
from brain.domain.policy_change import PolicyChange


async def shown_now(gatewright: Gatewright, change: PolicyChange) -> PolicyChangeShape:
    """Somebody who approved it may have left the group, or have been shut out, since."""
    return PolicyChangeShape.of(change, await gatewright.activation.counted(change))
