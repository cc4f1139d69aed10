"""One process on a data directory: a second one would take up the first one's runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brain.domain.errors import Conflict


@contextmanager
def only_process(directory: Path) -> Iterator[None]:
    """Hold the directory for as long as the block lasts, or raise Conflict naming who has it.

    The lock is the kernel's: it goes with the process, however that ends.
    """
    with (directory / "gatewright.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Conflict(
                f"another Gatewright (process {file.read().strip() or 'unknown'}) works on it",
                field=str(directory),
                remedy="Stop that one, or set GATEWRIGHT_DATA_DIR to another directory.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
