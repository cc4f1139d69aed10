"""The accept queue of a listening socket: how many may wait in it, and are taken in at a time.

libuv, and so uvloop, takes in one connection of each handle in a turn of the event loop. A turn of
a busy server takes some milliseconds, so that a crowd came in by one or two hundred a second. All
others, and among them the one device that a person waits for, stood before a full queue, where they
are not heard and try again ever more seldom.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

LENGTH: Final = 4096
"""Connections that may wait, where the kernel allows as many (net.core.somaxconn)."""
_AT_A_TIME = 16


@contextmanager
def handles(listener: socket.socket) -> Iterator[list[socket.socket]]:
    """The listener and more handles of it, for ``uvicorn.Server.serve``.

    uvicorn listens with its own ``backlog``: call ``listen(LENGTH)`` once it has started.
    """
    with ExitStack() as made:
        yield [listener, *(made.enter_context(listener.dup()) for _ in range(_AT_A_TIME - 1))]
