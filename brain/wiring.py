"""Puts the parts together: the one module that names every adapter."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from brain.addresses import Addresses
from brain.agents_door import usp_controller
from brain.case_memory import KeptCases
from brain.controllers import Polls, operators
from brain.courier import Courier
from brain.domain.autonomy import AutonomyRules
from brain.domain.device import ControllerName
from brain.domain.errors import InvalidInput
from brain.domain.identity import TenantId
from brain.domain.ports import Clock, Executor, NewId
from brain.ending import end
from brain.errands import Bell, Ending, KeptCalls, KeptDecisions, Pager, PlanAnew, WatchedModel
from brain.history.keeping import EVENTS, Keeping, Retention
from brain.ids import new_id, utc_now
from brain.keys import Keys
from brain.knowledge import LedgerMemory, PlannerKnowledge
from brain.language_model import language_model
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_checkpoints import Checkpoints
from brain.ledger.audit_verify import verify
from brain.ledger.ledger import Ledger
from brain.ledger.rolling_out import RollingOut
from brain.ledger.rollouts import ROLL_OUT, Rollouts
from brain.lock import only_process
from brain.own_acs import own_acs, permit_desk
from brain.passphrase import new_passphrase
from brain.planner.checkpoints import open_checkpoints
from brain.planner.deps import PlannerDeps
from brain.planner.llm import OpenAiModel
from brain.planner.run import Planner
from brain.remediation.desk import RemediationDesk
from brain.remediation.remediation import Remediation
from brain.remediation.rules import load_rules
from brain.settings import Settings
from brain.store.cipher import Cipher
from brain.store.store import Store
from brain.unattended import at_work, desk_for, restraint_of
from executors.acs.acs import Acs
from executors.by_controller import ByController
from executors.dispatch import Dispatch
from executors.durable import DurableRuns
from executors.execution import Execution
from executors.moving import Moving
from executors.steps import Parts
from executors.usp.usp import Usp
from policies.access import Access
from policies.activation import Activation
from policies.active import ActivePolicy, Begin, Serving
from policies.autonomy import autonomy_rules
from policies.bundle import Bundle
from policies.bundle_signing import BUNDLES, BundleSigner
from policies.composable import composable
from policies.engine import Engine
from policies.engines.embedded import EmbeddedEngine
from policies.gate import Gate
from policies.signing import PermitSigner
from policies.starting import rules_at_start, settle

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatewright:
    """The wired application; ``opened`` makes one."""

    settings: Settings
    keys: Keys
    store: Store
    policy: ActivePolicy
    activation: Activation
    rules_here: Bundle
    """The rules and numbers on this machine, whether they are active or not."""
    bundle_signer: BundleSigner
    audit: AuditTrail
    ledger: Ledger
    acs: Acs
    usp: Usp | None
    """What devices come to over USP; None where it is off."""
    executor: Executor
    """For any device, through whichever controller it is managed by."""
    feeds: tuple[Polls, ...]
    """What asks an operator's own controllers who called."""
    planner: Planner
    model: OpenAiModel | None
    """What the planner may ask; None when rules alone plan."""
    clock: Clock
    new_id: NewId
    addresses: Addresses
    """Where webhooks may be sent."""
    bell: Bell
    """Rung by the ledger when a change became ready."""
    remediation: RemediationDesk
    unattended: Remediation | None
    """What works on incidents; None where remediation is off."""

    @property
    def access(self) -> ActivePolicy:
        """What says who may do what."""
        return self.policy

    async def health(self) -> Mapping[str, bool]:
        """Whether each part that is needed works."""
        return {"store": await self._store_works(), "policy": await self.policy.ready()}

    async def verify_audit(self, tenant: TenantId) -> AuditReport:
        """Walk a tenant's audit chain."""
        return await verify(
            self.store, tenant, self.keys.audit_publics, self.settings.audit_checkpoints
        )

    async def _store_works(self) -> bool:
        try:
            return not await self.store.pending_migrations()
        except Exception:  # noqa: BLE001 - whatever it is, the store does not work
            _log.exception("store_unhealthy")
            return False


@asynccontextmanager
async def opened(settings: Settings, *, work: bool = True) -> AsyncIterator[Gatewright]:
    """Open everything on the data directory; ``work`` says whether changes are carried out.

    Raises InvalidInput for keys or settings that cannot be used, StoreUnavailable and
    PolicyUnavailable. Nothing is half open then.
    """
    async with AsyncExitStack() as stack:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if work:
            stack.enter_context(only_process(settings.data_dir))
        keys = Keys.open(settings.data_dir)
        store = await Store.open(settings.store_url, Cipher(keys.store_encryption))
        stack.push_async_callback(store.close)
        if work:
            await stack.enter_async_context(store.only_server(lost=_stop))
        await store.migrate()
        checkpoints = Checkpoints(
            settings.audit_checkpoints, sign=keys.audit_signing.sign, clock=utc_now
        )
        gatewright = await _wire(stack, settings, keys, store, checkpoints)
        if work:
            await _work(stack, gatewright, checkpoints)
        yield gatewright


