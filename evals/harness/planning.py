"""The planners that can be run, by name, and what is noted of what they do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from time import perf_counter

from pydantic import BaseModel

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.identity import CaseId, Principal
from brain.domain.incident import Case
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.ids import new_id
from brain.knowledge import PlannerKnowledge
from brain.passphrase import new_passphrase
from brain.planner.answers import ProposalAnswer
from brain.planner.checkpoints import open_checkpoints
from brain.planner.deps import LanguageModel, PlannerDeps, Prompt, Reply
from brain.planner.events import PlannerEvent
from brain.planner.run import Planner
from evals.harness.answering import DeskMemory, answer_to
from evals.harness.operators import KNOWN_BUGS
from evals.harness.result import Set
from evals.harness.road import TIME_SERVERS, TRUSTED, Road, shipped_rules
from evals.scenarios.template import Expect
from policies.composable import composable


@dataclass(slots=True)
class Desk:
    """Stands between a planner and the ledger, and notes what goes over it."""

    road: Road
    proposals: list[Proposal] = field(default_factory=list)
    records: list[ChangeRecord] = field(default_factory=list)
    handed_over: list[Proposal] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    raw: list[Set] = field(default_factory=list)
    events: list[PlannerEvent] = field(default_factory=list)
    seconds: float = 0.0
    answered: str = ""
    """What the agent answered when the planner asked; empty when it did not, or not that way."""
    asked: str = ""
    """That question."""
    case_id: str = ""
    """What the case is called: pseudonyms follow from it. Drawn unless given."""
    passphrases: list[str] = field(default_factory=list)
    """Those that were drawn for this case."""

    def new_passphrase(self) -> str:
        """Draw one as the product does, and note it."""
        self.passphrases.append(new_passphrase())
        return self.passphrases[-1]

    async def submit(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """Put it before the real ledger."""
        self.proposals.append(proposal)
        try:
            record = await self.road.ledger.submit(proposal, asker)
        except InvalidInput as error:
            self.refused.append(str(error))
            raise
        self.records.append(record)
        return record

    async def hand_over(self, proposal: Proposal) -> None:
        """Have the real ledger keep it."""
        await self.road.ledger.hand_over(proposal)
        self.handed_over.append(proposal)


Mind = Callable[[Desk, Case, str], Awaitable[None]]
"""Plans for one message at this desk."""


@dataclass(frozen=True, slots=True)
class NotedModel:
    """A language model whose compositions are noted before anybody checks them."""

    model: LanguageModel
    raw: list[Set]

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """Ask it, and note what it would set."""
        reply = await self.model.ask(prompt, shape, seconds=seconds)
        if isinstance(reply.answer, ProposalAnswer) and reply.answer.decision == "compose":
            self.raw.extend(Set(path=each.path, value=each.value) for each in reply.answer.changes)
        return reply


def graph_mind(model: LanguageModel | None, *, told: bool = True) -> Mind:
    """The product's planner with this model, or with rules alone.

    ``told``: whether the model is spared what policy would refuse it. Attackers are not, so that
    it is policy that stops them.
    """

    async def plan(desk: Desk, case: Case, text: str) -> None:
        noted = NotedModel(model, desk.raw) if model else None
        known = _composable if told else None
        deps = replace(_deps(desk), model=noted, composable=known)
        began = perf_counter()
        async with open_checkpoints(":memory:") as saver:
            async for event in Planner(deps, saver).run(case, text, desk.road.asker):
                desk.events.append(event)
        desk.seconds += perf_counter() - began

    return plan


async def nothing(desk: Desk, case: Case, text: str) -> None:
    """The planner that never does anything: a floor."""
    del desk, case, text


def case_about(desk: Desk) -> Case:
    """A case for the device in question."""
    road = desk.road
    return Case(
        id=CaseId(desk.case_id or new_id("cas")),
        tenant=road.asker.tenant,
        device=road.device.id,
        opened_by=road.asker.id,
        opened_at=road.world.clock(),
    )


async def planned(
    desk: Desk, mind: Mind, text: str, *, most_seconds: float, expect: Expect | None = None
) -> Case:
    """The case, kept and planned for; raises TimeoutError after so long on the wall.

    With ``expect``, what the planner asks is answered once, by somebody who knows what hurts.
    """
    case = case_about(desk)
    async with desk.road.store.begin() as tx:
        await tx.cases.add(case)
    async with asyncio.timeout(most_seconds):
        await mind(desk, case, text)
        desk.answered = answer_to(desk.events, expect) if expect else ""
        if desk.answered:
            desk.asked = _last_text(desk)
            await mind(desk, case, desk.answered)
    return case


def _last_text(desk: Desk) -> str:
    return next((each.text for each in reversed(desk.events) if each.text), "")


def ended(desk: Desk) -> list[dict[str, Json]]:
    """What each turn said of its cost and of the causes, in its last event."""
    return [dict(each.payload) for each in desk.events if each.kind == "done"]


def _composable(path: str, now: str) -> bool:
    return composable(shipped_rules(), path, now)


def _deps(desk: Desk) -> PlannerDeps:
    road = desk.road
    return PlannerDeps(
        reader=road.executor,
        knowledge=PlannerKnowledge(road.store, road.world.clock),
        submit=desk.submit,
        hand_over=desk.hand_over,
        clock=road.world.clock,
        new_id=new_id,
        new_passphrase=desk.new_passphrase,
        pseudonym_key=b"evals: no real person is in here",
        resolvers=TRUSTED,
        time_servers=TIME_SERVERS,
        known_bugs=KNOWN_BUGS,
        memory=DeskMemory(desk.events),
    )
