"""Answers, sealed and numbered. Those kept in the open before prove nothing, and are dropped.

A change that was approved and not begun is refused its permit then, and is asked for again. Who
answered what stays in the audit trail.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Exchange the table."""
    op.drop_table("approvals")
    op.create_table(
        "approvals",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"],
            ["changes.tenant", "changes.id"],
            name="fk_approvals_tenant_change",
        ),
        sa.PrimaryKeyConstraint("tenant", "change", "number", name="pk_approvals"),
    )
