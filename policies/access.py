"""Who may do what at the front door, asked of the same bundle as every plan."""

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Principal, TenantId
from policies.bundle import Bundle
from policies.engine import ACCESS, Engine
from policies.engines.embedded import EmbeddedEngine


class Access:
    """Asks in the process: no request waits for another server to learn that it is refused."""

    def __init__(self, bundle: Bundle, *, engine: Engine | None = None) -> None:
        self._engine: Engine = engine or EmbeddedEngine(bundle)
        self._revision = bundle.revision

    async def allowed(
        self, principal: Principal, action: str, *, tenant: TenantId | None = None
    ) -> bool:
        """Whether this principal may do this, in its own tenant unless another is named.

        Anything but a plain yes from the active bundle is no.
        """
        question: dict[str, Json] = {
            "action": str(action),
            "principal": {
                "id": principal.id,
                "kind": principal.kind.value,
                "roles": [role.value for role in sorted(principal.roles)],
                "tenant": principal.tenant,
            },
            "scopes": None if principal.scopes is None else [*sorted(principal.scopes)],
            "tenant": principal.tenant if tenant is None else tenant,
        }
        try:
            raw = await self._engine.ask(ACCESS, question)
        except PolicyUnavailable:
            return False
        return raw.revision == self._revision and raw.result is True
