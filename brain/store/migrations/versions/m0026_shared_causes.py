"""What counting by scope and by trouble needs: two columns, and indices that are read in order."""

import json

import sqlalchemy as sa
from alembic import context, op

from brain.store.cipher import Cipher

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

_PAGE = 1000
_TROUBLES = sa.text("kind IN ('boot', 'value_change')")
_sites = sa.table(
    "sites",
    sa.column("tenant", sa.Text()),
    sa.column("id", sa.Text()),
    sa.column("sealed", sa.LargeBinary()),
    sa.column("area", sa.Text()),
)


def upgrade() -> None:
    """Add them, and give every site of before the digest of its area."""
    op.add_column("devices", sa.Column("inform_every", sa.Integer(), nullable=True))
    op.add_column("sites", sa.Column("area", sa.Text(), nullable=True))
    _fill_areas(context.config.attributes["cipher"])
    op.create_index(
        "ix_devices_software", "devices", ["tenant", "manufacturer", "model", "firmware", "id"]
    )
    for table, column in (("devices", "access_node"), ("nodes", "parent")):
        op.drop_index(f"ix_{table}_tenant_{column}", table)
        op.create_index(f"ix_{table}_tenant_{column}_id", table, ["tenant", column, "id"])
    op.create_index("ix_sites_tenant_area", "sites", ["tenant", "area"])
    op.create_index(
        "ix_events_troubles",
        "events",
        ["tenant", "at"],
        sqlite_where=_TROUBLES,
        postgresql_where=_TROUBLES,
    )


def _fill_areas(cipher: Cipher) -> None:
    """Page by page: there may be a million homes."""
    key = sa.tuple_(_sites.c.tenant, _sites.c.id)
    page = sa.select(_sites).order_by(_sites.c.tenant, _sites.c.id).limit(_PAGE)
    rows = op.get_bind().execute(page).all()
    while rows:
        for row in rows:
            _fill(cipher, row)
        after = sa.tuple_(sa.literal(rows[-1].tenant), sa.literal(rows[-1].id))
        rows = op.get_bind().execute(page.where(key > after)).all()


def _fill(cipher: Cipher, row: sa.Row[tuple[str, str, bytes, str]]) -> None:
    place = "\0".join(("sites", row.tenant, row.id)).encode("utf-8", "surrogatepass")
    area = json.loads(cipher.decrypt(row.sealed, place)).get("area", "").strip().casefold()
    if area:
        within = "\0".join(("areas", row.tenant)).encode("utf-8", "surrogatepass")
        mine = sa.and_(_sites.c.tenant == row.tenant, _sites.c.id == row.id)
        given = sa.update(_sites).where(mine).values(area=cipher.blind(area, within).hex())
        op.get_bind().execute(given)