def _stop() -> None:
    """Another server has the database: this one would decide by rules that it no longer reads."""
    _log.critical("another_server_has_the_database", remedy="This one stops. Start one at a time.")
    signal.raise_signal(signal.SIGTERM)


async def _wire(
    stack: AsyncExitStack, settings: Settings, keys: Keys, store: Store, checkpoints: Checkpoints
) -> Gatewright:
    bundle = Bundle.load(
        data=settings.policy_data,
        resolvers=settings.resolvers,
        time_servers=settings.time_servers,
    )
    active = await rules_at_start(store, settings.tenant, bundle, adopt=settings.adopt_policy)
    policy = ActivePolicy(_serving(stack, settings, keys, store), active)
    audit = AuditTrail(keys.audit_signing.sign, utc_now, checkpoints=checkpoints)
    bell = Bell()

    def rules() -> AutonomyRules:
        return autonomy_rules(policy.bundle.data)

    rulebook = load_rules(settings.remediation_rules)
    acs = own_acs(settings, keys, store, audit, rulebook)
    stack.push_async_callback(acs.close)
    usp = usp_controller(settings, keys, store, audit, rulebook)
    if usp is not None:
        stack.push_async_callback(usp.close)
    desk_of_permits = permit_desk(keys, store)
    others = operators(stack, settings, desk_of_permits, audit, rulebook)
    executors: dict[ControllerName, Executor] = {ControllerName.ACS: acs}
    executors |= {each.name: each.executor for each in others}
    if usp is not None:
        executors[ControllerName.USP] = usp
    moving = Moving(store=store, permits=desk_of_permits, clock=utc_now)
    executor = ByController(executors, moving)
    ledger = Ledger(
        store=store,
        judge=policy,
        memory=LedgerMemory(
            zone=settings.timezone, autonomy_rules=rules, capabilities=executor.promised
        ),
        autonomy_rules=rules,
        audit=audit,
        clock=utc_now,
        new_id=new_id,
        approval_ttl=settings.approval_ttl,
        execution_ttl=settings.execution_ttl,
        wake=bell,
        break_glass_ttl=settings.break_glass_ttl,
        review_within=settings.break_glass_review_within,
    )
    saver = await stack.enter_async_context(open_checkpoints(settings.planner_database))
    deps = _planner_deps(settings, keys, store=store, ledger=ledger, reader=executor)
    model = language_model(settings)
    if model is not None:
        stack.push_async_callback(model.aclose)
    with_model = replace(
        deps,
        memory=KeptCases(store, audit),
        composable=lambda path, now: composable(policy.bundle, path, now),
        model=WatchedModel(model) if model else None,
        keep_call=KeptCalls(store),
        keep_prompts=settings.llm_keep_prompts,
    )
    planner = Planner(with_model, saver)
    desk = desk_for(settings, store, audit, rulebook)
    stack.push_async_callback(desk.intake.close)
    unattended = at_work(desk, ledger, (with_model, saver), policy.allowed, settings.timezone)
    return Gatewright(
        settings=settings,
        keys=keys,
        store=store,
        policy=policy,
        activation=Activation(
            store=store,
            policy=policy,
            audit=audit,
            clock=utc_now,
            new_id=new_id,
            tenant=settings.tenant,
            back=settings.policy_replay,
            after=PlanAnew(store, ledger),
        ),
        rules_here=bundle,
        bundle_signer=BundleSigner.of(keys.derived(BUNDLES)),
        audit=audit,
        ledger=ledger,
        acs=acs,
        usp=usp,
        executor=executor,
        feeds=tuple(each.feed for each in others),
        planner=planner,
        model=model,
        clock=utc_now,
        new_id=new_id,
        addresses=Addresses(insecure=settings.webhook_http),
        bell=bell,
        remediation=desk,
        unattended=unattended,
    )


def _serving(stack: AsyncExitStack, settings: Settings, keys: Keys, store: Store) -> Begin:
    """Makes what answers from a bundle. What it opens stays open to the end: a question may still
    be on its way when the next one takes over.
    """

    def begin(bundle: Bundle) -> Serving:
        gate = Gate(
            engine=_engine(stack, settings, bundle),
            bundle=bundle,
            clock=utc_now,
            new_id=new_id,
            signer=PermitSigner(keys.permit_signing),
            log=KeptDecisions(store),
            permit_ttl=settings.permit_ttl,
        )
        return Serving(bundle=bundle, gate=gate, access=Access(bundle))

    return begin


