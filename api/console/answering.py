"""Answering a review in the console: where it stands, who may, and what one can say."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.actions import Action
from api.console import pieces
from api.console.alike import alike_for, many_dialog
from api.console.office import Office
from api.reviewing import Reviewing
from api.shapes.changes import ChangeShape
from api.shapes.reviews import MayAnswerShape, ReviewShape
from brain.domain.approval import Answer
from brain.domain.errors import GatewrightError
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.record import ChangeRecord

_NOT_BEGUN = (State.AWAITING_APPROVAL, State.APPROVED)
Act = Callable[[], Awaitable[None]]


class Answering:
    """What one person can do about one change that waits, or that has not begun."""

    def __init__(self, office: Office, who: Principal, change: ChangeShape) -> None:
        self._office, self._who, self._change = office, who, change
        self._review: ReviewShape | None = None
        self._alike: list[ChangeRecord] = []

    async def look(self) -> None:
        """Find out where the review stands, for the one who looks."""
        async with self._office.gatewright.store.read() as tx:
            record = await tx.changes.get(self._who.tenant, ChangeId(self._change.id))
            if record is None or record.state not in _NOT_BEGUN:
                return
            view = await Reviewing.open(self._office.gatewright, tx, self._who)
            self._review = await view.of(tx, record)
            if self._review.may_answer.may:
                self._alike = await alike_for(tx, view, self._who, record)

    def standing(self) -> None:
        """Who has answered, who still has to, and why the one who looks may not."""
        review = self._review
        if review is None:
            return
        for group in review.groups:
            with ui.row().classes("items-center gap-2"):
                count = f"{len(group.given)} of {group.needed} {group.group}"
                pieces.chip(count, "warn" if group.missing else "good")
                ui.label(group.says).classes("gw-small")
        if self._change.state != State.AWAITING_APPROVAL:
            return
        if not review.may_answer.may:
            ui.label(review.may_answer.why).classes("gw-said warn gw-small")
        for name in review.may_answer.standing_in_for:
            ui.label(f"You would answer for {name}.").classes("gw-small")
        if review.not_genuine or not review.whole:
            ui.label(
                "Answers in the database were not given here, or some are gone. "
                "Call whoever runs the database."
            ).classes("gw-said bad gw-small")

    def buttons(self) -> None:
        """An answer to this change, to all that are alike, or a remark."""
        if self._change.state not in _NOT_BEGUN:
            return
        may = self._review.may_answer if self._review else None
        answers = may is not None and (may.may or may.may_reject)
        said = ui.input("Comment (kept with your answer)" if answers else "Comment")
        said.props("outlined dense").classes("w-full")

        def words() -> str:
            return said.value or ""

        with ui.row().classes("gap-2 items-center"):
            if may is not None:
                self._answers(may, words)
            self._button("Only comment", "flat color=teal-9", lambda: self._comment(words()))
            if self._change.asked_by == self._who.id:
                self._button("Withdraw it", "outline color=red-9", self._withdraw)

    def _answers(self, may: MayAnswerShape, words: Callable[[], str]) -> None:
        def give(answer: Answer) -> Act:
            return lambda: self._settle(answer, words())

        if may.may:
            self._button("Approve this plan", "unelevated color=teal-9", give(Answer.APPROVE))
        if may.may_reject:
            self._button("Reject", "outline color=red-9", give(Answer.REJECT))
        if may.may_take_back:
            self._button("Take my approval back", "outline color=teal-9", give(Answer.TAKE_BACK))
        if len(self._alike) > 1:

            async def each(record: ChangeRecord) -> None:
                await self._answer(record.id, record.plan.digest, Answer.APPROVE, words())

            dialog = many_dialog(self._office, self._alike, each)
            ui.button(f"Approve {len(self._alike)} alike …", on_click=dialog.open).props(
                "no-caps outline color=teal-9"
            )

    def _button(self, label: str, look: str, act: Act) -> None:
        async def pressed() -> None:
            try:
                await act()
            except GatewrightError as error:
                ui.notify(str(error), type="negative", timeout=8000)

        ui.button(label, on_click=pressed).props(f"no-caps {look}")

    async def _settle(self, answer: Answer, comment: str) -> None:
        await self._answer(ChangeId(self._change.id), self._change.plan.digest, answer, comment)
        ui.navigate.to(f"/changes/{self._change.id}")

    async def _answer(self, change: ChangeId, digest: str, answer: Answer, comment: str) -> None:
        await self._office.gatewright.ledger.answer(
            await self._office.still(self._who, Action.APPROVE),
            change,
            digest=digest,
            answer=answer,
            comment=comment,
        )

    async def _comment(self, text: str) -> None:
        await self._office.gatewright.ledger.remarks.comment(
            await self._office.still(self._who, Action.COMMENT), ChangeId(self._change.id), text
        )
        ui.navigate.to(f"/reviews?change={self._change.id}")

    async def _withdraw(self) -> None:
        await self._office.gatewright.ledger.withdraw(
            await self._office.still(self._who, Action.PROPOSE), ChangeId(self._change.id)
        )
        ui.navigate.to(f"/changes/{self._change.id}")
