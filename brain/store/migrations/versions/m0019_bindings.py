"""Which identities of the provider are people who are known here already."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "bindings",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("identity", name="pk_bindings"),
    )
    op.create_index("ix_bindings_tenant", "bindings", ["tenant"])