def _engine(stack: AsyncExitStack, settings: Settings, bundle: Bundle) -> Engine:
    if not settings.opa_url:
        return EmbeddedEngine(bundle)
    try:
        from policies.engines.opa import OpaEngine
    except ModuleNotFoundError:  # an extra that not everyone has
        raise InvalidInput(
            "asking an OPA server needs the extra opa",
            field="GATEWRIGHT_OPA_URL",
            remedy="Run: pip install 'gatewright[opa]', or unset it.",
        ) from None
    token = settings.opa_token.get_secret_value() if settings.opa_token else ""
    engine = OpaEngine(settings.opa_url, bundle, timeout=settings.opa_timeout, token=token)
    stack.push_async_callback(engine.aclose)
    return engine


def _planner_deps(
    settings: Settings, keys: Keys, *, store: Store, ledger: Ledger, reader: ByController
) -> PlannerDeps:
    return PlannerDeps(
        reader=reader,
        promised=reader.promised,
        knowledge=PlannerKnowledge(store, utc_now),
        submit=ledger.submit,
        hand_over=ledger.hand_over,
        clock=utc_now,
        new_id=new_id,
        new_passphrase=new_passphrase,
        pseudonym_key=keys.derived("pseudonyms"),
        resolvers=settings.resolvers,
        time_servers=settings.time_servers,
        known_bugs=settings.known_bugs,
        effect_within=settings.effect_within,
    )


async def _work(stack: AsyncExitStack, gatewright: Gatewright, checkpoints: Checkpoints) -> None:
    """Start what carries changes out, and what notes how far the audit trail has come."""
    settings = gatewright.settings
    if gatewright.model is not None:
        gatewright.model.look()  # in the background: whether it answers delays nothing
    parts = Parts(
        store=gatewright.store,
        ledger=gatewright.ledger,
        minter=gatewright.policy,
        executor=gatewright.executor,
        clock=gatewright.clock,
        look_again_every=settings.look_again_every,
        silence_limit=settings.silence_limit,
        page=Pager(gatewright.store, gatewright.ledger).page,
        guard_for=settings.guard_for,
        restraint=restraint_of(gatewright.remediation, settings.timezone),
    )
    store, ledger, clock = gatewright.store, gatewright.ledger, gatewright.clock
    ending = Ending(store=store, ledger=ledger, planner=gatewright.planner, clock=clock)
    runs = DurableRuns(Execution(parts), database=settings.runs_database, ended=ending.tell)
    runs.launch()
    stack.callback(runs.close)
    dispatch = Dispatch(
        ledger=gatewright.ledger,
        start=runs.start,
        rouse=runs.rouse,
        every=settings.look_again_every.total_seconds(),
    )
    gatewright.bell.listener = dispatch.wake
    courier = Courier(
        store=gatewright.store,
        clock=gatewright.clock,
        addresses=gatewright.addresses,
        audit=gatewright.audit,
        public_url=settings.public_url,
    )
    stack.push_async_callback(courier.aclose)
    rules = settle(gatewright.activation, gatewright.rules_here, adopt=settings.adopt_policy)
    noting = checkpoints.keep(gatewright.store)
    keeping = Keeping(begin=store.begin, clock=clock, retention=_retention(settings))
    works = [rules, dispatch.run(), courier.run(), noting, keeping.run(), _rolling_out(gatewright)]
    if gatewright.unattended is not None:
        works.append(gatewright.unattended.run())
    works += [feed.run() for feed in gatewright.feeds]
    for work in works:
        task = asyncio.create_task(work)
        stack.push_async_callback(_stopped, task)


def _rolling_out(gatewright: Gatewright) -> Coroutine[None, None, None]:
    rollouts = Rollouts(
        store=gatewright.store,
        audit=gatewright.audit,
        clock=gatewright.clock,
        new_id=gatewright.new_id,
    )
    return RollingOut(
        ledger=gatewright.ledger,
        rollouts=rollouts,
        may=lambda who: gatewright.policy.allowed(who, ROLL_OUT),
    ).run()


def _retention(settings: Settings) -> Retention:
    return Retention(
        events={name: getattr(settings, f"keep_{name}") for name in EVENTS},
        measures=settings.keep_measures,
    )


async def _stopped(task: "asyncio.Task[object]") -> None:
    await end([task])
    if not task.cancelled():
        task.result()
