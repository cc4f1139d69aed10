"""A proposal as a card: what would change, why, what policy says, and where it is now."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.actions import Action
from api.console import pieces
from api.console.office import Office
from api.revealing import reveal
from api.shapes.changes import RoadShape
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal
from brain.domain.life import ENDS, State
from brain.domain.verdict import Decision

_EVERY = 1.0


class ProposalCard:
    """Shows one change and follows it until it ends."""

    def __init__(
        self,
        office: Office,
        who: Principal,
        change: str,
        ended: Callable[[RoadShape], Awaitable[None]] | None = None,
    ) -> None:
        self._office, self._who, self._change, self._ended = office, who, change, ended
        self._shown: tuple[State, int] | None = None

    async def show(self) -> None:
        """Draw it here, and draw it anew whenever the change moves."""
        self._place = ui.column().classes("gw-card gap-2")
        await self._look()
        self._timer = ui.timer(_EVERY, self._look)

    async def _look(self) -> None:
        road = await self._office.road(self._who.tenant, self._change)
        now = (road.change.state, len(road.executions))
        if now == self._shown:
            return
        first, self._shown = self._shown is None, now
        self._place.clear()
        with self._place:
            self._draw(road)
        if road.change.state in ENDS and hasattr(self, "_timer"):
            self._timer.deactivate()
            if self._ended is not None and not first:
                await self._ended(road)

    def _draw(self, road: RoadShape) -> None:
        change, proposal = road.change, road.proposal
        with ui.row().classes("items-center gap-2 w-full no-wrap"):
            ui.label(proposal.summary if proposal else "").classes("gw-title")
            ui.space()
            pieces.state_chip(change.state)
        with ui.row().classes("items-center gap-2"):
            pieces.chip(pieces.cause_name(change.cause), "brand")
            if proposal:
                pieces.chip(f"{proposal.confidence:.0%} sure")
            pieces.chip(*_risk(road))
        pieces.difference(change.plan.changes)
        pieces.promise(change)
        pieces.reach(change.verdict)
        pieces.policy(change.verdict)
        if proposal and proposal.evidence:
            with ui.expansion("Evidence").classes("w-full").props("dense"):
                pieces.evidence(proposal.evidence)
        if road.executions or change.state in ENDS:
            pieces.road(road)
        if _has_secret(road) and change.state == State.SUCCEEDED:
            self._reveal_button()
        if change.state in (State.AWAITING_APPROVAL, State.APPROVED):
            ui.link("Open the review", f"/reviews?change={change.id}").classes("gw-link gw-small")

    def _reveal_button(self) -> None:
        async def show() -> None:
            try:
                who = await self._office.still(self._who, Action.PROPOSE)
                found = await reveal(self._office.gatewright, who, self._change)
            except GatewrightError as refused:
                ui.notify(str(refused), type="negative")
                return
            button.delete()
            with place:
                for path, value in found:
                    ui.label(f"{path} = {value}").classes("gw-mono")

        with ui.column().classes("gap-1") as place:
            button = ui.button("Show the new passphrase (kept on file)", on_click=show).props(
                "outline dense no-caps color=teal-9"
            )


def _has_secret(road: RoadShape) -> bool:
    return any(step.masked for step in road.change.plan.changes)


def _risk(road: RoadShape) -> tuple[str, str]:
    """In words: can it be undone, and how many does it touch."""
    if road.change.verdict.decision == Decision.DENY:
        return "refused by policy", "bad"
    if not road.change.plan.can_be_undone or road.change.verdict.obligations.rollback == "none":
        return "cannot be undone", "bad"
    return "can be undone", "good"
