"""Changes: their plans, the verdicts on them and the answers to them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plans",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "digest", name="pk_plans"),
    )
    op.create_table(
        "verdicts",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=True),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "decision_id", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_tenant_change", "verdicts", ["tenant", "change"])
    op.create_index("ix_verdicts_tenant_decided_at", "verdicts", ["tenant", "decided_at"])
    op.create_table(
        "changes",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("templates", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approval_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("execution_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "device"], ["devices.tenant", "devices.id"], name="fk_changes_tenant_device"
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "plan_digest"],
            ["plans.tenant", "plans.digest"],
            name="fk_changes_tenant_plan_digest",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_changes"),
        sa.UniqueConstraint("id", name="uq_changes_id"),
    )
    op.create_index("ix_changes_state", "changes", ["state"])
    op.create_index("ix_changes_tenant_created_at", "changes", ["tenant", "created_at"])
    op.create_index(
        "ix_changes_tenant_device_created_at", "changes", ["tenant", "device", "created_at"]
    )
    op.create_index(
        "ix_changes_tenant_templates_cause", "changes", ["tenant", "templates", "cause"]
    )
    op.create_table(
        "approvals",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("policy_revision", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"],
            ["changes.tenant", "changes.id"],
            name="fk_approvals_tenant_change",
        ),
        sa.PrimaryKeyConstraint("row", name="pk_approvals"),
    )
    op.create_index("ix_approvals_tenant_change", "approvals", ["tenant", "change"])
