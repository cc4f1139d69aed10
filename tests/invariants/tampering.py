"""What somebody who owns the database can do to it; everything is put back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from brain.domain.errors import GatewrightError
from brain.ledger.audit_verify import verify
from tests.invariants.databases import Databases
from tests.invariants.world import Run, World

_ENOUGH = 3
_MIDDLE = "seq = (SELECT (max(seq) + 1) / 2 FROM audit_records)"
_LAST = "seq = (SELECT max(seq) FROM audit_records)"
TRAIL = {
    "another actor": [f"UPDATE audit_records SET actor = 'eva' WHERE {_MIDDLE}"],
    "another payload": [f"UPDATE audit_records SET payload = '1' WHERE {_MIDDLE}"],
    "another time": [f"UPDATE audit_records SET at = '2020-01-01T00:00:00Z' WHERE {_MIDDLE}"],
    "another tenant": [f"UPDATE audit_records SET tenant = 'elsewhere' WHERE {_MIDDLE}"],
    "an entry less": [f"DELETE FROM audit_records WHERE {_MIDDLE}"],
    "no end": [f"DELETE FROM audit_records WHERE {_LAST}"],
    "two changed places": [
        f"UPDATE audit_records SET seq = -1 WHERE {_MIDDLE}",
        f"UPDATE audit_records SET seq = -2 WHERE {_LAST}",
        "UPDATE audit_records SET seq = (SELECT max(seq) + 1 FROM audit_records) WHERE seq = -2",
        "UPDATE audit_records SET seq = (SELECT max(seq) + 1 FROM audit_records) WHERE seq = -1",
    ],
    "an entry twice": [
        "INSERT INTO audit_records SELECT tenant, seq + 1, at, actor, kind, payload, prev_hash,"
        f" hash FROM audit_records WHERE {_LAST}"
    ],
    "a head moved back": [
        f"DELETE FROM audit_records WHERE {_LAST}",
        "UPDATE audit_heads SET seq = seq - 1,"
        f" hash = (SELECT hash FROM audit_records WHERE {_LAST})",
    ],
    "no head": ["DELETE FROM audit_heads"],
}
"""Ways to alter the trail. Every one must be seen."""
ROWS = {
    "approved by hand": ["UPDATE changes SET state = 'approved'"],
    "begun by hand": ["UPDATE changes SET state = 'executing'"],
    "given more time": ["UPDATE changes SET execution_expires_at = NULL, version = version + 1"],
    "pointed at another plan": [
        "UPDATE changes SET plan_digest = (SELECT max(digest) FROM plans)"
        " WHERE plan_digest <> (SELECT max(digest) FROM plans)"
    ],
    "plans exchanged": [
        "UPDATE plans SET sealed ="
        " (SELECT sealed FROM plans WHERE digest = (SELECT max(digest) FROM plans))"
    ],
}
"""Ways to alter a change. None may get a change carried out that would not have been."""


@contextmanager
def put_back(databases: Databases, *tables: str) -> Iterator[None]:
    """The tables are as before when this ends."""
    databases.tamper(*(f"CREATE TABLE kept_{name} AS SELECT * FROM {name}" for name in tables))
    try:
        yield
    finally:
        for name in tables:
            databases.tamper(
                f"DELETE FROM {name}",
                f"INSERT INTO {name} SELECT * FROM kept_{name}",
                f"DROP TABLE kept_{name}",
            )


def tampered_trail(world: World, how: str) -> bool:
    """Whether somebody sees it, where there is enough of a trail to tamper with."""
    key, tenant = world.bench.gate.signer.public_key, world.bench.device.tenant
    (count,) = world.loop.run(world.sql("SELECT count(*) FROM audit_records", {}))[0]
    if count < _ENOUGH:
        return True
    with put_back(world.databases, "audit_records", "audit_heads"):
        assert world.databases.tamper(*TRAIL[how]), "the tampering touched nothing"
        return not world.loop.run(verify(world.real, tenant, key, None)).ok


def tampered_change(world: World, run: Run, how: str) -> bool:
    """Whether a device was told something on the strength of it."""
    before, rows = len(world.journal.sent), world.loop.run(_rows(world, run))
    with put_back(world.databases, "changes", "plans"):
        world.databases.tamper(*ROWS[how])
        if world.loop.run(_rows(world, run)) != rows:
            world.loop.run(_tried(world, Run(run.change, run.now)))
    return len(world.journal.sent) > before


async def _rows(world: World, run: Run) -> list[tuple[object, ...]]:
    both = (
        "SELECT changes.*, plans.sealed AS plan FROM changes"
        " JOIN plans ON plans.digest = changes.plan_digest WHERE changes.id = :change"
    )
    return [tuple(row) for row in await world.sql(both, {"change": run.change})]


async def _tried(world: World, run: Run) -> None:
    try:
        for _ in range(3):
            await world.step(run)
    except GatewrightError as error:
        world.journal.said.append(str(error))
