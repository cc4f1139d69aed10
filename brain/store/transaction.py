"""One transaction: every repository, on one connection."""

from brain.store.audit import Audit
from brain.store.connection import Connection
from brain.store.controllers import Controllers
from brain.store.devices import Devices
from brain.store.events import Events
from brain.store.models import Models
from brain.store.nodes import Nodes
from brain.store.sites import Sites
from brain.store.snapshots import Snapshots
from brain.store.subscribers import Subscribers


class Transaction:
    """What ``Store.begin`` and ``Store.read`` hand out. Use it in one task at a time."""

    def __init__(self, connection: Connection) -> None:
        self.audit = Audit(connection)
        self.controllers = Controllers(connection)
        self.devices = Devices(connection)
        self.events = Events(connection)
        self.models = Models(connection)
        self.nodes = Nodes(connection)
        self.sites = Sites(connection)
        self.snapshots = Snapshots(connection)
        self.subscribers = Subscribers(connection)
