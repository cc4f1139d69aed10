"""Migrations make the very tables that the code works with, once, on both databases."""

from datetime import UTC, datetime, timedelta
from json import dumps
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from brain.domain.device import ControllerName, Site
from brain.domain.fared import Kind
from brain.domain.identity import DeviceId, NodeId, PrincipalId, Role, SiteId, TenantId
from brain.domain.proposal import Cause
from brain.domain.topology import AccessNode, NodeKind
from brain.store.cipher import Cipher
from brain.store.columns import metadata
from brain.store.migrate import _config
from brain.store.repository import context
from brain.store.store import Store


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    migrated = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(migrated, metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrated_database_and_the_tables_agree(any_store: Store) -> None:
    async with any_store._engines.read.connect() as connection:
        assert await connection.run_sync(_differences) == []
        tables = await connection.run_sync(_tables)

    assert tables == {*metadata.tables, "alembic_version"}


async def test_every_row_names_its_tenant() -> None:
    without = {name for name, table in metadata.tables.items() if "tenant" not in table.c}

    assert len(metadata.tables) > 20
    assert without == {"guesses"}  # whoever guesses has not said who they are
    for name in metadata.tables.keys() - without:
        assert not metadata.tables[name].c.tenant.nullable, name


async def test_migrating_again_changes_nothing(any_store: Store) -> None:
    node = AccessNode(id=NodeId("olt"), tenant=TenantId("north"), kind=NodeKind.OLT, name="OLT")
    async with any_store.begin() as tx:
        await tx.nodes.put(node)

    await any_store.migrate()

    assert await any_store.pending_migrations() == []
    async with any_store.read() as tx:
        assert await tx.nodes.list(TenantId("north")) == [node]


async def test_an_empty_database_lacks_every_migration(tmp_path: Path, cipher: Cipher) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'new.db'}", cipher)

    before = await store.pending_migrations()
    await store.migrate()
    after = await store.pending_migrations()
    await store.close()

    assert before[:2] == ["0001", "0002"]
    assert after == []


async def test_what_everybody_may_do_is_sealed_as_it_is_when_the_version_comes(
    tmp_path: Path, cipher: Cipher
) -> None:
    """From then on, whoever writes it with SQL is refused: see test_sealed_trust."""
    store = await Store.open(f"sqlite:///{tmp_path / 'old.db'}", cipher)
    password = cipher.encrypt(b'"$argon2id$x"', context("users", "ana"))
    async with store._engines.write.begin() as connection:
        await connection.run_sync(lambda sync: _upgraded_to(sync, "0019", cipher))
        for statement in OF_BEFORE:
            await connection.execute(text(statement), {"password": password})

    await store.migrate()

    at = datetime(2026, 1, 1, tzinfo=UTC)
    north, ana = TenantId("north"), PrincipalId("ana")
    async with store.read() as tx:
        who, user = await tx.tokens.by_hash("h1", now=at), await tx.users.by_name("ana")
        assert await tx.principals.disabled(north) == {"ben"}
        assert await tx.sessions.of_principal(north, ana) == []
        record = await tx.tokens.get(north, "laptop")
    await store.close()
    assert who is not None
    assert (who.roles, who.groups, who.scopes) == ({Role.ADMIN}, {"noc"}, {"read"})
    assert user is not None
    assert user.password_hash == "$argon2id$x"
    assert record is not None
    assert (record.expires_at, record.created_at) == (at + timedelta(days=1), None)


async def test_homes_of_before_are_found_by_their_area(
    any_new_store: Store, cipher: Cipher
) -> None:
    store, north, homes = (
        any_new_store,
        TenantId("north"),
        {"a": "Elm Side", "b": "", "c": "elm side"},
    )
    async with store._engines.write.begin() as connection:
        await connection.run_sync(lambda sync: _upgraded_to(sync, "0024", cipher))
        for id, area in homes.items():
            said = dumps({"id": id, "tenant": north, "name": "1", "area": area, "country": ""})
            sealed = cipher.encrypt(said.encode(), context("sites", north, id))
            row = {"id": id, "sealed": sealed}
            await connection.execute(
                text("INSERT INTO sites (tenant, id, sealed) VALUES ('north', :id, :sealed)"), row
            )

    await store.migrate()

    async with store.read() as tx:
        areas = [await tx.sites.area(north, SiteId(id)) for id in homes]
        found = await tx.sites.of_area(north, areas[0] or "")
    assert areas[0] == areas[2] is not None
    assert areas[1] is None
    assert found == Site(id=SiteId("a"), tenant=north, name="1", area="Elm Side")


