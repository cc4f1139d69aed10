"""A tenant sees nothing of another, and whoever takes the disk reads no secret on it."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brain.domain.device import Device
from brain.domain.errors import NotFound
from brain.domain.history import EventKind, Window
from brain.domain.identity import (
    ChangeId,
    NodeId,
    TenantId,
)
from brain.domain.record import ChangeRecord
from brain.domain.remediation import IncidentId, Reach
from brain.domain.remediation import Scope as RemediationScope
from brain.domain.rollout import TargetState
from brain.domain.topology import Look, Scope, ScopeKind
from brain.domain.usage import Scopes
from brain.domain.verdict import Point
from brain.domain.webhook import EventId, EventType
from brain.store.repository import Repository
from brain.store.store import Store
from brain.store.transaction import Transaction
from brain.store.verdicts import Before
from tests.brain.store.everything import (
    ANA,
    GLASS,
    HOOK,
    INCIDENT,
    MAC,
    NODE,
    NORTH,
    SECRETS,
    SITE,
    SOUTH,
    STRANGER,
    SUB,
    VERSION,
    inhabit,
    kind_of,
    rules_of,
    subject_of,
)
from tests.brain.store.rolled_out import ROLLOUT


@pytest.fixture
async def inhabited(
    any_store: Store, a_device: Callable[..., Device], a_change: Callable[..., ChangeRecord]
) -> Store:
    """A store where the northern tenant has at least one row of everything."""
    device = a_device(site=SITE, subscriber=SUB, access_node=NODE)
    async with any_store.begin() as tx:
        await inhabit(tx, device, a_change())
    return any_store


async def _begun(tx: Transaction, tenant: TenantId, change: ChangeRecord) -> int:
    scopes = Scopes(tenant=tenant, device=change.device, model="G1")
    since = change.created_at - timedelta(days=1)
    return (await tx.usages.count(scopes, since=since, but=None)).tenant.last_hour


async def _of_area(tx: Transaction, tenant: TenantId) -> object:
    return await tx.sites.of_area(tenant, await tx.sites.area(NORTH, SITE) or "")


def _soon(change: ChangeRecord) -> Look:
    return Look(now=change.created_at + timedelta(days=2))


async def _rolled_out(tx: Transaction, tenant: TenantId) -> int:
    return (await tx.rollouts.tally(tenant, ROLLOUT)).total


async def _known(tx: Transaction, tenant: TenantId, change: ChangeRecord) -> int:
    return (await tx.troubles.census(tenant, _soon(change))).known


async def _tried(tx: Transaction, tenant: TenantId, change: ChangeRecord) -> int:
    return (await tx.fared.record(tenant, kind_of(change))).tried


async def _shown(tx: Transaction, tenant: TenantId, change: ChangeRecord) -> int:
    return (await tx.fared.evidence(tenant, subject_of(change))).tried


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Ask = Callable[[Transaction, TenantId, ChangeRecord], Awaitable[object]]
READS: dict[str, Ask] = {
    "absences.not_over": lambda tx, t, c: tx.absences.not_over(t, c.created_at),
    "approvals.kept": lambda tx, t, c: tx.approvals.kept(t, c.id),
    "approvals.of_change": lambda tx, t, c: tx.approvals.of_change(t, c.id),
    "autonomy.get": lambda tx, t, c: tx.autonomy.get(t, subject_of(c)),
    "autonomy.list": lambda tx, t, c: tx.autonomy.list(t),
    "devices.running": lambda tx, t, c: tx.devices.running(t, "", "Hub 3"),
    "rollouts.get": lambda tx, t, c: tx.rollouts.get(t, ROLLOUT),
    "rollouts.newest": lambda tx, t, c: tx.rollouts.newest(t),
    "rollouts.devices": lambda tx, t, c: tx.rollouts.devices(t, ROLLOUT),
    "rollouts.in_state": lambda tx, t, c: tx.rollouts.in_state(
        t, ROLLOUT, TargetState.PENDING, limit=9
    ),
    "rollouts.tally": lambda tx, t, c: _rolled_out(tx, t),
    "households.get": lambda tx, t, c: tx.households.get(t, c.device),
    "incidents.get": lambda tx, t, c: tx.incidents.get(t, INCIDENT),
    "incidents.of_proposal": lambda tx, t, c: tx.incidents.of_proposal(t, c.proposal),
    "incidents.list": lambda tx, t, c: tx.incidents.list(t),
    "incidents.of_scope": lambda tx, t, c: tx.incidents.of_scope(
        t, RemediationScope(reach=Reach.DEVICE, id=c.device), since=c.created_at
    ),
    "incidents.of_device": lambda tx, t, c: tx.incidents.of_device(
        t, "drops", c.device, since=c.created_at
    ),
    "incidents.waiting_alone": lambda tx, t, c: tx.incidents.waiting_alone(t, ["drops"]),
    "incidents.affected": lambda tx, t, c: tx.incidents.affected(t, INCIDENT),
    "incidents.how_many": lambda tx, t, c: tx.incidents.how_many(t, INCIDENT),
    "incidents.road": lambda tx, t, c: tx.incidents.road(t, INCIDENT),
    "trips.by_version": lambda tx, t, c: tx.trips.by_version(
        t, "drops", VERSION.rpartition(" ")[0], since=LONG_AGO
    ),
    "trips.on": lambda tx, t, c: tx.trips.on(t, "drops", [c.device], since=LONG_AGO),
    "unattended.spent": lambda tx, t, c: tx.unattended.spent(
        t, ["olt"], since=LONG_AGO, but=IncidentId("another")
    ),
    "unattended.switch": lambda tx, t, c: tx.unattended.switch(t),
    "versions.first_met": lambda tx, t, c: tx.versions.first_met(t, VERSION),
    "fared.get": lambda tx, t, c: tx.fared.get(t, c.id),
    "fared.of_device": lambda tx, t, c: tx.fared.of_device(t, c.device),
    "fared.record": lambda tx, t, c: _tried(tx, t, c),
    "fared.evidence": lambda tx, t, c: _shown(tx, t, c),
    "fared.rates": lambda tx, t, c: tx.fared.rates(t, ["cause"], only={}),
    "shadows.list": lambda tx, t, c: tx.shadows.list(t),
    "shadows.open_of": lambda tx, t, c: tx.shadows.open_of(t, c.device),
    "shadows.tally": lambda tx, t, c: tx.shadows.tally(t),
    "audit.head": lambda tx, t, c: tx.audit.head(t),
    "audit.holds": lambda tx, t, c: tx.audit.holds(t, ["k"]),
    "audit.range": lambda tx, t, c: tx.audit.range(t),
    "backups.get": lambda tx, t, c: tx.backups.get(t, c.id),
    "bindings.list": lambda tx, t, c: tx.bindings.list(t),
    "broken_glasses.get": lambda tx, t, c: tx.broken_glasses.get(t, GLASS),
    "broken_glasses.list": lambda tx, t, c: tx.broken_glasses.list(t),
    "broken_glasses.unreviewed": lambda tx, t, c: tx.broken_glasses.unreviewed(
        t, besides=ChangeId("another")
    ),
    "cases.get": lambda tx, t, c: tx.cases.get(t, c.case),
    "cases.list": lambda tx, t, c: tx.cases.list(t),
    "changes.get": lambda tx, t, c: tx.changes.get(t, c.id),
    "changes.list": lambda tx, t, c: tx.changes.list(t),
    "changes.waiting": lambda tx, t, c: tx.changes.waiting(t, limit=10),
    "changes.open_with_plan": lambda tx, t, c: tx.changes.open_with_plan(t, c.plan),
    "audit_words.of": lambda tx, t, c: tx.audit_words.of(t, 1, 9),
    "comments.of_change": lambda tx, t, c: tx.comments.of_change(t, c.id),
    "delegations.not_over": lambda tx, t, c: tx.delegations.not_over(t, c.created_at),
    "deliveries.get": lambda tx, t, c: tx.deliveries.get(t, HOOK, EventId("evt_1")),
    "deliveries.delivered_since": lambda tx, t, c: tx.deliveries.delivered_since(
        t, HOOK, c.created_at - timedelta(days=9999)
    ),
    "deliveries.of_webhook": lambda tx, t, c: tx.deliveries.of_webhook(t, HOOK),
    "devices.at_site": lambda tx, t, c: tx.devices.at_site(t, SITE),
    "devices.first_below": lambda tx, t, c: tx.devices.first_below(t, [NODE], each=1),
    "devices.some": lambda tx, t, c: tx.devices.some(t, [c.device]),
    "devices.get": lambda tx, t, c: tx.devices.get(t, c.device),
    "devices.list": lambda tx, t, c: tx.devices.list(t, search="hub"),
    "events.in_window": lambda tx, t, c: tx.events.in_window(t, c.device, Window()),
    "events.became": lambda tx, t, c: tx.events.became(
        t, [c.device], ["Down"], since=c.created_at - timedelta(days=9)
    ),
    "events.of_device": lambda tx, t, c: tx.events.of_device(t, c.device),
    "events.patterns": lambda tx, t, c: tx.events.patterns(
        t, EventKind.BOOT, since=c.created_at - timedelta(days=9999), least=1
    ),
    "executions.of_change": lambda tx, t, c: tx.executions.of_change(t, c.id),
    "halts.is_halted": lambda tx, t, c: tx.halts.is_halted(t),
    "model_calls.of_case": lambda tx, t, c: tx.model_calls.of_case(t, c.case),
    "measures.of_device": lambda tx, t, c: tx.measures.of_device(t, c.device),
    "messages.of_case": lambda tx, t, c: tx.messages.of_case(t, c.case),
    "models.firmware": lambda tx, t, c: tx.models.firmware(t, c.device),
    "models.get": lambda tx, t, c: tx.models.get(t, c.device),
    "nodes.ancestors": lambda tx, t, c: tx.nodes.ancestors(t, NodeId("port")),
    "nodes.children": lambda tx, t, c: tx.nodes.children(t, [NODE]),
    "nodes.descendants": lambda tx, t, c: tx.nodes.descendants(t, NODE),
    "nodes.get": lambda tx, t, c: tx.nodes.get(t, NODE),
    "nodes.list": lambda tx, t, c: tx.nodes.list(t),
    "nodes.way_up": lambda tx, t, c: tx.nodes.way_up(t, NODE),
    "outcomes.of_change": lambda tx, t, c: tx.outcomes.of_change(t, c.id),
    "outcomes.of_changes": lambda tx, t, c: tx.outcomes.of_changes(t, [c.id]),
    "permits.of_change": lambda tx, t, c: tx.permits.of_change(t, c.id),
    "permits.spent_for": lambda tx, t, c: tx.permits.spent_for(t, c.id, c.plan.digest),
    "principals.accounts": lambda tx, t, c: tx.principals.accounts(t),
    "principals.disabled": lambda tx, t, c: tx.principals.disabled(t),
    "principals.get": lambda tx, t, c: tx.principals.get(t, ANA),
    "principals.name": lambda tx, t, c: tx.principals.name(t, ANA),
    "principals.people": lambda tx, t, c: tx.principals.people(t),
    "proposals.get": lambda tx, t, c: tx.proposals.get(t, c.proposal),
    "proposals.list": lambda tx, t, c: tx.proposals.list(t),
    "proposals.of_case": lambda tx, t, c: tx.proposals.of_case(t, c.case),
    "reachabilities.get": lambda tx, t, c: tx.reachabilities.get(t, c.device),
    "registrations.get": lambda tx, t, c: tx.registrations.get(t, c.device),
    "registrations.with_macs": lambda tx, t, c: tx.registrations.with_macs(t, [MAC]),
    "sessions.of_principal": lambda tx, t, c: tx.sessions.of_principal(t, ANA),
    "sites.area": lambda tx, t, c: tx.sites.area(t, SITE),
    "sites.get": lambda tx, t, c: tx.sites.get(t, SITE),
    "sites.of_area": lambda tx, t, c: _of_area(tx, t),
    "signs.get": lambda tx, t, c: tx.signs.get(t, c.id),
    "snapshots.heard": lambda tx, t, c: tx.snapshots.heard(
        t, c.device, ["Device.WiFi.SSID.1.SSID"]
    ),
    "snapshots.latest": lambda tx, t, c: tx.snapshots.latest(t, c.device),
    "snapshots.latest_of": lambda tx, t, c: tx.snapshots.latest_of(
        t, [c.device], below=["Device.WiFi."]
    ),
    "incidents.affects": lambda tx, t, c: tx.incidents.affects(t, INCIDENT, c.device),
    "set_aside.newest": lambda tx, t, c: tx.set_aside.newest(t),
    "strangers.get": lambda tx, t, c: tx.strangers.get(t, STRANGER),
    "strangers.list": lambda tx, t, c: tx.strangers.list(t, limit=9),
    "subscribers.get": lambda tx, t, c: tx.subscribers.get(t, SUB),
    "subscribers.list": lambda tx, t, c: tx.subscribers.list(t, "quit"),
    "tokens.get": lambda tx, t, c: tx.tokens.get(t, "laptop"),
    "tokens.list": lambda tx, t, c: tx.tokens.list(t),
    "troubles.census": _known,
    "troubles.members": lambda tx, t, c: tx.troubles.members(
        t, Scope(kind=ScopeKind.OLT, id=NODE), limit=9
    ),
    "troubles.suffering": lambda tx, t, c: tx.troubles.suffering(
        t, Scope(kind=ScopeKind.OLT, id=NODE), _soon(c)
    ),
    "usages.count": lambda tx, t, c: _begun(tx, t, c),
    "users.names": lambda tx, t, c: tx.users.names(t),
    "verdicts.get": lambda tx, t, c: tx.verdicts.get(t, c.verdict.decision_id),
    "verdicts.latest": lambda tx, t, c: tx.verdicts.latest(t, c.id, Point.SUBMIT),
    "policy_changes.active": lambda tx, t, c: tx.policy_changes.active(t),
    "policy_changes.any": lambda tx, t, c: tx.policy_changes.any(t),
    "policy_changes.content": lambda tx, t, c: tx.policy_changes.content(rules_of(t)),
    "policy_changes.get": lambda tx, t, c: tx.policy_changes.get(t, "pol_1"),
    "policy_changes.list": lambda tx, t, c: tx.policy_changes.list(t),
    "verdicts.number": lambda tx, t, c: tx.verdicts.number(
        t, since=c.created_at, before=c.created_at + timedelta(days=1)
    ),
    "verdicts.page": lambda tx, t, c: tx.verdicts.page(
        t, since=c.created_at, before=Before(c.created_at + timedelta(days=1))
    ),
    "verdicts.list": lambda tx, t, c: tx.verdicts.list(t, c.created_at),
    "verdicts.of_change": lambda tx, t, c: tx.verdicts.of_change(t, c.id),
    "webhooks.get": lambda tx, t, c: tx.webhooks.get(t, HOOK),
    "webhooks.list": lambda tx, t, c: tx.webhooks.list(t),
    "webhooks.listening": lambda tx, t, c: tx.webhooks.listening(t, EventType.PAGED),
}
# What only writes, and what serves controllers and executors, who know no tenant. Each of these
# is tested beside its repository.
NOT_WALKED = {
    *("agents.by_device", "agents.by_endpoint", "agents.put"),
    *("autonomy.hold", "autonomy.put", "fared.put", "shadows.add", "shadows.tell", "shadows.due"),
    "comments.add",
    "audit_words.add",
    *("bindings.add", "bindings.of_identity", "bindings.remove"),
    *("policy_changes.add", "policy_changes.swap", "verdicts.tenants", "changes.not_begun"),
    *("absences.add", "absences.remove", "delegations.add", "delegations.remove"),
    *("approvals.add", "audit.append", "backups.put", "cases.add"),
    "cases.set_device",
    *("changes.add", "changes.swap", "controllers.put", "devices.put", "devices.touch"),
    *("events.add", "executions.add", "halts.set", "leases.release", "leases.take"),
    *("model_calls.add", "signs.put"),
    *("messages.add", "models.put", "nodes.put", "outcomes.add", "permits.add", "permits.spend"),
    *("principals.put", "proposals.add", "sites.put", "snapshots.merge", "subscribers.put"),
    *("tokens.add", "tokens.revoke", "verdicts.add", "verdicts.attach"),
    *("changes.closed_since", "changes.expirable", "changes.find", "changes.unfinished"),
    *("controllers.get", "credentials.named", "credentials.of", "credentials.put"),
    *("reachabilities.forget", "reachabilities.put", "registrations.put"),
    *("strangers.came", "strangers.put", "strangers.remove"),
    *("deadly_requests.died", "deadly_requests.forget"),
    *("deadly_requests.survived", "deadly_requests.times"),
    *("devices.find", "leases.hold", "tokens.by_hash"),
    *("controllers.get_all", "controllers.put_all", "devices.hold", "models.firmwares"),
    "devices.heard",
    "snapshots.merge_informs",
    *("events.forget", "forgotten.put", "forgotten.take", "measures.add", "measures.forget"),
    *("broken_glasses.add", "broken_glasses.overdue", "broken_glasses.put_off"),
    "broken_glasses.review",
    *("deliveries.add", "deliveries.claim", "deliveries.due", "deliveries.forget"),
    *("deliveries.again", "deliveries.prune", "deliveries.settle"),
    *("webhooks.add", "webhooks.held", "webhooks.put", "webhooks.remove"),
    # Who comes in has not said of which tenant they are.
    *("households.put", "rollouts.add", "rollouts.live", "rollouts.not_begun"),
    *("rollouts.put", "rollouts.swap"),
    *("guesses.count", "guesses.drop", "guesses.give_back", "guesses.held_until", "guesses.hold"),
    *(
        "principals.disable",
        "principals.held",
        "principals.shut_out",
        "sessions.begin",
        "sessions.end",
        "sessions.end_all",
        "sessions.end_elsewhere",
        "sessions.live",
    ),
    *(
        "sessions.touch",
        "tokens.retire",
        "tokens.touch",
        "tokens.used_at",
        "users.add",
        "users.by_name",
        "users.put",
    ),
    *("audit.sign_head", "audit.tenants"),
    *("usages.begin", "usages.queue"),
    # What a worker takes up, of whichever tenant it is.
    *(
        "devices.are",
        "devices.known",
        "devices.tenants",
        "incidents.due",
        "trips.due",
        "trips.still",
        "trips.waiting",
    ),
    *("unread_events.add", "unread_events.backlog", "unread_events.take"),
    *("tallies.hold", "tallies.prune", "tallies.put", "trips.judged", "trips.prune", "trips.put"),
    *("incidents.add", "incidents.affect", "incidents.later", "incidents.note", "incidents.swap"),
    *("trips.later", "versions.met"),
    *("event_calls.prune", "event_calls.take", "set_aside.add", "set_aside.prune"),
    "unread_events.add_while_room",
    *("unattended.give_back", "unattended.prune", "unattended.spend", "unattended.turn"),
    *("unattended.queue_to_judge", "unattended.queue_to_spend"),
}


async def test_every_method_is_walked(any_store: Store) -> None:
    async with any_store.read() as tx:
        repositories: dict[str, Any] = {
            name: each for name, each in vars(tx).items() if isinstance(each, Repository)
        }
    methods = {
        f"{name}.{method}"
        for name, each in repositories.items()
        for method, _ in inspect.getmembers(each, inspect.iscoroutinefunction)
        if not method.startswith("_")
    }

    assert repositories.keys() == vars(tx).keys() - {"_connection"}
    assert len(repositories) > 20
    assert methods == READS.keys() | NOT_WALKED


async def test_a_tenant_sees_its_own_and_nothing_of_another(
    inhabited: Store, a_change: Callable[..., ChangeRecord]
) -> None:
    async def answer(ask: Ask, tenant: TenantId) -> object:
        try:
            return await ask(tx, tenant, a_change())
        except NotFound:
            return None

    async with inhabited.read() as tx:
        own = {name: await answer(ask, NORTH) for name, ask in READS.items()}
        seen = {name: await answer(ask, SOUTH) for name, ask in READS.items()}

    assert {name for name, found in own.items() if not found} == set()
    assert {name for name, found in seen.items() if found} == set()


def _all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize("any_store", ["sqlite"], indirect=True)
async def test_the_disk_holds_no_secret(inhabited: Store, tmp_path: Path) -> None:
    await inhabited.close()

    written = _all_bytes(tmp_path)

    assert b"Hub 3" in written  # so what is looked through is the data
    for secret in SECRETS.values():
        assert secret.encode() not in written
        assert secret.casefold().encode() not in written
