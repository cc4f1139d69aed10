"""The listening sockets of doors: one each, on the one address, among which the kernel shares out.

One socket for all of them would fill the door that is woken first. They are bound here and passed
on, so that those who wait at the socket of a door that died wait for the next one.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from executors.accept_queue import LENGTH


@contextmanager
def listening(host: str, port: int, number: int) -> Iterator[list[socket.socket]]:
    """So many; port 0 takes a free one. OSError when somebody else has it."""
    # Sockets that share a port would share it with another server of this user, too.
    with socket.create_server((host, port)) as alone:
        port = alone.getsockname()[1]
    with ExitStack() as bound:
        yield [
            bound.enter_context(socket.create_server((host, port), reuse_port=True, backlog=LENGTH))
            for _ in range(number)
        ]
