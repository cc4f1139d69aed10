"""The pages to look around in: changes, and one change."""

from nicegui import ui

from api.console import pieces
from api.console.card import ProposalCard
from api.console.office import Office
from api.shapes.changes import ChangeShape
from brain.domain.identity import Principal


async def changes_page(office: Office, who: Principal) -> None:
    """The newest changes, each with its state and reason."""
    async with office.gatewright.store.read() as tx:
        records = await tx.changes.list(who.tenant, limit=100)
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1100px"):
        ui.label("Changes").classes("gw-title")
        if not records:
            ui.label("Nothing was proposed yet. Begin in the chat.").classes("gw-soft")
        for record in records:
            _change_row(ChangeShape.of(record, office.mask))


def _change_row(change: ChangeShape) -> None:
    with ui.row().classes("gw-card items-center no-wrap gap-3").style("padding: 10px 16px"):
        ui.label(f"{change.created_at:%Y-%m-%d %H:%M}").classes("gw-mono gw-soft").style(
            "white-space: nowrap"
        )
        with ui.column().classes("gap-0 grow"):
            ui.link(pieces.cause_name(change.cause), f"/changes/{change.id}").classes("gw-link")
            ui.label(f"{change.device} · asked by {change.asked_by}").classes("gw-small gw-soft")
            ui.label(change.reason).classes("gw-small")
        pieces.state_chip(change.state)


async def change_page(office: Office, who: Principal, change: str) -> None:
    """One change, followed until it ends."""
    with ui.column().classes("p-4 w-full").style("max-width: 900px"):
        await ProposalCard(office, who, change).show()
