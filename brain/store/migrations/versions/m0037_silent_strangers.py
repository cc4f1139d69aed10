"""Strangers: who was silent longest is found without going through all of them."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_strangers_tenant_last_at_device", "strangers", ["tenant", "last_at", "device"]
    )
