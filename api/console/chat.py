"""The chat: say what the subscriber says, see the planner work, get a proposal as a card."""

from collections.abc import Mapping, Sequence

from nicegui import ui

from api.actions import Action
from api.console.card import ProposalCard
from api.console.cost import in_a_line
from api.console.office import Office
from api.console.picker import DevicePicker
from api.conversation import AGENT, PLANNER
from api.shapes.changes import RoadShape
from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import CaseId, DeviceId, Principal
from brain.domain.incident import Case
from brain.planner.confirming import CONFIRM
from brain.planner.events import PlannerEvent
from brain.planner.recollection import Recollection

_DRAWN = 0.15
"""Seconds."""
_COLOURS = {"failed": "bad", "denied": "bad", "hand_over": "warn", "question": "warn"}
_SIDES = {AGENT: "agent", PLANNER: "planner"}
_EXAMPLES = (
    "The Wi-Fi is slow every evening",
    "No web site opens",
    "They forgot their Wi-Fi password",
)
_FURTHER = ("Why?", "Did it help?", "Undo that")
_ANSWERS = ("Yes", "No")
_WENT_ON = "Somebody went on with this case meanwhile. Load the page again to see what was said."


class ChatPage:
    """One conversation about one device."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who
        self._case: Case | None = None
        self._offered: ui.element | None = None
        self._asked: object = None
        self._spent: ui.element | None = None

    async def show(self, device: str, case: str) -> None:
        """Draw the page, with the device or the case that the address names."""
        with ui.row().classes("gw-pages w-full gap-0").style("flex-wrap: nowrap"):
            with ui.column().classes("gw-side h-full no-wrap p-4 gap-2"):
                await DevicePicker(self._office, self._who, device).show()
            with ui.column().classes("gw-main grow gap-0 h-full").style("min-width: 0"):
                self._title = (
                    ui.row()
                    .classes("w-full items-center px-6 py-3 gap-2")
                    .style("border-bottom: 1px solid var(--line); background: var(--paper)")
                )
                with ui.scroll_area().classes("gw-talk grow w-full") as self._scroll:
                    self._talk = ui.column().classes("w-full gap-3 p-4").style("max-width: 900px")
                self._input_row()
        await self._open(device, case)

    def _input_row(self) -> None:
        with (
            ui.row()
            .classes("w-full no-wrap items-center gap-2 p-4")
            .style("border-top: 1px solid var(--line); background: var(--paper)")
        ):
            self._text = (
                ui.input(placeholder="What does the subscriber say?")
                .props("outlined dense maxlength=4000")
                .classes("grow")
                .on("keydown.enter", self._say)
            )
            self._send = ui.button("Send", on_click=self._say).props(
                "unelevated no-caps color=teal-9"
            )

    async def _open(self, device: str, case: str) -> None:
        gatewright = self._office.gatewright
        async with gatewright.store.read() as tx:
            if case:
                self._case = await tx.cases.get(self._who.tenant, CaseId(case))
            wanted = self._case.device if self._case else DeviceId(device)
            known = await tx.devices.get(self._who.tenant, wanted) if wanted else None
            said = await tx.messages.of_case(self._who.tenant, self._case.id) if self._case else []
        if known is None:
            self._text.disable()
            self._send.disable()
            with self._talk:
                ui.label("Choose a device on the left to begin.").classes("gw-soft")
            return
        self._device = known
        self._head(known)
        for message in said:
            await self._past(message.role, message.text, message.payload)
        if said:
            await self._cost()
            self._offer_more()
        else:
            self._offer()

    def _head(self, device: Device) -> None:
        with self._title:
            ui.label(device.model or device.product_class).classes("gw-title")
            ui.label(device.id).classes("gw-mono gw-soft")
            ui.space()
            seen = f"heard from {device.last_seen:%Y-%m-%d %H:%M} UTC" if device.last_seen else ""
            ui.label(seen or "never heard from").classes("gw-small gw-soft")

    def _offer(self) -> None:
        with self._talk, ui.column().classes("gap-1") as offer:
            ui.label("Say what the subscriber says, in their words. For example:").classes(
                "gw-soft"
            )
            for text in _EXAMPLES:
                ui.button(text, on_click=lambda _, chosen=text: self._say_this(chosen)).props(
                    "flat dense no-caps color=teal-9 align=left"
                )
        self._offered = offer

    async def _cost(self) -> None:
        """One quiet line on what the case has cost in calls to a language model."""
        if self._case is None:
            return
        async with self._office.gatewright.store.read() as tx:
            calls = await tx.model_calls.of_case(self._who.tenant, self._case.id)
        if self._spent is not None:
            self._spent.delete()
            self._spent = None
        if calls:
            with self._talk:
                self._spent = ui.label(in_a_line(calls)).classes("gw-small gw-soft")

    def _offer_more(self) -> None:
        """What people answer or ask once something was said: one press instead of typing."""
        with self._talk, ui.row().classes("gap-1") as offer:
            say = self._answer if self._asked else self._say_this
            for text in _ANSWERS if self._asked else _FURTHER:
                ui.button(text, on_click=lambda _, chosen=text: say(chosen)).props(
                    "flat dense no-caps color=teal-9"
                )
        self._offered = offer

    async def _answer(self, text: str) -> None:
        """Say yes or no, unless somebody went on with the case since: it would answer them."""
        assert self._case is not None  # it was asked in it
        async with self._office.gatewright.store.read() as tx:
            said = await tx.messages.of_case(self._who.tenant, self._case.id)
        if Recollection(messages=tuple(said)).last_asked.get(CONFIRM) == self._asked:
            await self._say_this(text)
        else:
            self._bubble(_WENT_ON, PLANNER, "warn")

    async def _say_this(self, text: str) -> None:
        self._text.set_value(text)
        with self._talk:  # the button that was pressed is gone before the planner answers
            await self._say()

    async def _say(self) -> None:
        text = (self._text.value or "").strip()
        if not text or not self._send.enabled:
            return
        self._text.set_value("")
        self._send.disable()
        if self._offered is not None:
            self._offered.delete()
            self._offered = None
        self._bubble(text, AGENT)
        try:
            who = await self._office.still(self._who, Action.CHAT)
            async for event in await self._office.conversations.say(
                await self._this_case(), text, who
            ):
                await self._heard(event)
            await self._cost()
            self._offer_more()
        except GatewrightError as error:
            self._bubble(str(error), PLANNER, "bad")
        finally:
            self._send.enable()

    async def _this_case(self) -> Case:
        gatewright = self._office.gatewright
        if self._case is not None:  # it may have been turned to another device since
            async with gatewright.store.read() as tx:
                self._case = await tx.cases.get(self._who.tenant, self._case.id) or self._case
        else:
            self._case = Case(
                id=CaseId(gatewright.new_id("cas")),
                tenant=self._who.tenant,
                device=self._device.id,
                opened_by=self._who.id,
                opened_at=gatewright.clock(),
            )
            async with gatewright.store.begin() as tx:
                await tx.cases.add(self._case)
        return self._case

    async def _heard(self, event: PlannerEvent) -> None:
        if event.kind not in ("step", "done"):
            self._asked = event.payload.get(CONFIRM) if event.kind == "question" else None
        if event.kind == "step":
            with self._talk:
                ui.label(event.text).classes("gw-step")
            if "device" in event.payload:
                await self._turned(DeviceId(str(event.payload["device"])))
        elif event.kind in ("proposal", "denied") and "change_id" in event.payload:
            await self._card(event)
        elif event.kind == "failed" and event.payload.get("continues"):
            self._bubble(event.text, PLANNER, "warn")
        elif event.kind == "hand_over":
            self._bubble(event.text, PLANNER, "warn")
            self._table(event.payload)
        elif event.kind != "done" and event.text:
            self._bubble(event.text, PLANNER, _COLOURS.get(event.kind, ""))
        self._to_the_end()

    def _to_the_end(self) -> None:
        """Once the browser has drawn what was said: until then, the end is the one before."""
        with self._talk:
            ui.timer(_DRAWN, lambda: self._scroll.scroll_to(percent=1.0), once=True)

    async def _turned(self, device: DeviceId) -> None:
        """The case is about another box of the home from here on: say so above, too."""
        async with self._office.gatewright.store.read() as tx:
            known = await tx.devices.get(self._who.tenant, device)
        if known is not None:
            self._device = known
            self._title.clear()
            self._head(known)

    async def _card(self, event: PlannerEvent) -> None:
        with self._talk:
            if event.text:
                self._bubble(event.text, PLANNER, _COLOURS.get(event.kind, ""))
            card = ProposalCard(
                self._office, self._who, str(event.payload["change_id"]), self._ended
            )
            await card.show()

    async def _ended(self, road: RoadShape) -> None:
        self._bubble(f"{road.change.reason[:1].upper()}{road.change.reason[1:]}.", PLANNER)
        self._to_the_end()

    async def _past(self, role: str, text: str, payload: object) -> None:
        kept = payload if isinstance(payload, Mapping) else {}
        kind = str(kept.get("kind", "text"))
        if role == AGENT:
            self._bubble(text, AGENT)
            return
        inner = kept.get("payload")
        event = PlannerEvent(
            kind=kind,  # type: ignore[arg-type]  # as it was kept
            text=text,
            payload=dict(inner) if isinstance(inner, Mapping) else {},
        )
        await self._heard(event)

    def _bubble(self, text: str, role: str, colour: str = "") -> None:
        with self._talk, ui.column().classes(f"gw-said {_SIDES[role]} {colour}"):
            ui.label(text).style("white-space: pre-line")

    def _table(self, payload: Mapping[str, object]) -> None:
        items = payload.get("evidence")
        if not isinstance(items, Sequence) or isinstance(items, str):
            return
        with self._talk, ui.column().classes("gw-card gap-1"):
            ui.label("For the network team").classes("gw-head")
            for item in items:
                if isinstance(item, Mapping):
                    ui.label(str(item.get("text", ""))).classes("gw-small")
