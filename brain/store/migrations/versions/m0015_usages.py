"""Usages: where and when each change was given leave to write, for rates and blast radius."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. What was begun before is not counted: within an hour it would be over."""
    op.create_table(
        "usages",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("port", sa.Text(), nullable=True),
        sa.Column("olt", sa.Text(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"], ["changes.tenant", "changes.id"], name="fk_usages_tenant_change"
        ),
        sa.PrimaryKeyConstraint("tenant", "change", name="pk_usages"),
    )
    op.create_index("ix_usages_tenant_began_at", "usages", ["tenant", "began_at"])
