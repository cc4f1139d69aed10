"""The caller, the kill switch, the audit trail and health."""

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.audit import AuditRecord
from brain.domain.identity import PrincipalKind, Role

if TYPE_CHECKING:
    from brain.ledger.audit_words import SaidThen


class MeShape(Shape):
    """Who you are here, and what you may do."""

    id: str
    name: str = Field(description="How people know you; a log or a record names you by id.")
    tenant: str
    kind: PrincipalKind
    roles: list[Role]
    groups: list[str]
    scopes: list[str] | None = Field(
        description="The only actions that this token is good for; null: no such limit."
    )
    actions: list[str] = Field(examples=[["read", "chat"]])


class HaltShape(Shape):
    """Whether the kill switch is on. While it is, policy lets no change through."""

    halted: bool


class AuditEntryShape(Shape):
    """One entry of the audit chain."""

    seq: int
    at: datetime
    actor: str
    kind: str = Field(examples=["change.approved"])
    payload: str = Field(description="Canonical JSON, byte for byte as it was hashed.")
    prev_hash: str
    hash: str
    words: dict[str, str] = Field(
        description="What somebody typed then. It is kept apart and leaves with no export: the "
        "payload has keyed digests of it.",
        examples=[{"reason": "OLT maintenance in the north"}],
    )
    words_as_written: bool | None = Field(
        description="Whether it is what the trail was given; null: nobody typed anything."
    )

    @classmethod
    def of(cls, entry: AuditRecord, said: "SaidThen") -> "AuditEntryShape":
        """The entry, and what was said at it."""
        return cls(
            seq=entry.seq,
            at=entry.at,
            actor=entry.actor,
            kind=entry.kind,
            payload=entry.payload,
            prev_hash=entry.prev_hash,
            hash=entry.hash,
            words=dict(said.words),
            words_as_written=said.as_written,
        )


class AuditProblemShape(Shape):
    """One thing that is wrong with a trail, and at which entry."""

    code: str = Field(examples=["altered"])
    seq: int
    message: str
    line: int = Field(0, description="Of the exported file; 0 when the store was checked.")


class AuditReportShape(Shape):
    """What verifying the chain found."""

    tenant: str
    ok: bool
    records: int
    checkpoints: int = Field(description="Signed checkpoints that the trail was held against.")
    problems: list[AuditProblemShape]
    signed_by: str = Field("", description="The fingerprint of the key that signed the end.")


class LiveShape(Shape):
    """The process answers."""

    status: str = "ok"


class ReadyShape(Shape):
    """Whether every part that is needed works."""

    status: str = "ok"
    checks: dict[str, bool] = Field(examples=[{"store": True, "policy": True}])
