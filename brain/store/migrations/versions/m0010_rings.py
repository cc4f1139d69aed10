"""The ring of a device: how early it gets what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said anything of the devices that are there."""
    op.add_column("devices", sa.Column("ring", sa.Text(), nullable=True))
