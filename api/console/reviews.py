"""The approval queue: what waits, with its difference, its evidence and who asked."""

from collections.abc import Collection

from nicegui import ui

from api.console import pieces
from api.console.answering import Answering
from api.console.glass import break_glass_button
from api.console.office import Office
from api.reviewing import Reviewing
from api.shapes.changes import ChangeShape, RoadShape
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal
from brain.domain.life import State

_EVERY = 2.0


class ReviewsPage:
    """Left what waits, right the one that is looked at."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who
        self._chosen = ""
        self._known: tuple[str, ...] = ()

    async def show(self, change: str) -> None:
        """Draw the page; ``change`` is looked at first."""
        self._chosen = change
        with ui.row().classes("gw-pages w-full gap-0").style("flex-wrap: nowrap"):
            with ui.column().classes("gw-side h-full no-wrap p-4 gap-1"):
                self._queue = ui.column().classes("w-full gap-1")
            with ui.column().classes("gw-main grow h-full").style("min-width: 0; overflow-y: auto"):
                self._detail = ui.column().classes("w-full p-4 gap-3").style("max-width: 900px")
        await self._look()
        ui.timer(_EVERY, self._look)

    async def _look(self) -> None:
        """Draw the queue anew when it is another one."""
        async with self._office.gatewright.store.read() as tx:
            waiting = await tx.changes.waiting(self._who.tenant, limit=100)
            known = tuple(each.id for each in waiting)
            if known == self._known and self._queue.default_slot.children:
                return
            view = await Reviewing.open(self._office.gatewright, tx, self._who)
            mine = {each.id for each in waiting if (await view.of(tx, each)).may_answer.may}
        self._known = known
        shapes = [ChangeShape.of(each, self._office.mask) for each in waiting]
        shapes.sort(key=lambda each: each.id not in mine)
        if not self._chosen and shapes:
            self._chosen = shapes[0].id
        self._draw_queue(shapes, mine)
        if not self._detail.default_slot.children:
            await self._draw_detail()

    def _draw_queue(self, waiting: list[ChangeShape], mine: Collection[str]) -> None:
        """What waits for the one who looks comes first."""
        self._queue.clear()
        with self._queue:
            ui.label(f"{len(mine)} waiting for you").classes("gw-head")
            if not waiting:
                ui.label("Nothing waits. New proposals appear here by themselves.").classes(
                    "gw-soft gw-small"
                )
            for change in waiting[: len(mine)]:
                self._entry(change)
            if len(waiting) > len(mine):
                ui.label(f"{len(waiting) - len(mine)} waiting for others").classes("gw-head")
            for change in waiting[len(mine) :]:
                self._entry(change)

    def _entry(self, change: ChangeShape) -> None:
        with ui.column().classes("gw-row gap-0") as row:
            steps = ", ".join(pieces.short(each) for each in change.plan.changes[:2])
            ui.label(steps).style("font-weight:600")
            ui.label(pieces.cause_name(change.cause)).classes("gw-small")
            ui.label(change.device).classes("gw-mono gw-soft")
            ui.label(
                f"asked by {change.asked_by}, open until {pieces.when(change.approval_expires_at)}"
            ).classes("gw-small gw-soft")
        if change.id == self._chosen:
            row.classes("here")
        row.on("click", lambda _, chosen=change.id: ui.navigate.to(f"/reviews?change={chosen}"))

    async def _draw_detail(self) -> None:
        self._detail.clear()
        if not self._chosen:
            return
        try:
            road = await self._office.road(self._who.tenant, self._chosen)
            answering = Answering(self._office, self._who, road.change)
            await answering.look()
        except GatewrightError as error:
            with self._detail:
                ui.label(str(error)).classes("gw-said bad")
            return
        with self._detail, ui.column().classes("gw-card gap-2"):
            self._draw(road, answering)
            await break_glass_button(self._office, self._who, road.change)

    def _draw(self, road: RoadShape, answering: Answering) -> None:
        change, proposal = road.change, road.proposal
        with ui.row().classes("items-center gap-2 w-full no-wrap"):
            ui.label(proposal.summary if proposal else change.id).classes("gw-title")
            ui.space()
            pieces.state_chip(change.state)
        subscriber = f" for subscriber {change.on_behalf_of}" if change.on_behalf_of else ""
        ui.label(
            f"{change.asked_by} asked{subscriber} at {pieces.when(change.created_at)} UTC; "
            f"composed by the {change.author.replace('_', ' ')} planner; device {change.device}"
        ).classes("gw-small gw-soft")
        answering.standing()
        pieces.head("What would change")
        pieces.difference(change.plan.changes)
        pieces.promise(change)
        pieces.reach(change.verdict)
        pieces.policy(change.verdict)
        answering.buttons()
        if proposal:
            pieces.evidence(proposal.evidence)
        if change.state != State.AWAITING_APPROVAL or road.comments or road.approvals:
            pieces.road(road)
        ui.label(f"plan {change.plan.digest}").classes("gw-mono gw-soft")
