"""Seals what everybody may do, as it is now; whoever is signed in signs in again."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from brain.store.cipher import Cipher

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_principals = sa.table(
    "principals",
    *(sa.column(name, sa.Text()) for name in ("tenant", "id", "kind", "roles", "groups")),
    sa.column("disabled", sa.Boolean()),
    sa.column("sealed", sa.LargeBinary()),
)
_tokens = sa.table(
    "tokens",
    *(sa.column(name, sa.Text()) for name in ("hash", "tenant", "principal", "name", "scopes")),
    sa.column("created_at", _TIME),
    sa.column("expires_at", _TIME),
    sa.column("sealed", sa.LargeBinary()),
)
_users = sa.table(
    "users",
    *(sa.column(name, sa.Text()) for name in ("name", "tenant")),
    sa.column("password_hash", sa.LargeBinary()),
)


def upgrade() -> None:
    """A row that is altered from here on is refused."""
    cipher: Cipher = context.config.attributes["cipher"]
    op.add_column("principals", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.add_column("tokens", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    for row in op.get_bind().execute(sa.select(_principals)).all():
        _seal_principal(cipher, row)
    for row in op.get_bind().execute(sa.select(_tokens)).all():
        _seal_token(cipher, row)
    for row in op.get_bind().execute(sa.select(_users)).all():
        _move_password(cipher, row)
    op.execute(sa.text("DELETE FROM sessions"))
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=False))


def _seal_principal(cipher: Cipher, row: Any) -> None:
    trust = {
        "kind": row.kind,
        "roles": json.loads(row.roles),
        "groups": json.loads(row.groups),
        "disabled": bool(row.disabled),
    }
    sealed = _sealed(cipher, trust, "principals", row.tenant, row.id)
    this = (_principals.c.tenant == row.tenant, _principals.c.id == row.id)
    op.execute(_principals.update().where(*this).values(sealed=sealed))


def _seal_token(cipher: Cipher, row: Any) -> None:
    record = {
        "tenant": row.tenant,
        "principal": row.principal,
        "name": row.name,
        "scopes": None if row.scopes is None else json.loads(row.scopes),
        "created_at": _said(row.created_at),
        "expires_at": _said(row.expires_at),
        "used_at": None,
    }
    sealed = _sealed(cipher, record, "tokens", row.hash)
    op.execute(_tokens.update().where(_tokens.c.hash == row.hash).values(sealed=sealed))


def _move_password(cipher: Cipher, row: Any) -> None:
    """Bound to the tenant, too: a name moved to another would be somebody else there."""
    plain = cipher.decrypt(row.password_hash, _place("users", row.name))
    moved = cipher.encrypt(plain, _place("users", row.tenant, row.name))
    op.execute(_users.update().where(_users.c.name == row.name).values(password_hash=moved))


def _said(at: datetime | None) -> str | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _sealed(cipher: Cipher, document: dict[str, Any], *place: str) -> bytes:
    return cipher.encrypt(json.dumps(document).encode(), _place(*place))


def _place(*place: str) -> bytes:
    return "\0".join(place).encode("utf-8", "surrogatepass")
