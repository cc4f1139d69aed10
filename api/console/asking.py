"""What pages with forms share: an act that may be refused, and a secret that is shown once."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from brain.domain.errors import GatewrightError

Act = Callable[[], Awaitable[None]]


async def attempt(act: Act) -> bool:
    """Do it, or say in words why not; what was typed stays. Whether it was done."""
    try:
        await act()
    except GatewrightError as refused:
        ui.notify(_sentence(refused), type="negative", timeout=10000, multi_line=True)
        return False
    return True


def shown_once(title: str, secret: str, hint: str) -> None:
    """A dialog with the secret. Nothing keeps it once it is closed."""
    with ui.dialog() as dialog, ui.column().classes("gw-card gap-3").style("max-width: 560px"):
        ui.label(title).classes("gw-title")
        ui.label(secret).classes("gw-mono gw-secret").props("data-secret")
        ui.label(hint).classes("gw-small gw-soft")
        with ui.row().classes("gap-2"):
            copy = ui.button("Copy", on_click=lambda: ui.clipboard.write(secret))
            copy.props("no-caps outline color=teal-9")
            ui.button("I have kept it", on_click=dialog.close).props(
                "no-caps unelevated color=teal-9"
            )
    dialog.props("persistent")
    dialog.on("hide", dialog.delete)
    dialog.open()


def make_sure(question: str, consequence: str, verb: str, act: Act) -> None:
    """A dialog before what cannot be taken back."""
    with ui.dialog() as dialog, ui.column().classes("gw-card gap-3").style("max-width: 480px"):
        ui.label(question).classes("gw-title")
        ui.label(consequence).classes("gw-small gw-soft")

        async def go() -> None:
            dialog.close()
            await attempt(act)

        with ui.row().classes("gap-2"):
            ui.button(verb, on_click=go).props("no-caps unelevated color=red-9")
            ui.button("Cancel", on_click=dialog.close).props("no-caps flat color=grey-8")
    dialog.open()


def small_button(text: str, act: Callable[[], object], *, danger: bool = False) -> ui.button:
    """One act on one row of a list."""
    made = ui.button(text, on_click=act)
    made.props(f"no-caps flat dense color={'red-9' if danger else 'teal-9'}")
    return made


def _sentence(refused: GatewrightError) -> str:
    """Without the name of the field: the form says what is what."""
    return f"{refused.message[:1].upper()}{refused.message[1:]}. {refused.remedy}".strip()
