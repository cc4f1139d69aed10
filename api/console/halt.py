"""The kill switch in the bar of every page: whoever may turn it finds it wherever they are."""

from nicegui import ui

from api.actions import Action
from api.console.office import Office
from api.halting import set_halt
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal

_MEANS = (
    "Nothing more is written to any device, and a change that is under way stops before its next "
    "write; rollbacks stop, too. What was approved keeps its approvals until its time runs out."
)


def halt_button(office: Office, who: Principal) -> None:
    """A way to stop everything."""
    with ui.dialog() as dialog, ui.column().classes("gw-card gap-2").style("max-width: 480px"):
        ui.label("Halt all changes?").classes("gw-title")
        ui.label(_MEANS).classes("gw-small gw-soft")
        reason = ui.input("Why", validation={"Say why, for those who find it halted.": bool})
        reason.props("outlined dense").classes("w-full")

        async def go() -> None:
            if reason.validate():
                await _turn(office, who, halted=True, reason=reason.value)

        with ui.row().classes("gap-2"):
            ui.button("Halt all changes", on_click=go).props("no-caps unelevated color=red-9")
            ui.button("Cancel", on_click=dialog.close).props("no-caps flat color=grey-8")
    ui.button("Halt …", on_click=dialog.open).props("flat dense no-caps text-color=white")


def halted_banner(office: Office, who: Principal, *, may_lift: bool) -> None:
    """That everything is halted, and for those who may, the way to go on."""
    with ui.row().classes("gw-halt items-center gap-3"):
        ui.label("Halted: no change is carried out until an operator lifts it.")
        if may_lift:
            ui.button(
                "Lift the halt", on_click=lambda: _turn(office, who, halted=False, reason="")
            ).props("dense no-caps outline text-color=white")


async def _turn(office: Office, who: Principal, *, halted: bool, reason: str) -> None:
    try:
        now = await office.still(who, Action.MANAGE_HALT)
        await set_halt(office.gatewright, now, halted=halted, reason=reason)
    except GatewrightError as refused:
        ui.notify(str(refused), type="negative", timeout=8000)
        return
    ui.navigate.reload()
