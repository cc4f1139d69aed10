"""What the audit tests share: a trail of some entries, and a hand on the database file itself."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.identity import TenantId
from brain.domain.ports import Clock
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_checkpoints import Checkpoints
from brain.ledger.audit_verify import verify
from brain.store.store import Store

NORTH = TenantId("north")


class Audited:
    """A store with an audit trail, and what an intruder with the file could do to it."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.file = folder / "gatewright.db"
        self.notes = folder / "audit-checkpoints.jsonl"
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.public_key = self.key.public_key().public_bytes_raw()
        self.clock: Clock = clock
        self.checkpoints = self.new_checkpoints()
        self.trail = AuditTrail(self.key.sign, clock, checkpoints=self.checkpoints)

    def new_checkpoints(self, *, every: int = 10) -> Checkpoints:
        """As another process would make them over the same file."""
        return Checkpoints(self.notes, sign=self.key.sign, clock=self.clock, every=every)

    async def fill(self, count: int, *, tenant: TenantId = NORTH) -> None:
        """Add entries, in transactions of up to 50."""
        for start in range(0, count, 50):
            async with self.store.begin() as tx:
                for number in range(start, min(start + 50, count)):
                    await self.trail.append(
                        tx,
                        tenant=tenant,
                        actor="ana",
                        kind="change.approved",
                        payload={"change": f"chg_{number}", "reason": "Žofie's radio"},
                    )

    async def verify(self, tenant: TenantId = NORTH, *, notes: Path | None = None) -> AuditReport:
        """With the checkpoints when ``notes`` says where they are."""
        return await verify(self.store, tenant, self.public_key, notes)

    async def codes(self, *, notes: Path | None = None) -> set[str]:
        """What is wrong, in words."""
        return {problem.code for problem in (await self.verify(notes=notes)).problems}

    def tamper(self, *statements: str, values: tuple[object, ...] = ()) -> None:
        """Run SQL on the file, without the triggers that keep it, as its owner could."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as raw:
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                if name.startswith("audit_"):
                    raw.execute(f"DROP TRIGGER {name}")
            touched = [
                raw.execute(each, values if "?" in each else ()).rowcount for each in statements
            ]
        assert all(touched), "the tampering touched nothing"

    def copy_to(self, file: Path) -> None:
        """A whole copy of the database as it is now."""
        with closing(sqlite3.connect(self.file)) as raw:
            raw.execute("VACUUM INTO ?", (str(file),))

    def put_back(self, older: Path) -> None:
        """The trail of an older copy in place of this one, head and all."""
        tables = ("audit_records", "audit_heads")
        self.tamper(
            "ATTACH ? AS older",
            *(f"DELETE FROM {table}" for table in tables),
            *(f"INSERT INTO {table} SELECT * FROM older.{table}" for table in tables),
            values=(str(older),),
        )


@pytest.fixture
def audited(store: Store, tmp_path: Path, clock: Callable[[], datetime]) -> Audited:
    return Audited(store, tmp_path, clock)
