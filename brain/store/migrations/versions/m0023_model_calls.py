"""Calls to language models, case by case."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "model_calls",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "case"],
            ["cases.tenant", "cases.id"],
            name="fk_model_calls_tenant_case",
        ),
        sa.PrimaryKeyConstraint("row", name="pk_model_calls"),
    )
    op.create_index("ix_model_calls_tenant_case", "model_calls", ["tenant", "case"])
