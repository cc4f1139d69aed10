"""What devices said of their health before they were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "vital_signs",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "change"],
            ["changes.tenant", "changes.id"],
            name="fk_vital_signs_tenant_change",
        ),
        sa.PrimaryKeyConstraint("tenant", "change", name="pk_vital_signs"),
    )
