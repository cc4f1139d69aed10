"""The approval queue: what waits, with its difference, its evidence and who asked."""

from nicegui import ui

from api.actions import Action
from api.auth import check_may
from api.console import pieces
from api.console.glass import break_glass_button
from api.console.office import Office
from api.shapes.changes import ChangeShape, RoadShape
from brain.domain.approval import Answer, check_may_answer
from brain.domain.errors import Forbidden, GatewrightError
from brain.domain.identity import ChangeId, Principal, PrincipalId
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
            waiting = await tx.changes.list(
                self._who.tenant, states=[State.AWAITING_APPROVAL], limit=100
            )
        shapes = [ChangeShape.of(each, self._office.mask) for each in waiting]
        known = tuple(each.id for each in shapes)
        if known == self._known and self._queue.default_slot.children:
            return
        self._known = known
        if not self._chosen and shapes:
            self._chosen = shapes[0].id
        self._draw_queue(shapes)
        if not self._detail.default_slot.children:
            await self._draw_detail()

    def _draw_queue(self, waiting: list[ChangeShape]) -> None:
        self._queue.clear()
        with self._queue:
            ui.label(f"{len(waiting)} waiting for review").classes("gw-head")
            if not waiting:
                ui.label("Nothing waits. New proposals appear here by themselves.").classes(
                    "gw-soft gw-small"
                )
            for change in waiting:
                self._entry(change)

    def _entry(self, change: ChangeShape) -> None:
        with ui.column().classes("gw-row gap-0") as row:
            ui.label(pieces.cause_name(change.cause)).style("font-weight:600")
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
        except GatewrightError as error:
            with self._detail:
                ui.label(str(error)).classes("gw-said bad")
            return
        with self._detail, ui.column().classes("gw-card gap-2"):
            self._draw(road)
            await self._answers(road.change)
            await break_glass_button(self._office, self._who, road.change)

    def _draw(self, road: RoadShape) -> None:
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
        pieces.head("What would change")
        pieces.difference(change.plan.changes)
        pieces.promise(change)
        pieces.policy(change.verdict)
        if proposal:
            pieces.evidence(proposal.evidence)
        if change.state != State.AWAITING_APPROVAL:
            pieces.road(road)
        ui.label(f"plan {change.plan.digest}").classes("gw-mono gw-soft")

    async def _answers(self, change: ChangeShape) -> None:
        if change.state != State.AWAITING_APPROVAL:
            return
        why_not = await self._why_not(change)
        if why_not:
            ui.label(why_not).classes("gw-said warn gw-small")
            return
        comment = (
            ui.input("Comment (kept with your answer)").props("outlined dense").classes("w-full")
        )
        with ui.row().classes("gap-2"):
            for answer, label, look in (
                (Answer.APPROVE, "Approve this plan", "unelevated color=teal-9"),
                (Answer.REJECT, "Reject", "outline color=red-9"),
            ):
                ui.button(
                    label,
                    on_click=lambda _, given=answer: self._answer(
                        change, given, comment.value or ""
                    ),
                ).props(f"no-caps {look}")

    async def _why_not(self, change: ChangeShape) -> str:
        try:
            await check_may(self._office.gatewright, self._who, Action.APPROVE)
            check_may_answer(
                self._who,
                author=PrincipalId(change.asked_by),
                on_behalf_of=change.on_behalf_of,
            )
        except Forbidden as refused:
            return str(refused)
        return ""

    async def _answer(self, change: ChangeShape, answer: Answer, comment: str) -> None:
        try:
            await self._office.gatewright.ledger.answer(
                await self._office.still(self._who, Action.APPROVE),
                ChangeId(change.id),
                digest=change.plan.digest,
                answer=answer,
                comment=comment,
            )
        except GatewrightError as error:
            ui.notify(str(error), type="negative", timeout=8000)
        else:
            ui.notify(f"Your answer is kept: {answer}.", type="positive")
        ui.navigate.to(f"/changes/{change.id}")
