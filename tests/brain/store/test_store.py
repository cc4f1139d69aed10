"""Transactions keep all or nothing, writers take turns, and what goes wrong has our names."""

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from brain.domain.device import Device
from brain.domain.errors import InvalidInput, StoreUnavailable, Unreadable
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.cipher import Cipher
from brain.store.engine import engines
from brain.store.store import Store

NORTH = TenantId("north")
Make = Callable[..., Device]


async def test_an_error_inside_keeps_nothing(any_store: Store, a_device: Make) -> None:
    async def put_and_fail() -> None:
        async with any_store.begin() as tx:
            await tx.devices.put(a_device())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await put_and_fail()

    async with any_store.read() as tx:
        assert await tx.devices.list(NORTH) == []


async def test_a_cancelled_writer_keeps_nothing_and_blocks_nobody(
    any_store: Store, a_device: Make
) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with any_store.begin() as tx:
            await tx.devices.put(a_device())
            inside.set()
            await asyncio.sleep(60)

    writer = asyncio.create_task(write())
    await inside.wait()
    waiting = asyncio.create_task(write())
    await asyncio.sleep(0.02)
    waiting.cancel()
    writer.cancel()
    await asyncio.gather(writer, waiting, return_exceptions=True)

    async with asyncio.timeout(5), any_store.begin() as tx:
        assert await tx.devices.list(NORTH) == []
        await tx.devices.put(a_device())


async def test_many_writers_at_once_all_get_their_turn(any_store: Store, a_device: Make) -> None:
    async def write(number: int) -> None:
        async with any_store.begin() as tx:
            await tx.devices.list(NORTH)
            await tx.devices.put(a_device(id=DeviceId(f"d{number}")))

    await asyncio.gather(*(write(number) for number in range(30)))

    async with any_store.read() as tx:
        assert len(await tx.devices.list(NORTH)) == 30


async def test_two_processes_write_to_one_file(
    store: Store, tmp_path: Path, cipher: Cipher, a_device: Make
) -> None:
    other = await Store.open(f"sqlite:///{tmp_path / 'gatewright.db'}", cipher)

    async def write(through: Store, name: str) -> None:
        async with through.begin() as tx:
            await tx.devices.list(NORTH)
            await asyncio.sleep(0.001)
            await tx.devices.put(a_device(id=DeviceId(name)))

    await asyncio.gather(
        *(write(each, f"{side}{n}") for n in range(15) for side, each in enumerate((store, other)))
    )
    await other.close()

    async with store.read() as tx:
        assert len(await tx.devices.list(NORTH)) == 30


async def test_readers_do_not_wait_for_a_writer_nor_see_its_work(
    any_store: Store, a_device: Make
) -> None:
    async with any_store.begin() as writing:
        await writing.devices.put(a_device())
        async with asyncio.timeout(2), any_store.read() as reading:
            assert await reading.devices.list(NORTH) == []


async def test_a_read_sees_one_moment(any_store: Store, a_device: Make) -> None:
    async with any_store.read() as reading:
        before = await reading.devices.list(NORTH)
        async with any_store.begin() as writing:
            await writing.devices.put(a_device())
        after = await reading.devices.list(NORTH)

    assert before == after == []


async def test_sqlite_is_set_up_to_survive_a_power_cut(store: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    async with store.begin() as tx:
        found = {name: (await tx.audit._db.rows(text(f"PRAGMA {name}")))[0][0] for name in wanted}

    assert found == wanted


async def test_a_new_file_is_its_owners_alone(tmp_path: Path, cipher: Cipher) -> None:
    file = tmp_path / "deep" / "new.db"
    store = await Store.open(f"sqlite:///{file}", cipher)
    await store.migrate()
    modes = {stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    await store.close()

    assert modes == {0o600}


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://u:hunter2@h/d", "sqlite://", "sqlite:///:memory:", "://hunter2"],
)
async def test_a_url_that_cannot_serve_is_refused_without_quoting_it(
    url: str, cipher: Cipher
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await Store.open(url, cipher)

    assert caught.value.field == "url"
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["postgresql://u:hunter2@127.0.0.1:1/d", "sqlite:////proc/none/x.db"]
)
async def test_a_database_that_is_not_there_is_unavailable(url: str, cipher: Cipher) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await Store.open(url, cipher)

    assert "hunter2" not in str(caught.value)


async def test_the_wrong_key_opens_nothing(store: Store, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gatewright.db'}"

    with pytest.raises(Unreadable, match="key"):
        await Store.open(url, Cipher(bytes(32)))

    unchecked = Store(engines(url), Cipher(bytes(32)))
    with pytest.raises(Unreadable, match="key"):
        await unchecked.migrate()
    await unchecked.close()


async def test_the_wrong_key_reads_and_merges_nothing(
    store: Store, tmp_path: Path, a_device: Make
) -> None:
    device = a_device()
    assert device.last_seen is not None
    values = {ParameterPath("Device.X"): "1"}
    snapshot = Snapshot(device=device.id, taken_at=device.last_seen, values=values)
    async with store.begin() as tx:
        await tx.devices.put(device)
        await tx.snapshots.merge(NORTH, snapshot)
    other = Store(engines(f"sqlite:///{tmp_path / 'gatewright.db'}"), Cipher(bytes(32)))

    with pytest.raises(Unreadable):
        async with other.read() as tx:
            await tx.snapshots.latest(NORTH, device.id)
    with pytest.raises(Unreadable):
        async with other.begin() as tx:
            await tx.snapshots.merge(NORTH, snapshot)

    await other.close()
    async with store.read() as tx:
        assert await tx.snapshots.latest(NORTH, device.id) == snapshot


async def test_after_a_rotation_the_old_key_alone_no_longer_opens(
    store: Store, tmp_path: Path, key: bytes
) -> None:
    url, new = f"sqlite:///{tmp_path / 'gatewright.db'}", bytes(32)

    rotated = await Store.open(url, Cipher(new, key))
    await rotated.migrate()
    await rotated.close()

    with pytest.raises(Unreadable):
        await Store.open(url, Cipher(key))
    await (await Store.open(url, Cipher(new))).close()


async def test_a_database_of_a_newer_version_is_left_alone(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.audit._db.run(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreUnavailable, match="does not know"):
        await any_store.migrate()
    with pytest.raises(StoreUnavailable, match="does not know"):
        await any_store.pending_migrations()


async def test_a_value_no_column_can_hold_is_refused_without_quoting_it(
    postgres_store: Store, a_device: Make
) -> None:
    with pytest.raises(InvalidInput) as caught:
        async with postgres_store.begin() as tx:
            await tx.devices.put(a_device(model="secret\0"))

    assert "secret" not in str(caught.value)
