"""Who may do what at the front door, asked of the same bundle as every plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Principal, Role, TenantId
from policies.answer import check_revision
from policies.bundle import Bundle
from policies.engine import ACCESS, ENTRY, Engine, RawAnswer
from policies.engines.embedded import EmbeddedEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody from the identity provider is here."""

    tenant: TenantId
    roles: frozenset[Role]
    groups: frozenset[str]
    revision: str
    """Of the policy that says so."""


class Access:
    """Asks in the process: no request waits for another server to learn that it is refused."""

    def __init__(self, bundle: Bundle, *, engine: Engine | None = None) -> None:
        self._engine: Engine = engine or EmbeddedEngine(bundle)
        self._revision = bundle.revision

    async def entry(self, groups: Sequence[str]) -> Entry | None:
        """What these groups make of somebody; None when policy lets nobody in with them.

        Raises PolicyUnavailable when there is no answer from the active bundle. One that cannot be
        read is None.
        """
        return _read(await self._ask(ENTRY, {"groups": [*groups]}))

    async def allowed(
        self, principal: Principal, action: str, *, tenant: TenantId | None = None
    ) -> bool:
        """Whether this principal may do this, in its own tenant unless another is named.

        Raises PolicyUnavailable when there is no answer from the active bundle: nobody is told
        then that their roles lack something. Of the answers, anything but a plain yes is no.
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
        raw = await self._ask(ACCESS, question)
        return raw.result is True

    async def _ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        try:
            raw = await self._engine.ask(entrypoint, question)
            check_revision(raw, self._revision)
        except PolicyUnavailable as error:
            raise PolicyUnavailable(
                f"policy cannot be asked, so nobody may do anything just now: {error.message}",
                remedy=error.remedy or "Try again; `gatewright doctor` says what is wrong.",
            ) from error
        return raw


def _read(raw: RawAnswer) -> Entry | None:
    said = raw.result
    if not isinstance(said, dict) or said.keys() != {"tenant", "roles", "groups"}:
        return None
    tenant, roles, groups = said["tenant"], _words(said["roles"]), _words(said["groups"])
    if not isinstance(tenant, str) or not tenant or not roles or groups is None:
        return None
    if not roles <= {role.value for role in Role}:
        return None
    return Entry(
        tenant=TenantId(tenant),
        roles=frozenset(map(Role, roles)),
        groups=groups,
        revision=raw.revision,
    )


def _words(said: Json) -> frozenset[str] | None:
    """A set of texts, or None for anything else."""
    if not isinstance(said, list):
        return None
    found = frozenset(each for each in said if isinstance(each, str) and each)
    return found if len(found) == len(said) else None
