"""A tenant sees nothing of another, and whoever takes the disk reads no secret on it."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brain.domain.absence import Absence, Delegation, Span
from brain.domain.approval import Answer, Approval
from brain.domain.audit import AuditRecord
from brain.domain.break_glass import BreakGlass, BrokenGlass
from brain.domain.comment import Comment
from brain.domain.device import Device, Site, Subscriber
from brain.domain.entrance import Session, TokenRecord, User, Way
from brain.domain.errors import NotFound
from brain.domain.history import Event, EventKind
from brain.domain.identity import (
    BrokenGlassId,
    ChangeId,
    NodeId,
    PermitId,
    Principal,
    PrincipalId,
    PrincipalKind,
    SiteId,
    SubscriberId,
    TenantId,
)
from brain.domain.incident import Case
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.policy_change import PolicyChange, RulesState
from brain.domain.proposal import Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.topology import AccessNode, NodeKind
from brain.domain.usage import Scopes
from brain.domain.verdict import Point
from brain.domain.webhook import Delivery, EventId, EventType, Webhook, WebhookId
from brain.store.repository import Repository
from brain.store.store import Store
from brain.store.transaction import Transaction
from brain.store.verdicts import Before

NORTH, SOUTH = TenantId("north"), TenantId("south")
GLASS, HOOK = BrokenGlassId("glass_1"), WebhookId("hook_1")
ANA, NODE, SITE, SUB = PrincipalId("ana"), NodeId("olt"), SiteId("home"), SubscriberId("sub_1")
SECRETS = {
    "passphrase in a plan": "correct horse battery staple",
    "subscriber's name": "Quitzow",
    "address": "Elm Grove 7",
    "what was said": "I wrote it on the fridge",
    "value in a snapshot": "quitzow-home-ssid",
    "credential of a controller": "hunter2hunter2",
    "hash of a password": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
    "address of a guesser": "address 2001:db8:77::/64",
    "evidence of a proposal": "three neighbours on channel 1",
    "address of a webhook": "https://tickets.example.net/hook?key=hunter3",
    "secret of a webhook": "whsec_aGVsbG8gd29ybGQ=",
    "why the glass was broken": "the alarm of flat 12 cannot call",
    "comment on a change": "Mrs Q. has asked for it twice",
    "why somebody approved": "she rang me at home about it",
}


@pytest.fixture
async def inhabited(
    any_store: Store, a_device: Callable[..., Device], a_change: Callable[..., ChangeRecord]
) -> Store:
    """A store where the northern tenant has at least one row of everything."""
    device = a_device(site=SITE, subscriber=SUB, access_node=NODE)
    assert device.last_seen is not None
    async with any_store.begin() as tx:
        await _home(tx, device, device.last_seen)
        await _case(tx, a_change(), device.last_seen)
        await _carried_out(tx, a_change(), device.last_seen)
        await _house(tx, device.last_seen)
    return any_store


async def _home(tx: Transaction, device: Device, at: datetime) -> None:
    snapshot = Snapshot(
        device=device.id,
        taken_at=at,
        values={ParameterPath("Device.WiFi.SSID.1.SSID"): SECRETS["value in a snapshot"]},
    )
    await tx.sites.put(Site(id=SITE, tenant=NORTH, name=SECRETS["address"]))
    name = "Xaver " + SECRETS["subscriber's name"]
    await tx.subscribers.put(Subscriber(id=SUB, tenant=NORTH, name=name))
    await tx.nodes.put(AccessNode(id=NODE, tenant=NORTH, kind=NodeKind.OLT, name="OLT"))
    port = AccessNode(id=NodeId("port"), tenant=NORTH, kind=NodeKind.PORT, name="P", parent=NODE)
    await tx.nodes.put(port)
    await tx.devices.put(device)
    await tx.snapshots.merge(NORTH, snapshot)
    await tx.models.put(NORTH, device.id, "1.0", {"Device.X": True})
    credential = SECRETS["credential of a controller"]
    await tx.controllers.put(device.id, "http://192.0.2.7/", "user", credential)
    await tx.events.add(Event(tenant=NORTH, device=device.id, kind=EventKind.BOOT, at=at))


async def _case(tx: Transaction, change: ChangeRecord, at: datetime) -> None:
    case = Case(id=change.case, tenant=NORTH, device=change.device, opened_by=ANA, opened_at=at)
    finding = Finding(cause=change.cause, confidence=0.9, summary=SECRETS["evidence of a proposal"])
    proposal = Proposal(
        id=change.proposal,
        tenant=NORTH,
        case=change.case,
        device=change.device,
        author=change.author,
        asked_by=ANA,
        finding=finding,
        changes=change.plan.changes,
        made_at=at,
    )
    await tx.cases.add(case)
    await tx.messages.add(NORTH, case.id, "user", SECRETS["what was said"], at)
    await tx.proposals.add(proposal)
    await tx.changes.add(change)
    asked = {"plan": {"before": SECRETS["value in a snapshot"]}}
    await tx.verdicts.add(NORTH, change.id, change.verdict, asked)
    await tx.policy_changes.add(_rules(NORTH), b"rules")


def _rules(tenant: TenantId) -> PolicyChange:
    return PolicyChange(
        id="pol_1",
        tenant=tenant,
        revision="r1",
        base="",
        state=RulesState.ACTIVE,
        proposed_by="ana",
        reason=SECRETS["what was said"],
        proposed_at=datetime(2026, 1, 1, tzinfo=UTC),
        loosens=False,
    )


async def _carried_out(tx: Transaction, change: ChangeRecord, at: datetime) -> None:
    approval = Approval(
        change=change.id,
        answer=Answer.APPROVE,
        by=ANA,
        groups=frozenset(),
        plan_digest=change.plan.digest,
        fingerprint="f",
        policy_revision="r1",
        answered_at=at,
        expires_at=at,
        comment=SECRETS["why somebody approved"],
    )
    permit = Permit(
        id=PermitId("prm_1"),
        tenant=NORTH,
        change=change.id,
        device=change.device,
        plan_digest=change.plan.digest,
        policy_revision="r1",
        fence=1,
        minted_at=at,
        expires_at=at,
    )
    values = {ParameterPath("Device.WiFi.SSID.1.SSID"): SECRETS["value in a snapshot"]}
    outcome = Outcome(progress=Progress.APPLIED, at=at)
    await tx.approvals.add(NORTH, approval)
    said = Comment(change=change.id, by=ANA, at=at, text=SECRETS["comment on a change"])
    await tx.comments.add(NORTH, said)
    await tx.permits.add(permit)
    await tx.permits.spend(permit.id, at)
    await tx.executions.add(NORTH, change.id, 1, "look", "", at)
    await tx.outcomes.add(NORTH, change.id, change.plan.digest, outcome)
    backup = Snapshot(device=change.device, taken_at=at, values=values)
    await tx.backups.put(NORTH, change.id, backup)
    scopes = Scopes(tenant=NORTH, device=change.device, model="G1")
    await tx.usages.queue(NORTH)
    await tx.usages.begin(scopes, change.id, at)
    await tx.leases.take(change.device, change.id, at, at + timedelta(minutes=1))
    broken = BrokenGlass(
        id=GLASS,
        tenant=NORTH,
        change=change.id,
        glass=BreakGlass(
            by=ANA,
            ticket="INC-7",
            reason=SECRETS["why the glass was broken"],
            plan_digest=change.plan.digest,
            at=at,
            expires_at=at,
        ),
        asked_by=ANA,
        on_behalf_of="",
        reviewers="approvers",
    )
    await tx.broken_glasses.add(broken, due_at=at)


async def _house(tx: Transaction, at: datetime) -> None:
    who = Principal(id=ANA, tenant=NORTH, kind=PrincipalKind.PERSON, roles=frozenset())
    entry = AuditRecord(
        tenant=NORTH, seq=1, at=at, actor="ana", kind="k", payload="{}", prev_hash="", hash="h"
    )
    await tx.principals.put(who, "Ana")
    await tx.principals.disable(NORTH, ANA, disabled=True)
    await tx.principals.put(replace(who, id=PrincipalId("ben")), "Ben")
    await tx.users.put(
        User(
            name=ANA,
            tenant=NORTH,
            password_hash=SECRETS["hash of a password"],
            must_change=False,
            changed_at=at,
        )
    )
    record = TokenRecord(
        tenant=NORTH, principal=ANA, name="laptop", scopes=None, created_at=at, expires_at=None
    )
    await tx.tokens.add("h1", record)
    await tx.sessions.begin(
        Session(
            hash="s1",
            tenant=NORTH,
            principal=ANA,
            way=Way.PASSWORD,
            began_at=at,
            seen_at=at,
            ends_at=at + timedelta(hours=1),
        )
    )
    await tx.guesses.count(SECRETS["address of a guesser"], now=at, stale=at)
    webhook = Webhook(
        id=HOOK,
        tenant=NORTH,
        url=SECRETS["address of a webhook"],
        secret=SECRETS["secret of a webhook"],
        events=frozenset({EventType.PAGED}),
        created_at=at,
    )
    delivery = Delivery(
        webhook=HOOK, tenant=NORTH, event=EventId("evt_1"), type=EventType.PAGED, data="{}", at=at
    )
    await tx.webhooks.add(webhook)
    await tx.deliveries.add(delivery)
    await tx.halts.set(NORTH, halted=True, by=ANA, at=at)
    await tx.audit.append(entry, b"s")
    span = Span(starts_at=at, ends_at=at + timedelta(days=1))
    ben = PrincipalId("ben")
    lent = Delegation(id="del_1", tenant=NORTH, group="noc", by=ANA, to=ben, span=span)
    await tx.delegations.add(lent)
    await tx.absences.add(Absence(id="abs_1", tenant=NORTH, who=ANA, span=span))


async def _begun(tx: Transaction, tenant: TenantId, change: ChangeRecord) -> int:
    scopes = Scopes(tenant=tenant, device=change.device, model="G1")
    since = change.created_at - timedelta(days=1)
    return (await tx.usages.count(scopes, since=since, but=None)).tenant.last_hour


Ask = Callable[[Transaction, TenantId, ChangeRecord], Awaitable[object]]
READS: dict[str, Ask] = {
    "absences.not_over": lambda tx, t, c: tx.absences.not_over(t, c.created_at),
    "approvals.kept": lambda tx, t, c: tx.approvals.kept(t, c.id),
    "approvals.of_change": lambda tx, t, c: tx.approvals.of_change(t, c.id),
    "audit.head": lambda tx, t, c: tx.audit.head(t),
    "audit.range": lambda tx, t, c: tx.audit.range(t),
    "backups.get": lambda tx, t, c: tx.backups.get(t, c.id),
    "broken_glasses.get": lambda tx, t, c: tx.broken_glasses.get(t, GLASS),
    "broken_glasses.list": lambda tx, t, c: tx.broken_glasses.list(t),
    "broken_glasses.unreviewed": lambda tx, t, c: tx.broken_glasses.unreviewed(
        t, besides=ChangeId("another")
    ),
    "cases.get": lambda tx, t, c: tx.cases.get(t, c.case),
    "cases.list": lambda tx, t, c: tx.cases.list(t),
    "changes.get": lambda tx, t, c: tx.changes.get(t, c.id),
    "changes.list": lambda tx, t, c: tx.changes.list(t),
    "changes.open_with_plan": lambda tx, t, c: tx.changes.open_with_plan(t, c.plan),
    "changes.tally": lambda tx, t, c: tx.changes.tally(
        t, cause=c.cause, paths=c.plan.paths, model="Hub 3", firmware="1.0"
    ),
    "comments.of_change": lambda tx, t, c: tx.comments.of_change(t, c.id),
    "delegations.not_over": lambda tx, t, c: tx.delegations.not_over(t, c.created_at),
    "deliveries.of_webhook": lambda tx, t, c: tx.deliveries.of_webhook(t, HOOK),
    "devices.at_site": lambda tx, t, c: tx.devices.at_site(t, SITE),
    "devices.below": lambda tx, t, c: tx.devices.below(t, [NODE]),
    "devices.get": lambda tx, t, c: tx.devices.get(t, c.device),
    "devices.list": lambda tx, t, c: tx.devices.list(t, search="hub"),
    "events.of_device": lambda tx, t, c: tx.events.of_device(t, c.device),
    "executions.of_change": lambda tx, t, c: tx.executions.of_change(t, c.id),
    "halts.is_halted": lambda tx, t, c: tx.halts.is_halted(t),
    "messages.of_case": lambda tx, t, c: tx.messages.of_case(t, c.case),
    "models.firmware": lambda tx, t, c: tx.models.firmware(t, c.device),
    "models.get": lambda tx, t, c: tx.models.get(t, c.device),
    "nodes.ancestors": lambda tx, t, c: tx.nodes.ancestors(t, NodeId("port")),
    "nodes.children": lambda tx, t, c: tx.nodes.children(t, NODE),
    "nodes.descendants": lambda tx, t, c: tx.nodes.descendants(t, NODE),
    "nodes.get": lambda tx, t, c: tx.nodes.get(t, NODE),
    "nodes.list": lambda tx, t, c: tx.nodes.list(t),
    "outcomes.of_change": lambda tx, t, c: tx.outcomes.of_change(t, c.id),
    "permits.of_change": lambda tx, t, c: tx.permits.of_change(t, c.id),
    "permits.spent_for": lambda tx, t, c: tx.permits.spent_for(t, c.id, c.plan.digest),
    "principals.disabled": lambda tx, t, c: tx.principals.disabled(t),
    "principals.get": lambda tx, t, c: tx.principals.get(t, ANA),
    "principals.name": lambda tx, t, c: tx.principals.name(t, ANA),
    "principals.people": lambda tx, t, c: tx.principals.people(t),
    "proposals.get": lambda tx, t, c: tx.proposals.get(t, c.proposal),
    "proposals.list": lambda tx, t, c: tx.proposals.list(t),
    "proposals.of_case": lambda tx, t, c: tx.proposals.of_case(t, c.case),
    "sessions.of_principal": lambda tx, t, c: tx.sessions.of_principal(t, ANA),
    "sites.get": lambda tx, t, c: tx.sites.get(t, SITE),
    "snapshots.latest": lambda tx, t, c: tx.snapshots.latest(t, c.device),
    "subscribers.get": lambda tx, t, c: tx.subscribers.get(t, SUB),
    "subscribers.list": lambda tx, t, c: tx.subscribers.list(t, "quit"),
    "tokens.get": lambda tx, t, c: tx.tokens.get(t, "laptop"),
    "tokens.list": lambda tx, t, c: tx.tokens.list(t),
    "usages.count": lambda tx, t, c: _begun(tx, t, c),
    "users.names": lambda tx, t, c: tx.users.names(t),
    "verdicts.get": lambda tx, t, c: tx.verdicts.get(t, c.verdict.decision_id),
    "verdicts.latest": lambda tx, t, c: tx.verdicts.latest(t, c.id, Point.SUBMIT),
    "policy_changes.active": lambda tx, t, c: tx.policy_changes.active(t),
    "policy_changes.content": lambda tx, t, c: tx.policy_changes.content(_rules(t)),
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
    "comments.add",
    *("policy_changes.add", "policy_changes.swap", "verdicts.tenants", "changes.not_begun"),
    *("absences.add", "absences.remove", "delegations.add", "delegations.remove"),
    *("approvals.add", "audit.append", "backups.put", "cases.add", "cases.set_symptom"),
    *("changes.add", "changes.swap", "controllers.put", "devices.put", "devices.touch"),
    *("events.add", "executions.add", "halts.set", "leases.release", "leases.take"),
    *("messages.add", "models.put", "nodes.put", "outcomes.add", "permits.add", "permits.spend"),
    *("principals.put", "proposals.add", "sites.put", "snapshots.merge", "subscribers.put"),
    *("tokens.add", "tokens.revoke", "verdicts.add", "verdicts.attach"),
    *("changes.closed_since", "changes.expirable", "changes.find", "changes.unfinished"),
    "controllers.get",
    *("devices.find", "leases.fence", "tokens.by_hash"),
    *("controllers.get_all", "controllers.put_all", "devices.hold", "models.firmwares"),
    "snapshots.merge_all",
    *("broken_glasses.add", "broken_glasses.overdue", "broken_glasses.put_off"),
    "broken_glasses.review",
    *("deliveries.add", "deliveries.claim", "deliveries.due", "deliveries.forget"),
    *("deliveries.settle", "webhooks.add", "webhooks.put", "webhooks.remove"),
    # Who comes in has not said of which tenant they are.
    *("guesses.count", "guesses.drop", "guesses.give_back", "guesses.held_until", "guesses.hold"),
    *(
        "principals.disable",
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
        "users.by_name",
        "users.put",
    ),
    *("usages.begin", "usages.queue"),
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

    assert len(repositories) == len(vars(tx)) > 20
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
