"""One row of everything, for whoever looks for what must not be seen of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from brain.domain.absence import Absence, Delegation, Span
from brain.domain.agent import Agent
from brain.domain.approval import Answer, Approval
from brain.domain.audit import AuditRecord
from brain.domain.autonomy import Standing, Subject
from brain.domain.break_glass import BreakGlass, BrokenGlass
from brain.domain.comment import Comment
from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device, Site, Subscriber
from brain.domain.enrolment import Registration, Stranger, Why
from brain.domain.entrance import Binding, Session, TokenRecord, User, Way
from brain.domain.fared import Fared, Kind, templates_of
from brain.domain.history import Event, EventKind, Point
from brain.domain.identity import (
    BrokenGlassId,
    DeviceId,
    NodeId,
    PermitId,
    Principal,
    PrincipalId,
    PrincipalKind,
    SiteId,
    SubscriberId,
    TenantId,
)
from brain.domain.incident import Case, Symptom
from brain.domain.model_call import CallOutcome, ModelCall
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.policy_change import PolicyChange, RulesState
from brain.domain.proposal import Finding, Proposal
from brain.domain.reachability import Reachability, Tried
from brain.domain.reachability import Way as WayToWake
from brain.domain.record import ChangeRecord
from brain.domain.remediation import Affected, Incident, IncidentId, Reach, Scope, SetAside, Trip
from brain.domain.shadow import Shadow
from brain.domain.thing import Household, Thing, ThingKind
from brain.domain.topology import AccessNode, NodeKind
from brain.domain.usage import Scopes
from brain.domain.webhook import Delivery, EventId, EventType, Webhook, WebhookId
from brain.store.transaction import Transaction
from tests.brain.store.rolled_out import rolled_out

NORTH, SOUTH = TenantId("north"), TenantId("south")
INCIDENT, VERSION = IncidentId("inc_1"), "Plume Hub 3 1.0"
GLASS, HOOK = BrokenGlassId("glass_1"), WebhookId("hook_1")
MAC, STRANGER = "00:11:22:33:44:55", DeviceId("001122-S9")
ANA, NODE, SITE, SUB = PrincipalId("ana"), NodeId("olt"), SiteId("home"), SubscriberId("sub_1")
SECRETS = {
    "passphrase in a plan": "correct horse battery staple",
    "subscriber's name": "Quitzow",
    "address": "Elm Grove 7",
    "area": "Quitzowsche Heide",
    "what a model was shown": "the tenant above plays drums",
    "what was said": "I wrote it on the fridge",
    "value in a snapshot": "quitzow-home-ssid",
    "value in a timeline": "quitzows-new-ssid",
    "credential of a controller": "hunter2hunter2",
    "own password of a device": "hunter4hunter4",
    "password that a device is woken with": "hunter5hunter5",
    "password from the factory": "hunter6hunter6",
    "hash of a password": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
    "address of a guesser": "address 2001:db8:77::/64",
    "evidence of a proposal": "three neighbours on channel 1",
    "address of a webhook": "https://tickets.example.net/hook?key=hunter3",
    "secret of a webhook": "whsec_aGVsbG8gd29ybGQ=",
    "name of a lamp": "Quitzow's bedside lamp",
    "value that is rolled out": "quitzow-isp-hotspot",
    "reason of a halt": "flood at the Quitzows'",
    "why the glass was broken": "the alarm of flat 12 cannot call",
    "comment on a change": "Mrs Q. has asked for it twice",
    "why somebody approved": "she rang me at home about it",
}


async def inhabit(tx: Transaction, device: Device, change: ChangeRecord) -> None:
    """The northern tenant gets at least one row of everything."""
    at = device.last_seen
    assert at is not None
    await _home(tx, device, at)
    await _case(tx, change, at)
    await _carried_out(tx, change, at)
    await _house(tx, at)
    await _unattended(tx, device, change, at)


async def _home(tx: Transaction, device: Device, at: datetime) -> None:
    snapshot = Snapshot(
        device=device.id,
        taken_at=at,
        values={ParameterPath("Device.WiFi.SSID.1.SSID"): SECRETS["value in a snapshot"]},
    )
    await tx.sites.put(Site(id=SITE, tenant=NORTH, name=SECRETS["address"], area=SECRETS["area"]))
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
    await tx.agents.put(Agent(endpoint="os::00D09E-1", device=device.id, tenant=NORTH))
    boot = Event(tenant=NORTH, device=device.id, kind=EventKind.BOOT, at=at)
    renamed = replace(
        boot,
        kind=EventKind.VALUE_CHANGE,
        path="Device.WiFi.SSID.1.SSID",
        value=SECRETS["value in a timeline"],
    )
    line = "Device.PPP.Interface.1.Status"
    lost = replace(renamed, path=line, value="Down")
    await tx.events.add(boot, renamed, lost)
    await tx.measures.add(
        {(NORTH, device.id): {ParameterPath("Device.DeviceInfo.UpTime"): [Point(at, "1")]}}
    )
    await tx.forgotten.put(NORTH, snapshot)
    await rolled_out(tx, device, SECRETS["value that is rolled out"], at)
    lamp = Thing(name=SECRETS["name of a lamp"], kind=ThingKind.OTHER, heard_at=at)
    await tx.households.put(Household(tenant=NORTH, device=device.id, things=(lamp,)))
    await _enrolled(tx, device, at)


async def _enrolled(tx: Transaction, device: Device, at: datetime) -> None:
    given = Passwords(
        own=SECRETS["own password of a device"],
        wake=SECRETS["password that a device is woken with"],
    )
    factory = SECRETS["password from the factory"]
    await tx.credentials.put(
        DeviceCredentials(
            device=device.id, tenant=NORTH, username=device.id, factory=factory, offered=given
        )
    )
    await tx.registrations.put(
        Registration(tenant=NORTH, device=device.id, mac=MAC, firmware="1.0", at=at, by=ANA)
    )
    await tx.reachabilities.put(
        Reachability(tenant=NORTH, device=device.id).noted(WayToWake.UDP, Tried().worked(at))
    )
    await tx.strangers.put(
        Stranger(
            tenant=NORTH,
            device=STRANGER,
            oui="001122",
            product_class="",
            serial="S9",
            manufacturer="Acme",
            firmware="1.0",
            root="Device.",
            why=Why.UNKNOWN,
            first_at=at,
            last_at=at,
        )
    )


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
    call = ModelCall(
        tenant=NORTH,
        case=case.id,
        proposal=proposal.id,
        at=at,
        prompt="intake",
        prompt_sha256="p",
        schema_sha256="s",
        outcome=CallOutcome.OK,
        asked=SECRETS["what a model was shown"],
    )
    await tx.model_calls.add(call)
    await tx.proposals.add(proposal)
    await tx.changes.add(change)
    asked = {"plan": {"before": SECRETS["value in a snapshot"]}}
    await tx.verdicts.add(NORTH, change.id, change.verdict, asked)
    await tx.policy_changes.add(rules_of(NORTH), b"rules")


async def _learned(tx: Transaction, change: ChangeRecord, at: datetime) -> None:
    kind = kind_of(change)
    fared = Fared(tenant=NORTH, change=change.id, device=change.device, kind=kind, at=at, held=True)
    await tx.fared.put(fared)
    await tx.autonomy.put(Standing(tenant=NORTH, subject=subject_of(change)))
    shadow = Shadow(
        tenant=NORTH,
        proposal=change.proposal,
        device=change.device,
        subject=subject_of(change),
        author=change.author,
        templates=kind.templates,
        made_at=at,
        until=at,
    )
    await tx.shadows.add(shadow)


def kind_of(change: ChangeRecord) -> Kind:
    templates = templates_of(change.plan.paths)
    about = {"manufacturer": "Acme", "model": "Hub 3", "firmware": change.basis.firmware}
    return Kind(cause=change.cause, templates=templates, **about)


def subject_of(change: ChangeRecord) -> Subject:
    return Subject(cause=change.cause, manufacturer="Acme", model="Hub 3")


def rules_of(tenant: TenantId) -> PolicyChange:
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
    await _learned(tx, change, at)
    backup = Snapshot(device=change.device, taken_at=at, values=values)
    await tx.backups.put(NORTH, change.id, backup)
    await tx.signs.put(NORTH, change.id, backup)
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
    await tx.audit_words.add(NORTH, 1, {"reason": SECRETS["reason of a halt"]})
    await tx.principals.put(who, "Ana")
    await tx.principals.disable(NORTH, ANA, disabled=True)
    await tx.principals.put(replace(who, id=PrincipalId("ben")), "Ben")
    await tx.users.add(
        User(
            name=ANA,
            tenant=NORTH,
            password_hash=SECRETS["hash of a password"],
            must_change=False,
            changed_at=at,
        )
    )
    await tx.bindings.add(
        Binding(tenant=NORTH, principal=ANA, issuer="https://id", subject="7", by="root", at=at)
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
        webhook=HOOK,
        tenant=NORTH,
        event=EventId("evt_1"),
        type=EventType.PAGED,
        data="{}",
        at=at,
        delivered_at=at,
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


async def _unattended(tx: Transaction, device: Device, change: ChangeRecord, at: datetime) -> None:
    incident = Incident(
        id=INCIDENT,
        tenant=NORTH,
        rule="drops",
        scope=Scope(reach=Reach.DEVICE, id=device.id),
        device=device.id,
        symptom=Symptom.UNSTABLE_LINE,
        opened_at=at,
        updated_at=at,
        look_at=at,
        lease_until=at,
        case=change.case,
        proposal=change.proposal,
    )
    await tx.incidents.add(incident)
    await tx.incidents.affect(NORTH, INCIDENT, Affected(device=device.id, at=at, said="it drops"))
    await tx.incidents.note(NORTH, INCIDENT, "opened", "by its rule", at)
    tripped = Trip(
        tenant=NORTH, rule="drops", device=device.id, version=VERSION, at=at, judge_at=at
    )
    await tx.trips.put([tripped])
    await tx.unattended.spend(NORTH, INCIDENT, ["olt"], at)
    await tx.unattended.turn(NORTH, stopped=True, by=ANA, at=at)
    broken = SetAside(tenant=NORTH, what="events of Informs", reason="no room", at=at)
    await tx.set_aside.add(broken)
    await tx.event_calls.take(NORTH, ANA, "batch 7", SECRETS["value in a timeline"], at)
    await tx.versions.met([(NORTH, VERSION)], at)
