"""Who is away, and who stands in for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    for name in ("delegations", "absences"):
        op.create_table(
            name,
            sa.Column("tenant", sa.Text(), nullable=False),
            sa.Column("id", sa.Text(), nullable=False),
            sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("tenant", "id", name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_tenant_ends_at", name, ["tenant", "ends_at"])
