"""Who changed what, on which firmware; numbers over time; and what a reset device said before."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the events and make the tables."""
    op.add_column("events", sa.Column("by", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("firmware", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_index("ix_events_kind_at", "events", ["kind", "at"])
    op.create_table(
        "measures",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "device"],
            ["devices.tenant", "devices.id"],
            name="fk_measures_tenant_device",
        ),
        sa.PrimaryKeyConstraint("tenant", "device", "page", name="pk_measures"),
    )
    op.create_index("ix_measures_page", "measures", ["page"])
    op.create_table(
        "forgotten",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "device"],
            ["devices.tenant", "devices.id"],
            name="fk_forgotten_tenant_device",
        ),
        sa.PrimaryKeyConstraint("tenant", "device", name="pk_forgotten"),
    )
