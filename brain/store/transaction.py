"""One transaction: every repository, on one connection."""

from collections.abc import Awaitable, Callable

from brain.store.absences import Absences, Delegations
from brain.store.agents import Agents
from brain.store.approvals import Approvals
from brain.store.audit import Audit
from brain.store.audit_words import AuditWords
from brain.store.autonomy import Autonomy
from brain.store.backups import Backups
from brain.store.bindings import Bindings
from brain.store.broken_glasses import BrokenGlasses
from brain.store.cases import Cases
from brain.store.changes import Changes
from brain.store.comments import Comments
from brain.store.connection import Connection
from brain.store.controllers import Controllers
from brain.store.credentials import Credentials
from brain.store.deadly_requests import DeadlyRequests
from brain.store.deliveries import Deliveries
from brain.store.devices import Devices
from brain.store.event_calls import EventCalls
from brain.store.events import Events
from brain.store.executions import Executions
from brain.store.fared import FaredChanges
from brain.store.forgotten import Forgotten
from brain.store.guesses import Guesses
from brain.store.halts import Halts
from brain.store.households import Households
from brain.store.incidents import Incidents
from brain.store.leases import Leases
from brain.store.measures import Measures
from brain.store.messages import Messages
from brain.store.model_calls import ModelCalls
from brain.store.models import Models
from brain.store.nodes import Nodes
from brain.store.outcomes import Outcomes
from brain.store.permits import Permits
from brain.store.policy_changes import PolicyChanges
from brain.store.principals import Principals
from brain.store.proposals import Proposals
from brain.store.reachabilities import Reachabilities
from brain.store.registrations import Registrations
from brain.store.rollouts import Rollouts
from brain.store.sessions import Sessions
from brain.store.set_aside import SetAsides
from brain.store.shadows import Shadows
from brain.store.signs import Signs
from brain.store.sites import Sites
from brain.store.snapshots import Snapshots
from brain.store.strangers import Strangers
from brain.store.subscribers import Subscribers
from brain.store.tallies import Tallies
from brain.store.tokens import Tokens
from brain.store.trips import Trips
from brain.store.troubles import Troubles
from brain.store.unattended import Unattended
from brain.store.unread_events import UnreadEvents
from brain.store.usages import Usages
from brain.store.users import Users
from brain.store.verdicts import Verdicts
from brain.store.versions import Versions
from brain.store.webhooks import Webhooks


class Transaction:
    """What ``Store.begin`` and ``Store.read`` hand out. Use it in one task at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.absences = Absences(connection)
        self.agents = Agents(connection)
        self.approvals = Approvals(connection)
        self.audit = Audit(connection)
        self.audit_words = AuditWords(connection)
        self.autonomy = Autonomy(connection)
        self.backups = Backups(connection)
        self.bindings = Bindings(connection)
        self.broken_glasses = BrokenGlasses(connection)
        self.cases = Cases(connection)
        self.changes = Changes(connection)
        self.comments = Comments(connection)
        self.controllers = Controllers(connection)
        self.deadly_requests = DeadlyRequests(connection)
        self.credentials = Credentials(connection)
        self.delegations = Delegations(connection)
        self.deliveries = Deliveries(connection)
        self.devices = Devices(connection)
        self.event_calls = EventCalls(connection)
        self.events = Events(connection)
        self.executions = Executions(connection)
        self.fared = FaredChanges(connection)
        self.forgotten = Forgotten(connection)
        self.guesses = Guesses(connection)
        self.halts = Halts(connection)
        self.households = Households(connection)
        self.incidents = Incidents(connection)
        self.leases = Leases(connection)
        self.measures = Measures(connection)
        self.messages = Messages(connection)
        self.model_calls = ModelCalls(connection)
        self.models = Models(connection)
        self.nodes = Nodes(connection)
        self.outcomes = Outcomes(connection)
        self.permits = Permits(connection)
        self.policy_changes = PolicyChanges(connection)
        self.principals = Principals(connection)
        self.proposals = Proposals(connection)
        self.reachabilities = Reachabilities(connection)
        self.registrations = Registrations(connection)
        self.rollouts = Rollouts(connection)
        self.sessions = Sessions(connection)
        self.set_aside = SetAsides(connection)
        self.shadows = Shadows(connection)
        self.signs = Signs(connection)
        self.sites = Sites(connection)
        self.snapshots = Snapshots(connection)
        self.strangers = Strangers(connection)
        self.subscribers = Subscribers(connection)
        self.tallies = Tallies(connection)
        self.tokens = Tokens(connection)
        self.troubles = Troubles(connection)
        self.trips = Trips(connection)
        self.unattended = Unattended(connection)
        self.unread_events = UnreadEvents(connection)
        self.usages = Usages(connection)
        self.users = Users(connection)
        self.verdicts = Verdicts(connection)
        self.versions = Versions(connection)
        self.webhooks = Webhooks(connection)

    async def apart(self, work: Callable[[], Awaitable[None]]) -> Exception | None:
        """Do what may fail without the rest: what it failed with, all of it taken back, or None.

        StoreUnavailable when even that fails; the transaction must then not go on.
        """
        return await self._connection.apart(work)
