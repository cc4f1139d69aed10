"""Devices: which controller acts on each, in place of over which protocol.

Until now a server had one controller for each protocol. A device on TR-069 that was heard from, and
never said to our own ACS where to call it, was heard by the operator's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the controllers."""
    op.alter_column("devices", "protocol", new_column_name="controller")
    op.execute(
        sa.text(
            "UPDATE devices SET controller = CASE "
            "WHEN last_seen IS NULL OR id IN (SELECT device FROM controllers) THEN 'acs' "
            "ELSE 'genieacs' END WHERE controller = 'cwmp'"
        )
    )
