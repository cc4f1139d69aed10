"""PostgreSQL keeps the audit trail from the very role that the product connects as."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from api.cli.main import app
from brain.domain.identity import TenantId
from brain.ids import utc_now
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_verify import verify
from brain.store.cipher import Cipher
from brain.store.store import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
TENANT = TenantId("north")
KEY = Ed25519PrivateKey.generate()
ATTACKS = [
    "UPDATE audit_records SET actor = 'eva'",
    "DELETE FROM audit_records",
    "TRUNCATE audit_records",
    "DELETE FROM audit_heads",
    "TRUNCATE audit_heads",
    "DROP TRIGGER audit_records_keep ON audit_records",
    "ALTER TABLE audit_records DISABLE TRIGGER ALL",
    "ALTER TABLE audit_records DISABLE TRIGGER audit_records_keep",
    "ALTER TABLE audit_records RENAME TO elsewhere",
    "DROP TABLE audit_records",
    "DROP TABLE audit_records CASCADE",
    "DROP FUNCTION audit_keep() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NEW; END $$",
    "ALTER TABLE audit_records OWNER TO CURRENT_USER",
    "GRANT ALL ON audit_records TO CURRENT_USER",
    "CREATE RULE nothing AS ON INSERT TO audit_records DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "SET ROLE {keeper}",
]


@pytest.fixture
def roles(postgres_url: str) -> Iterator[tuple[str, str, str]]:
    """A database that an administrator owns, the product's role in it, and the keeper's name."""
    name = uuid4().hex[:12]
    database, role, keeper = f"d{name}", f"product_{name}", f"keeper_{name}"
    url = postgres_url.replace("/postgres?", f"/{database}?")
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {database}")
        admin.execute(f"CREATE ROLE {role} LOGIN")
        with psycopg.connect(url, autocommit=True) as inside:
            inside.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {role}")
        yield url, role, keeper
        admin.execute(f"DROP DATABASE {database} WITH (FORCE)")
        admin.execute(f"DROP ROLE {role}")
        admin.execute(f"DROP ROLE IF EXISTS {keeper}")


@pytest.fixture
async def protected(roles: tuple[str, str, str]) -> tuple[str, str]:
    """The product made its tables as its own role; then the administrator ran the printed SQL."""
    url, role, keeper = roles
    own = url.replace("postgres:@", f"{role}:@")
    assert own != url, "the URL names no user"
    store = await Store.open(own, Cipher(bytes(32)))
    await store.migrate()
    await append(store)
    await store.close()
    printed = CliRunner().invoke(
        app, ["audit", "protect", role, "--keeper", keeper], env={"COLUMNS": "400"}
    )
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(printed.stdout)
    return own, keeper


async def append(store: Store) -> None:
    async with store.begin() as tx:
        trail = AuditTrail(KEY.sign, utc_now)
        await trail.append(tx, tenant=TENANT, actor="ana", kind="k", payload={"a": 1})


async def test_the_product_goes_on_adding_to_a_protected_trail(
    protected: tuple[str, str],
) -> None:
    store = await Store.open(protected[0], Cipher(bytes(32)))
    await store.migrate()  # as every start does
    await append(store)

    report = await verify(store, TENANT, KEY.public_key().public_bytes_raw(), None)

    await store.close()
    assert (report.ok, report.records) == (True, 2)


def refusal(product: "psycopg.Connection[tuple[object, ...]]", statement: str) -> str:
    """The SQLSTATE it ended in; 00000 when it was done."""
    try:
        product.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate or ""
    return "00000"


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_role_of_the_product_can_neither_alter_the_trail_nor_what_keeps_it(
    protected: tuple[str, str], attack: str
) -> None:
    url, keeper = protected
    with psycopg.connect(url) as product:
        before = product.execute("SELECT * FROM audit_records").fetchall()
    assert before

    with psycopg.connect(url, autocommit=True) as product:
        refused = refusal(product, attack.format(keeper=keeper))
    # No privilege, or what the triggers say; a GRANT that grants nothing is a warning only.
    assert refused in {"42501", "23000"} or attack.startswith("GRANT")

    with psycopg.connect(url) as product:
        assert product.execute("SELECT * FROM audit_records").fetchall() == before
        with pytest.raises(psycopg.Error):
            product.execute("DELETE FROM audit_records")


def test_an_unprotected_owner_could_drop_what_keeps_the_trail(
    roles: tuple[str, str, str],
) -> None:
    """Why the SQL is worth running: whoever owns a table can drop its triggers."""
    url, role, _ = roles
    own = url.replace("postgres:@", f"{role}:@")
    with psycopg.connect(own, autocommit=True) as product:
        product.execute("CREATE TABLE audit_records (a int)")
        product.execute(
            "CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$"
        )
        product.execute(
            "CREATE TRIGGER audit_records_keep BEFORE DELETE ON audit_records"
            " FOR EACH ROW EXECUTE FUNCTION audit_keep()"
        )
        product.execute("INSERT INTO audit_records VALUES (1)")
        with pytest.raises(psycopg.Error, match="kept"):
            product.execute("DELETE FROM audit_records")

        product.execute("DROP TRIGGER audit_records_keep ON audit_records")
        product.execute("DELETE FROM audit_records")

        assert product.execute("SELECT count(*) FROM audit_records").fetchone() == (0,)


def test_what_is_no_role_is_not_put_into_sql() -> None:
    ran = CliRunner().invoke(app, ["audit", "protect", "a; DROP TABLE audit_records"])

    assert ran.exit_code != 0
    assert "ALTER TABLE" not in ran.stdout
