"""The file of audit checkpoints: one line of JSON each, kept outside the database."""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import BinaryIO, Final

from brain.domain.canonical import canonical_bytes
from brain.domain.errors import StoreUnavailable
from brain.domain.identity import TenantId

_LONGEST_LINE: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """At this time the trail of this tenant had this entry as its newest."""

    tenant: TenantId
    seq: int
    hash: str
    at: str
    signature: bytes = b""

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers: every field but itself."""
        return canonical_bytes({**self._said, "what": "gatewright audit checkpoint"})

    @property
    def line(self) -> bytes:
        """As it stands in the file."""
        return canonical_bytes({**self._said, "signature": self.signature.hex()}) + b"\n"

    @property
    def _said(self) -> dict[str, str | int]:
        return {"tenant": self.tenant, "seq": self.seq, "hash": self.hash, "at": self.at}


def append_lines(path: Path, lines: bytes) -> None:
    """Add whole lines, on disk when this returns; one writer at a time, over all processes."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Half a line is what a crash left of a write that never returned: nobody relies on it.
            file.seek(_end_of_last_line(file))
            file.truncate()
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreUnavailable(
            f"audit checkpoints cannot be written ({error.strerror})",
            field=str(path),
            remedy="Make room, or give it to the user that runs gatewright.",
        ) from error


def read_checkpoints(path: Path) -> Iterator[tuple[int, Checkpoint | None]]:
    """Line numbers and what they say, None for a line that cannot be read; nothing for no file."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), start=1):
            yield number, checkpoint_of(line)


def last_seqs(path: Path) -> dict[TenantId, int]:
    """The newest checkpoint of each tenant. Whether they are genuine is for ``verify`` to say."""
    last: dict[TenantId, int] = {}
    for _, checkpoint in read_checkpoints(path):
        if checkpoint is not None:
            last[checkpoint.tenant] = max(checkpoint.seq, last.get(checkpoint.tenant, 0))
    return last


def _end_of_last_line(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _LONGEST_LINE)
    file.seek(start)
    return start + file.read().rfind(b"\n") + 1


def checkpoint_of(line: bytes) -> Checkpoint | None:
    """What a line says, None when it is not as it was written."""
    try:
        fields = loads(line)
        signature = bytes.fromhex(fields.pop("signature"))
        checkpoint = Checkpoint(**fields, signature=signature)
        # Equal bytes: a line has one form, so none can be altered and still be read.
        return checkpoint if checkpoint.line == line else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
