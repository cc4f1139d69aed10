"""Notes how far each audit trail has come, signed and outside of the database.

The chain shows that what is there was not altered. That its end was not cut off, or an older copy
of the whole database not put back, only something outside of it can show. Ship the file elsewhere
as it grows: whoever can write to both can shorten both.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Final

import structlog

from brain.domain.cancelling import cancelled
from brain.domain.canonical import jsonable
from brain.domain.errors import StoreUnavailable, Unreadable
from brain.domain.identity import TenantId
from brain.domain.ports import Clock
from brain.ledger.audit_file import Checkpoint, append_lines, last_seqs
from brain.ledger.audit_keys import Sign
from brain.store.store import Store

EVERY: Final = 100
"""Records of a tenant between two checkpoints."""

_SETTLE: Final = timedelta(milliseconds=200)
"""Between a record that makes a checkpoint due and the look at what is committed. Should a
transaction take longer, the next record or the hour brings the checkpoint."""

_log = structlog.get_logger(__name__)


class Checkpoints:
    """Appends to the file: after every so many records, once an hour, and when asked to."""

    def __init__(self, path: Path, *, sign: Sign, clock: Clock, every: int = EVERY) -> None:
        self.path = path
        self._sign = sign
        self._clock = clock
        self._every = every
        self._written = last_seqs(path)
        self._newest = dict(self._written)
        self._due = asyncio.Event()
        self._appending = Lock()

    def noted(self, tenant: TenantId, seq: int) -> None:
        """A record is being added: when it is one too many without a checkpoint, wake ``keep``."""
        self._newest[tenant] = seq
        if seq - self._written.get(tenant, 0) >= self._every:
            self._due.set()

    async def keep(self, store: Store, *, interval: timedelta = timedelta(hours=1)) -> None:
        """Write at once, whenever it is due, and once more when cancelled. Run it as a task.

        Raises Unreadable as ``write`` does: then nothing more should be written to this trail.
        """
        try:
            await self._until_cancelled(store, interval)
        except asyncio.CancelledError:
            await self._try(store, behind=1)
            raise
        await self._try(store, behind=1)  # something below took the cancellation for an error

    async def _until_cancelled(self, store: Store, interval: timedelta) -> None:
        behind = 1
        while not cancelled():
            await self._try(store, behind)
            if not cancelled():
                behind = self._every if await self._woken(interval) else 1

    async def _try(self, store: Store, behind: int) -> None:
        try:
            await self.write(store, behind=behind)
        except StoreUnavailable as error:
            _log.warning("audit_checkpoint_not_written", reason=str(error))
        except Unreadable as error:
            _log.error("audit_trail_cut", reason=str(error))
            raise

    async def write(self, store: Store, *, behind: int = 1) -> int:
        """Add a line for each tenant that is so many records past its last; returns how many.

        Only what is committed is noted. Raises Unreadable when a trail ends before its last
        checkpoint, StoreUnavailable when the file cannot be written.
        """
        async with store.read() as tx:
            known = {*self._newest, *await tx.audit.tenants()}
        found = [await self._due_for(store, tenant, behind) for tenant in sorted(known)]
        due = [each for each in found if each is not None]
        return await asyncio.to_thread(self._append, due) if due else 0

    def _append(self, due: Sequence[Checkpoint]) -> int:
        """Runs in a thread, and to its end even when who awaits it is cancelled."""
        with self._appending:
            new = [each for each in due if each.seq > self._written.get(each.tenant, 0)]
            if new:
                append_lines(self.path, b"".join(each.line for each in new))
            self._written |= {each.tenant: each.seq for each in new}
        return len(new)

    async def _due_for(self, store: Store, tenant: TenantId, behind: int) -> Checkpoint | None:
        last = self._written.get(tenant, 0)  # before the head, which then cannot be behind it
        async with store.read() as tx:
            head = await tx.audit.head(tenant)
        seq = head.seq if head else 0
        if seq < last:
            raise Unreadable(
                f"the audit trail ends at {seq} but had come to {last}",
                field=str(self.path),
                remedy="The database was cut or an older one put back: find out by whom.",
            )
        if head is None or seq - last < behind:
            return None
        at = str(jsonable(self._clock()))
        bare = Checkpoint(tenant=tenant, seq=seq, hash=head.hash, at=at)
        return replace(bare, signature=self._sign(bare.signed_bytes))

    async def _woken(self, interval: timedelta) -> bool:
        try:
            async with asyncio.timeout(interval.total_seconds()):
                await self._due.wait()
        except TimeoutError:
            return False
        self._due.clear()
        await asyncio.sleep(_SETTLE.total_seconds())
        return True
