"""Who and what a record is about: the ids that every other noun carries."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

TenantId = NewType("TenantId", str)
DeviceId = NewType("DeviceId", str)
SubscriberId = NewType("SubscriberId", str)
SiteId = NewType("SiteId", str)
NodeId = NewType("NodeId", str)
CaseId = NewType("CaseId", str)
ProposalId = NewType("ProposalId", str)
ChangeId = NewType("ChangeId", str)
BrokenGlassId = NewType("BrokenGlassId", str)
PermitId = NewType("PermitId", str)
PlanDigest = NewType("PlanDigest", str)
PrincipalId = NewType("PrincipalId", str)


class PrincipalKind(StrEnum):
    """A machine may ask and may carry out; only a person may approve."""

    PERSON = "person"
    MACHINE = "machine"


class Role(StrEnum):
    """What a principal is trusted with; what each role may do is decided in the access policy."""

    SUPPORT = "support"
    APPROVER = "approver"
    OPERATOR = "operator"
    AUTOMATION = "automation"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """An authenticated caller, within one tenant."""

    id: PrincipalId
    tenant: TenantId
    kind: PrincipalKind
    roles: frozenset[Role]
    groups: frozenset[str] = frozenset()
    owner: PrincipalId | None = None
    """The person who answers for a machine; None for a person, and where nobody said who."""
    scopes: frozenset[str] | None = None
    """The only actions the credential in hand is good for; None: whatever the roles allow."""
