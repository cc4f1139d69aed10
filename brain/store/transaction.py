"""One transaction: every repository, on one connection."""

from brain.store.audit import Audit
from brain.store.connection import Connection


class Transaction:
    """What ``Store.begin`` and ``Store.read`` hand out. Use it in one task at a time."""

    def __init__(self, connection: Connection) -> None:
        self.audit = Audit(connection)
