"""One answer to many: the changes that do the same, one difference and every device."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from api.console import pieces
from api.console.office import Office
from api.reviewing import LOOKED_THROUGH, Reviewing
from api.shapes.changes import ChangeShape
from brain.domain.alike import likeness, sameness
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal
from brain.domain.record import ChangeRecord
from brain.store.transaction import Transaction

Answer = Callable[[ChangeRecord], Awaitable[None]]


async def alike_for(
    tx: Transaction, view: Reviewing, who: Principal, record: ChangeRecord
) -> list[ChangeRecord]:
    """The waiting changes that do the same as this one and that ``who`` may answer; it is first."""
    waiting = await tx.changes.waiting(who.tenant, limit=LOOKED_THROUGH)
    like = likeness(record)
    same = [each for each in waiting if each.id != record.id and likeness(each) == like]
    return [record, *[each for each in same if (await view.of(tx, each)).may_answer.may]]


def many_dialog(office: Office, alike: Sequence[ChangeRecord], answer: Answer) -> ui.dialog:
    """Tick the devices, then approve; each change is answered on its own, and says how it went."""
    shown = ChangeShape.of(alike[0], office.mask)
    with ui.dialog() as dialog, ui.column().classes("gw-card gap-2").style("max-width: 640px"):
        ui.label("Approve the same on several devices?").classes("gw-title")
        pieces.difference(shown.plan.changes)
        ui.label(sameness(alike[0])).classes("gw-small gw-soft")
        boxes = [(each, _box(office, each)) for each in alike]
        results = ui.column().classes("w-full gap-0")

        async def go() -> None:
            approve.disable()
            for record, box in boxes:
                if box.value:
                    with results:
                        await _told(record, answer)
            leave.set_text("Done")

        with ui.row().classes("gap-2"):
            approve = ui.button("Approve those ticked", on_click=go)
            approve.props("no-caps unelevated color=teal-9")
            leave = ui.button("Cancel", on_click=lambda: ui.navigate.to("/reviews"))
            leave.props("no-caps flat color=grey-8")
    return dialog


def _box(office: Office, record: ChangeRecord) -> ui.checkbox:
    steps = ChangeShape.of(record, office.mask).plan.changes
    now = ", ".join(pieces.short(each) for each in steps)
    return ui.checkbox(f"{record.device} · {now} · asked by {record.asked_by}", value=True)


async def _told(record: ChangeRecord, answer: Answer) -> None:
    try:
        await answer(record)
    except GatewrightError as error:
        ui.label(f"{record.device}: {error}").classes("gw-small").style("color: var(--bad)")
    else:
        ui.label(f"{record.device}: approved").classes("gw-small").style("color: var(--good)")
