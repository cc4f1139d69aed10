"""Whose a service is; of those that are here already nobody knows until somebody says."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was sealed without an owner still opens, and has none."""
    op.add_column("principals", sa.Column("owner", sa.Text(), nullable=True))
