"""Carrying changes out: permits, leases, backups, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "leases",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "device"], ["devices.tenant", "devices.id"], name="fk_leases_tenant_device"
        ),
        sa.PrimaryKeyConstraint("device", name="pk_leases"),
    )
    op.create_table(
        "backups",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"], ["changes.tenant", "changes.id"], name="fk_backups_tenant_change"
        ),
        sa.PrimaryKeyConstraint("tenant", "change", name="pk_backups"),
    )
    op.create_table(
        "executions",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"],
            ["changes.tenant", "changes.id"],
            name="fk_executions_tenant_change",
        ),
        sa.PrimaryKeyConstraint("row", name="pk_executions"),
    )
    op.create_index("ix_executions_tenant_change", "executions", ["tenant", "change"])
    op.create_table(
        "outcomes",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("already", sa.Boolean(), nullable=False),
        sa.Column("needs_reboot", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"], ["changes.tenant", "changes.id"], name="fk_outcomes_tenant_change"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_tenant_change", "outcomes", ["tenant", "change"])
    op.create_table(
        "permits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.Text(), nullable=False),
        sa.Column("policy_revision", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("minted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "change"], ["changes.tenant", "changes.id"], name="fk_permits_tenant_change"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_permits"),
    )
    op.create_index("ix_permits_tenant_change", "permits", ["tenant", "change"])
