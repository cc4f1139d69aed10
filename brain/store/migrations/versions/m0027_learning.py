"""How changes fared, where autonomy stands, and shadows. What was carried out before counts."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

_KIND = ("cause", "templates", "manufacturer", "model", "firmware")
_READINGS = ("promised", "before", "after", "gain")
_SUMS = ("tried", "succeeded", "measured")

_CARRIED_OUT = """
INSERT INTO fared (tenant, change, device, cause, templates, manufacturer, model, firmware,
                   metric, held, at)
SELECT c.tenant, c.id, c.device, c.cause, c.templates, d.manufacturer, d.model, c.firmware,
       '', c.state = 'succeeded', c.created_at
FROM changes c JOIN devices d ON d.tenant = c.tenant AND d.id = c.device
WHERE c.state IN ('succeeded', 'rolled_back', 'unknown')
   OR (c.state = 'failed' AND EXISTS (
       SELECT 1 FROM outcomes o WHERE o.tenant = c.tenant AND o.change = c.id))
"""
_SUMMED = """
INSERT INTO fared_kinds (tenant, cause, templates, manufacturer, model, firmware,
                         tried, succeeded, measured, shares, squares)
SELECT tenant, cause, templates, manufacturer, model, firmware,
       count(*), sum(CASE WHEN held THEN 1 ELSE 0 END), 0, 0, 0
FROM fared GROUP BY tenant, cause, templates, manufacturer, model, firmware
"""


def upgrade() -> None:
    """Make the tables, and count what was carried out before."""
    _make_fared()
    _make_autonomy()
    _make_shadows()
    op.execute(_CARRIED_OUT)
    op.execute(_SUMMED)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_fared() -> None:
    op.create_table(
        "fared",
        *_words("tenant", "change", "device", *_KIND, "metric"),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in _READINGS),
        sa.Column("watched", sa.Float(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=True),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["tenant", "change"], ["changes.tenant", "changes.id"], name="fk_fared_tenant_change"
        ),
        sa.PrimaryKeyConstraint("tenant", "change", name="pk_fared"),
    )
    op.create_index(
        "ix_fared_tenant_cause_manufacturer_model_at",
        "fared",
        ["tenant", "cause", "manufacturer", "model", "at"],
    )
    op.create_index("ix_fared_tenant_device_at", "fared", ["tenant", "device", "at"])
    op.create_table(
        "fared_kinds",
        *_words("tenant", *_KIND),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _SUMS),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("shares", "squares")),
        sa.PrimaryKeyConstraint("tenant", *_KIND, name="pk_fared_kinds"),
    )


def _make_autonomy() -> None:
    op.create_table(
        "autonomy",
        *_words("tenant", "cause", "manufacturer", "model"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "cause", "manufacturer", "model", name="pk_autonomy"),
    )


def _make_shadows() -> None:
    op.create_table(
        "shadows",
        *_words("tenant", "proposal", "device", "cause", "manufacturer", "model", "author"),
        *_words("templates"),
        _moment("made_at"),
        _moment("until"),
        *_words("end"),
        _moment("ended_at", nullable=True),
        *_words("seen"),
        sa.ForeignKeyConstraint(
            ["tenant", "proposal"],
            ["proposals.tenant", "proposals.id"],
            name="fk_shadows_tenant_proposal",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "device"], ["devices.tenant", "devices.id"], name="fk_shadows_tenant_device"
        ),
        sa.PrimaryKeyConstraint("tenant", "proposal", name="pk_shadows"),
    )
    op.create_index("ix_shadows_tenant_device_end", "shadows", ["tenant", "device", "end"])
    op.create_index("ix_shadows_end_until", "shadows", ["end", "until"])
    op.create_index("ix_shadows_tenant_made_at", "shadows", ["tenant", "made_at"])
