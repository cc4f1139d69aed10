"""When an unattended change was written, and which version of its change an incident tells of."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was spent before was not written yet, as far as anybody knows."""
    op.add_column(
        "unattended_spendings", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "incidents",
        sa.Column("change_version", sa.Integer(), nullable=False, server_default="0"),
    )
