"""Who may come in, with which credentials, who was turned away, and how devices are reached."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "device_credentials",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_device("device_credentials"),
        sa.PrimaryKeyConstraint("device", name="pk_device_credentials"),
        sa.UniqueConstraint("username", name="uq_device_credentials_username"),
    )
    op.create_table(
        "registrations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        _of_device("registrations"),
        sa.PrimaryKeyConstraint("tenant", "device", name="pk_registrations"),
    )
    op.create_index("ix_registrations_tenant_mac", "registrations", ["tenant", "mac"])
    op.create_table(
        "strangers",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "tenant",
                "device",
                "oui",
                "product_class",
                "serial",
                "manufacturer",
                "firmware",
                "root",
                "why",
                "answer",
            )
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "device", name="pk_strangers"),
    )
    op.create_index(
        "ix_strangers_tenant_answer_last_at", "strangers", ["tenant", "answer", "last_at"]
    )
    op.create_table(
        "reachabilities",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_device("reachabilities"),
        sa.PrimaryKeyConstraint("tenant", "device", name="pk_reachabilities"),
    )


def _of_device(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant", "device"],
        ["devices.tenant", "devices.id"],
        name=f"fk_{table}_tenant_device",
    )
