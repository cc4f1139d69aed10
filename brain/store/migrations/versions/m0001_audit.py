"""The audit chain, which the database itself refuses to alter."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_RAISE = "RAISE(ABORT, 'the audit chain is append-only')"

_SQLITE = (
    f"""CREATE TRIGGER audit_records_keep_update BEFORE UPDATE ON audit_records
    BEGIN SELECT {_RAISE}; END""",
    f"""CREATE TRIGGER audit_records_keep_delete BEFORE DELETE ON audit_records
    BEGIN SELECT {_RAISE}; END""",
    # INSERT OR REPLACE deletes without firing the trigger for it.
    """CREATE TRIGGER audit_records_keep_replace BEFORE INSERT ON audit_records
    WHEN EXISTS (SELECT 1 FROM audit_records WHERE tenant = NEW.tenant AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END""",
    f"""CREATE TRIGGER audit_heads_keep_delete BEFORE DELETE ON audit_heads
    BEGIN SELECT {_RAISE}; END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit chain is append-only'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER audit_records_keep BEFORE UPDATE OR DELETE ON audit_records
    FOR EACH ROW EXECUTE FUNCTION audit_keep()""",
    """CREATE TRIGGER audit_records_keep_all BEFORE TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep()""",
    """CREATE TRIGGER audit_heads_keep BEFORE DELETE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_keep()""",
    """CREATE TRIGGER audit_heads_keep_all BEFORE TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep()""",
)


def upgrade() -> None:
    """Make the tables and the triggers that keep them."""
    op.create_table(
        "audit_records",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "seq", name="pk_audit_records"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_audit_heads"),
    )
    triggers = _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE
    for trigger in triggers:
        op.execute(trigger)
