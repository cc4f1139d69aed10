"""Cases: what was said in them, and what the planner proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "proposals",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_tenant_case", "proposals", ["tenant", "case"])
    op.create_index("ix_proposals_tenant_made_at", "proposals", ["tenant", "made_at"])
    op.create_table(
        "cases",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "device"], ["devices.tenant", "devices.id"], name="fk_cases_tenant_device"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_cases"),
    )
    op.create_index("ix_cases_tenant_opened_at", "cases", ["tenant", "opened_at"])
    op.create_table(
        "messages",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "case"], ["cases.tenant", "cases.id"], name="fk_messages_tenant_case"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_messages"),
    )
    op.create_index("ix_messages_tenant_case", "messages", ["tenant", "case"])
