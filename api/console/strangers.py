"""Strangers: devices that came and were given nothing, and a person's answer to each."""

from nicegui import ui

from api.actions import Action
from api.admitting import admit, turn_away
from api.auth import check_may
from api.console import pieces
from api.console.asking import attempt, make_sure, small_button
from api.console.office import Office
from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.errors import Forbidden, PolicyUnavailable
from brain.domain.identity import Principal, TenantId

_SHOWN = 200
_WHY = {
    Why.UNKNOWN: "Nobody registered it.",
    Why.UNPROVEN: "It claims the serial of a device without the password of that device.",
}
_TAKES_ITS_PLACE = (
    "It claims the serial of a device that is known, and takes its place. Let it in only if you "
    "know that this very box was reset or replaced."
)
_CREDENTIALS = "At its next call it is given credentials of its own, and is read and managed."


class StrangersPage:
    """Those that wait first; a list that is drawn anew after each answer."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who
        self._may = False

    async def show(self) -> None:
        """Draw the page."""
        self._may = await self._may_answer()
        with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1000px"):
            ui.label("Strangers").classes("gw-title")
            ui.label(
                "They were answered and given nothing. What is said of them is what they said "
                "themselves. To let many in, register them from a file: gatewright enrolment "
                "register FILE."
            ).classes("gw-soft gw-small")
            self._rows = ui.column().classes("w-full gap-2")
        await self._draw()

    async def _draw(self) -> None:
        async with self._office.gatewright.store.read() as tx:
            found = await tx.strangers.list(self._who.tenant, limit=_SHOWN)
        self._rows.clear()
        with self._rows:
            if not found:
                ui.label("Nobody was turned away.").classes("gw-soft")
            for each in found:
                self._row(each)
            if len(found) == _SHOWN:
                ui.label(f"The newest {_SHOWN}: there may be more.").classes("gw-soft gw-small")

    def _row(self, each: Stranger) -> None:
        with ui.column().classes("gw-card gap-1"):
            with ui.row().classes("items-center gap-2 w-full"):
                ui.label(each.device).classes("gw-mono").style("font-weight:650")
                if each.answer is Answer.REJECTED:
                    pieces.chip("refused", "bad")
                elif each.why is Why.UNPROVEN:
                    pieces.chip("not proven", "warn")
                ui.space()
                if self._may:
                    self._acts(each)
            ui.label(_WHY[each.why]).classes("gw-small")
            ui.label(_came(each)).classes("gw-small gw-soft")

    def _acts(self, each: Stranger) -> None:
        small_button("Let it in", lambda: self._ask_in(each))
        if each.answer is not Answer.REJECTED:
            small_button("Refuse", lambda: attempt(lambda: self._refuse(each)), danger=True)

    def _ask_in(self, each: Stranger) -> None:
        consequence = _CREDENTIALS
        if each.why is Why.UNPROVEN:
            consequence = f"{_TAKES_ITS_PLACE} {consequence}"

        async def let_in() -> None:
            who = await self._office.still(self._who, Action.IMPORT_INVENTORY)
            await admit(self._office.gatewright, who, each.device)
            await self._draw()

        make_sure(f"Let {each.device} in?", consequence, "Let it in", let_in)

    async def _refuse(self, each: Stranger) -> None:
        who = await self._office.still(self._who, Action.IMPORT_INVENTORY)
        await turn_away(self._office.gatewright, who, each.device)
        await self._draw()

    async def _may_answer(self) -> bool:
        try:
            await check_may(self._office.gatewright, self._who, Action.IMPORT_INVENTORY)
        except (Forbidden, PolicyUnavailable):
            return False
        return True


async def strangers_line(office: Office, tenant: TenantId) -> None:
    """A line that leads to them; nothing where nobody waits for an answer."""
    async with office.gatewright.store.read() as tx:
        found = await tx.strangers.list(tenant, limit=_SHOWN)
    waiting = sum(each.answer is Answer.WAITING for each in found)
    if waiting:
        many = f"{waiting} or more" if waiting == _SHOWN else str(waiting)
        who = "device waits" if waiting == 1 else "devices wait"
        ui.link(f"{many} {who} for a person to say what they are", "/strangers").classes("gw-link")


def _came(each: Stranger) -> str:
    said = [f"by {each.manufacturer}" if each.manufacturer else "", each.product_class]
    said.append(f"firmware {each.firmware}" if each.firmware else "")
    times = "once" if each.times == 1 else f"{each.times:,} times"
    last = f"{each.last_at:%Y-%m-%d %H:%M} UTC"
    since = f" since {each.first_at:%Y-%m-%d %H:%M}" if each.times > 1 else ""
    return " · ".join([*filter(None, said), f"came {times}{since}, last {last}"])
