"""What policy was asked, encrypted. What was kept in the open before is dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Exchange the column."""
    op.drop_column("verdicts", "input")
    op.add_column("verdicts", sa.Column("question", sa.LargeBinary(), nullable=True))
