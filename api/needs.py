"""What the front door needs of the wired application."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from brain.addresses import Addresses
from brain.domain.identity import Principal, TenantId
from brain.domain.incident import Case
from brain.domain.ports import Clock, NewId
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import AuditReport
from brain.ledger.ledger import Ledger
from brain.planner.events import PlannerEvent
from brain.remediation.desk import RemediationDesk
from brain.store.store import Store
from policies.access import Entry
from policies.activation import Activation
from policies.bundle import Bundle
from policies.bundle_signing import BundleSigner


class Access(Protocol):
    """Policy's answer to what a role may do. PolicyUnavailable when it cannot be asked."""

    async def allowed(self, principal: Principal, action: str) -> bool:
        """Whether this principal may do this action in its own tenant."""

    async def entry(self, groups: Sequence[str]) -> Entry | None:
        """What groups of the identity provider make of somebody; None: nothing."""

    @property
    def revision(self) -> str:
        """The policy that answers."""


class Policy(Protocol):
    """The active bundle, and when it is another."""

    @property
    def bundle(self) -> Bundle:
        """The active one."""

    @property
    def engine(self) -> str:
        """The name of the engine that judges plans."""

    async def trouble(self) -> str:
        """Why the engine cannot be asked just now, in words; empty when it can."""

    async def other_than(self, revision: str, *, within: timedelta) -> Bundle:
        """The active one once it is not of this revision; the same one when the time is up."""


class Plans(Protocol):
    """The planner, as a conversation needs it."""

    def run(self, case: Case, text: str, asker: Principal) -> AsyncIterator[PlannerEvent]:
        """Work on what was said; the last event is ``done``."""


class Gatewright(Protocol):
    """The wired application: see ``brain.wiring``."""

    # ruff: noqa: D102 - each part says itself what it is
    @property
    def store(self) -> Store: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def audit(self) -> AuditTrail: ...
    @property
    def planner(self) -> Plans: ...
    @property
    def access(self) -> Access: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def activation(self) -> Activation: ...
    @property
    def bundle_signer(self) -> BundleSigner: ...
    @property
    def remediation(self) -> RemediationDesk: ...
    @property
    def addresses(self) -> Addresses: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def new_id(self) -> NewId: ...

    async def health(self) -> Mapping[str, bool]:
        """Whether each part that is needed works."""

    async def verify_audit(self, tenant: TenantId) -> AuditReport:
        """Walk a tenant's chain."""
