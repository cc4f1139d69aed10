"""A street of virtual homes, and remediation with the product's own ledger, policy and planner."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from brain.domain.autonomy import Evidence, Level, Standing, Subject
from brain.domain.change import Plan
from brain.domain.controller import SIMULATED
from brain.domain.device import Device
from brain.domain.history import Event, EventKind, TrackRecord
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role
from brain.domain.incident import Case
from brain.domain.proposal import Cause
from brain.domain.remediation import Incident, Mode
from brain.ids import new_id
from brain.knowledge import LedgerMemory, PlannerKnowledge
from brain.passphrase import new_passphrase
from brain.planner.deps import PlannerDeps
from brain.planner.run import Planner
from brain.remediation.bounds import Bounds
from brain.remediation.index import Index
from brain.remediation.ports import Plans, Result
from brain.remediation.putting_together import Ground, put_together
from brain.remediation.remediation import Remediation
from brain.remediation.restraining import HeldBack
from brain.remediation.rules import Rulebook, load_rules
from brain.remediation.taking_in import EventIntake
from brain.store.store import Store
from brain.store.transaction import Transaction
from brain.unattended import IncidentPlans, UnattendedSubmit, only_say
from evals.assembly import person
from evals.harness.past import remember
from evals.harness.road import TIME_SERVERS, TRUSTED, Road, road
from evals.homes.build import build
from evals.homes.network import TENANT
from policies.autonomy import autonomy_rules
from policies.bundle import Bundle
from policies.engine import Engine
from policies.engines.embedded import EmbeddedEngine

OWNER = PrincipalId("anna")
SERVICE = Principal(
    id=PrincipalId("remediation"),
    tenant=TENANT,
    kind=PrincipalKind.MACHINE,
    roles=frozenset({Role.AUTOMATION}),
    owner=OWNER,
)
ALEX = person(TENANT, "alex", Role.APPROVER, ["approvers"])
DROP = "Device.IP.Interface.1.Status"


def rules(**changed: Any) -> Rulebook:
    """The shipped rules, without quiet hours unless told otherwise."""
    return load_rules().model_copy(update={"quiet_hours": (), **changed})


class Proven(LedgerMemory):
    """Whatever is proposed was done a hundred times before, and held."""

    async def track_record(
        self, tx: Transaction, device: Device, plan: Plan, cause: Cause
    ) -> TrackRecord:
        return TrackRecord(tried=100, succeeded=100)


@dataclass(slots=True)
class CountedPlans:
    """Counts the runs."""

    real: Plans
    runs: list[str] = field(default_factory=list)

    async def look(self, incident: Incident, case: Case, service: Principal) -> Result:
        self.runs.append(incident.id)
        return await self.real.look(incident, case, service)


@dataclass(slots=True, kw_only=True)
class Street:
    """The homes, and who looks after them unattended."""

    road: Road
    store: Store
    remediation: Remediation
    intake: EventIntake
    plans: CountedPlans
    again: Callable[..., Remediation]
    """Another process on the same store."""

    @property
    def homes(self) -> Sequence[Device]:
        return self.road.world.devices

    async def happens(
        self, device: Device, times: int = 1, path: str = DROP, value: str = "Down", **more: Any
    ) -> None:
        """So many events of one device, a minute apart, the last one now."""
        now = self.road.world.clock()
        kind = more.get("kind", EventKind.VALUE_CHANGE)
        await self.intake.take(
            [
                Event(
                    tenant=TENANT,
                    device=device.id,
                    kind=kind,
                    at=now - timedelta(minutes=ago),
                    path=path,
                    value=value,
                )
                for ago in range(times)
            ]
        )

    async def pass_time(self, **parts: float) -> None:
        """Time passes, and what can be done is done."""
        await self.remediation.settle()
        self.road.world.clock.advance(timedelta(**parts).total_seconds())
        await self.remediation.settle()

    async def incidents(self) -> Sequence[Incident]:
        async with self.store.read() as tx:
            return await tx.incidents.list(TENANT)

    async def told(self, incident: Incident) -> list[str]:
        """The road of an incident, a line a step."""
        async with self.store.read() as tx:
            steps = await tx.incidents.road(TENANT, incident.id)
        return [f"{each.step}: {each.detail}" for each in steps]


@asynccontextmanager
async def a_street(
    store: Store,
    *,
    faults: Sequence[dict[str, Any]] = (),
    around: dict[str, int] | None = None,
    mode: Mode = Mode.ON,
    rulebook: Rulebook | None = None,
    level: Level = Level.WITH_APPROVAL,
) -> AsyncIterator[Street]:
    """A home with neighbours, in a world of its own, heard from just now."""
    spec = {
        "world": {"model": "brightmoor-hearth6", "around": around or {}},
        "faults": list(faults),
    }
    world = build(spec, seed=1)
    anna = person(TENANT, OWNER, Role.OPERATOR)
    policy, book = _policy(), rulebook or rules()
    bounds = Bounds(rulebook=book, zone=UTC, service=SERVICE.id)
    held = HeldBack(store=store, bounds=bounds, mode=mode, clock=world.clock)
    proven = Proven(
        autonomy_rules=lambda: autonomy_rules(policy[0].data), capabilities=lambda device: SIMULATED
    )
    async with road(world, store, anna, rules=policy, memory=proven, restraint=held) as made:
        async with store.begin() as tx:
            await tx.principals.put(ALEX, ALEX.id)
            await tx.principals.put(SERVICE, SERVICE.id)
            await tx.autonomy.put(_standing(made.device, level))
        await remember(world, store, ())
        yield _street(made, mode, book)


def _standing(device: Device, level: Level) -> Standing:
    """Moving a radio to a freer channel did well on this model, and stands at this level."""
    return Standing(
        tenant=TENANT,
        subject=Subject(
            cause=Cause.CONGESTED_CHANNEL, manufacturer=device.manufacturer, model=device.model
        ),
        level=level,
        evidence=Evidence(tried=40, succeeded=40, in_a_row=40),
    )


@cache
def _policy() -> tuple[Bundle, Engine]:
    """The shipped rules; the make of these homes is known to take changes, from machines too."""
    bundle = Bundle.load(data=Path(__file__).with_name("numbers.yaml"), resolvers=TRUSTED)
    return bundle, EmbeddedEngine(bundle, timeout=timedelta(seconds=30))


def _street(made: Road, mode: Mode, rulebook: Rulebook) -> Street:
    store, clock = made.store, made.world.clock
    plans = CountedPlans(plans_of(made))

    def again(**changed: Any) -> Remediation:
        ground = Ground(
            store=store,
            ledger=made.ledger,
            audit=made.ledger.steps.audit,
            plans=plans,
            may_propose=_may,
            rulebook=rulebook,
            service=SERVICE.id,
            mode=mode,
            zone=UTC,
            clock=clock,
            new_id=new_id,
            workers=1,
        )
        return put_together(replace(ground, **changed))

    return Street(
        road=made,
        store=store,
        remediation=again(),
        intake=EventIntake(store, clock, Index(rulebook)),
        plans=plans,
        again=again,
    )


def plans_of(made: Road, *, store: Store | None = None, mode: Mode = Mode.ON) -> IncidentPlans:
    """The product's planner for incidents over this road, by rules alone."""
    kept = store or made.store
    submit = UnattendedSubmit(store=kept, ledger=made.ledger, mode=mode)
    deps = PlannerDeps(
        reader=made.executor,
        knowledge=PlannerKnowledge(kept, made.world.clock),
        submit=submit,
        hand_over=made.ledger.hand_over,
        clock=made.world.clock,
        new_id=new_id,
        new_passphrase=new_passphrase,
        pseudonym_key=b"tests: no real person is in here",
        resolvers=TRUSTED,
        time_servers=TIME_SERVERS,
    )
    return IncidentPlans(
        store=kept,
        planner=Planner(deps, InMemorySaver()),
        rehearsing=lambda: Planner(replace(deps, hand_over=only_say), InMemorySaver()),
        clock=made.world.clock,
        mode=mode,
    )


async def _may(_service: Principal) -> bool:
    return True