async def test_what_was_carried_out_before_counts_and_what_never_reached_a_device_does_not(
    any_new_store: Store, cipher: Cipher
) -> None:
    async with any_new_store._engines.write.begin() as connection:
        await connection.run_sync(lambda sync: _upgraded_to(sync, "0025", cipher))
        for statement in CARRIED_OUT:
            await connection.execute(text(statement), {"sealed": b"-"})

    await any_new_store.migrate()

    kind = Kind(
        cause=Cause.CONGESTED_CHANNEL,
        templates="Device.WiFi.Radio.{i}.Channel",
        manufacturer="Acme",
        model="Box",
        firmware="1.0",
    )
    async with any_new_store.read() as tx:
        kept = await tx.fared.of_device(TenantId("north"), DeviceId("box"))
        record = await tx.fared.record(TenantId("north"), kind)
        elsewhere = await tx.fared.of_device(TenantId("south"), DeviceId("box"))
    assert {each.change: each.held for each in kept} == {
        "succeeded": True,
        "rolled_back": False,
        "unknown": False,
        "failed": False,
    }
    assert {each.kind for each in kept} == {kind}
    assert kept[0].at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (record.tried, record.succeeded, record.effect) == (4, 1, None)
    assert elsewhere == []


OF_BEFORE = (
    "INSERT INTO principals (tenant, id, kind, roles, groups, name, disabled) VALUES "
    """('north', 'ana', 'person', '["admin"]', '["noc"]', 'Ana', 0)""",
    "INSERT INTO principals (tenant, id, kind, roles, groups, name, disabled) VALUES "
    """('north', 'ben', 'machine', '["automation"]', '[]', 'ben', 1)""",
    "INSERT INTO users (name, tenant, password_hash, must_change, changed_at) VALUES "
    "('ana', 'north', :password, 0, '2026-01-01 00:00:00')",
    "INSERT INTO tokens (hash, tenant, principal, name, expires_at, scopes) VALUES "
    """('h1', 'north', 'ana', 'laptop', '2026-01-02 00:00:00.000000', '["read"]')""",
    "INSERT INTO sessions VALUES ('s1', 'north', 'ana', 'password', '', '', "
    "'2026-01-01 00:00:00', '2026-01-01 00:00:00', '2027-01-01 00:00:00')",
)


_STATES = ("succeeded", "rolled_back", "unknown", "failed", "approved", "rejected")
CARRIED_OUT = (
    "INSERT INTO devices (tenant, id, oui, product_class, serial, manufacturer, model, firmware, "
    "hardware, data_model_version, root, protocol, country) VALUES "
    "('north', 'box', '001122', 'Box', '1', 'Acme', 'Box', '2.0', '', '', 'Device.', 'cwmp', '')",
    "INSERT INTO plans (tenant, digest, sealed) VALUES ('north', 'd', :sealed)",
    *(
        "INSERT INTO changes (tenant, id, device, plan_digest, cause, templates, firmware, state, "
        "version, created_at, approval_expires_at, sealed) VALUES ('north', "
        f"'{id}', 'box', 'd', 'wifi.congested_channel', 'Device.WiFi.Radio.{{i}}.Channel', '1.0', "
        f"'{state}', 1, '2026-01-01 00:00:00+00:00', '2026-01-02 00:00:00+00:00', :sealed)"
        for id, state in (*((each, each) for each in _STATES), ("never sent", "failed"))
    ),
    "INSERT INTO outcomes (tenant, change, plan_digest, progress, at, detail, fault, already, "
    "needs_reboot) VALUES ('north', 'failed', 'd', 'refused', '2026-01-01 00:00:00+00:00', '', "
    "'9003', FALSE, FALSE)",
)


WHOSE = {
    "called us": ControllerName.ACS,
    "called genieacs": ControllerName.GENIEACS,
    "never called": ControllerName.ACS,
    "on usp": ControllerName.USP,
}
_INTO_DEVICES = (
    "INSERT INTO devices (tenant, id, oui, product_class, serial, manufacturer, model, firmware, "
    "hardware, data_model_version, root, protocol, country, last_seen) VALUES "
    "('north', '{id}', '001122', 'Box', '{id}', '', '', '', '', '', 'Device.', '{over}', '', {at})"
)
MANAGED_OVER_A_PROTOCOL = (
    *(
        _INTO_DEVICES.format(
            id=id,
            over="usp" if id == "on usp" else "cwmp",
            at="NULL" if id == "never called" else "'2026-01-01 00:00:00+00:00'",
        )
        for id in WHOSE
    ),
    "INSERT INTO controllers (device, tenant, sealed) VALUES ('called us', 'north', :sealed)",
)


async def test_who_acted_on_a_device_before_acts_on_it_still(
    any_new_store: Store, cipher: Cipher
) -> None:
    async with any_new_store._engines.write.begin() as connection:
        await connection.run_sync(lambda sync: _upgraded_to(sync, "0035", cipher))
        for statement in MANAGED_OVER_A_PROTOCOL:
            await connection.execute(text(statement), {"sealed": b"-"})

    await any_new_store.migrate()

    async with any_new_store.read() as tx:
        found = {each: await tx.devices.find(DeviceId(each)) for each in WHOSE}
    assert {each: said.controller for each, said in found.items() if said} == WHOSE


def _upgraded_to(connection: Connection, revision: str, cipher: Cipher) -> None:
    config = _config()
    config.attributes.update(connection=connection, cipher=cipher)
    command.upgrade(config, revision)
