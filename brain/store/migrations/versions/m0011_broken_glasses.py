"""Broken glasses, and their reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "broken_glasses",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"],
            ["changes.tenant", "changes.id"],
            name="fk_broken_glasses_tenant_change",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_broken_glasses"),
        sa.UniqueConstraint("tenant", "change", name="uq_broken_glasses_tenant_change"),
    )
    op.create_index(
        "ix_broken_glasses_reviewed_at_due_at", "broken_glasses", ["reviewed_at", "due_at"]
    )
