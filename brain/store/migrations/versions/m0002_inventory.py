"""The inventory: sites, subscribers, access nodes and devices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "nodes",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "parent"], ["nodes.tenant", "nodes.id"], name="fk_nodes_tenant_parent"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_nodes"),
    )
    op.create_index("ix_nodes_tenant_parent", "nodes", ["tenant", "parent"])
    op.create_table(
        "sites",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_sites"),
    )
    op.create_table(
        "subscribers",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_subscribers"),
    )
    op.create_table(
        "devices",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("oui", sa.Text(), nullable=False),
        sa.Column("product_class", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("manufacturer", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("hardware", sa.Text(), nullable=False),
        sa.Column("data_model_version", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("subscriber", sa.Text(), nullable=True),
        sa.Column("access_node", sa.Text(), nullable=True),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "access_node"],
            ["nodes.tenant", "nodes.id"],
            name="fk_devices_tenant_access_node",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "site"], ["sites.tenant", "sites.id"], name="fk_devices_tenant_site"
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "subscriber"],
            ["subscribers.tenant", "subscribers.id"],
            name="fk_devices_tenant_subscriber",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_devices"),
        sa.UniqueConstraint("id", name="uq_devices_id"),
    )
    op.create_index("ix_devices_tenant_access_node", "devices", ["tenant", "access_node"])
    op.create_index("ix_devices_tenant_site", "devices", ["tenant", "site"])
    op.create_index("ix_devices_tenant_subscriber", "devices", ["tenant", "subscriber"])
    op.create_table(
        "subscriber_words",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "subscriber"],
            ["subscribers.tenant", "subscribers.id"],
            name="fk_subscriber_words_tenant_subscriber",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "digest", "subscriber", name="pk_subscriber_words"),
    )
    op.create_index(
        "ix_subscriber_words_tenant_subscriber", "subscriber_words", ["tenant", "subscriber"]
    )
