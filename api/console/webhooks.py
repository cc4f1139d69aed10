"""Webhooks: who is told of what, and what came of telling them."""

from functools import partial

from nicegui import ui

from api import hooks
from api.actions import Action
from api.console import pieces
from api.console.asking import attempt, make_sure, shown_once, small_button
from api.console.office import Office
from brain.domain.identity import Principal
from brain.domain.webhook import Delivery, EventType, Progress, Webhook

_EVENTS = {each.value: each.value for each in EventType if each is not EventType.TEST}
_PROGRESS = {
    Progress.DELIVERED: ("delivered", "good"),
    Progress.WAITING: ("on its way", "warn"),
    Progress.GIVEN_UP: ("given up", "bad"),
}
_SHOWN = 20
_EVERY = 3.0
_ONCE = "It is shown this once. Whoever is told verifies with it that it was us."


class WebhooksPage:
    """A form, and every webhook with its deliveries, which go on by themselves."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who

    async def show(self) -> None:
        """Draw the page."""
        with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1000px"):
            ui.label("Webhooks").classes("gw-title")
            ui.label(
                "Other systems are told of what happens, each message signed. They never hear a "
                "secret, or who the subscriber is."
            ).classes("gw-soft gw-small")
            self._form()
            self._hooks = ui.column().classes("w-full gap-2")
        await self._draw()

    def _form(self) -> None:
        with ui.column().classes("gw-card gap-2"):
            pieces.head("Tell another system")
            with ui.row().classes("w-full gap-2 items-start gw-form"):
                url = ui.input("Address", placeholder="https://...").props("outlined dense")
                url.classes("grow")
                events = ui.select(_EVENTS, multiple=True, label="Of what").props("outlined dense")
                events.classes("grow")

            async def add() -> None:
                wanted = frozenset(map(EventType, events.value or []))
                who = await self._still()
                made = await hooks.add_webhook(
                    self._office.gatewright, who, (url.value or "").strip(), wanted
                )
                shown_once("The secret of this webhook", made.secret, _ONCE)
                url.value, events.value = "", []
                await self._draw()

            ui.button("Add", on_click=lambda: attempt(add)).props("no-caps unelevated color=teal-9")

    async def _draw(self) -> None:
        async with self._office.gatewright.store.read() as tx:
            found = await tx.webhooks.list(self._who.tenant)
        self._hooks.clear()
        with self._hooks:
            pieces.head("One webhook" if len(found) == 1 else f"{len(found)} webhooks")
            if not found:
                ui.label(
                    "Nobody is told of anything yet. Add the address of a ticket system or a pager."
                ).classes("gw-soft gw-small")
            for webhook in found:
                await self._hook(webhook)

    async def _hook(self, webhook: Webhook) -> None:
        with ui.column().classes("gw-card gap-1"):
            with ui.row().classes("items-center gap-2 w-full"):
                ui.label(webhook.url).classes("gw-mono").style("font-weight:650")
                pieces.chip(*(("on", "good") if webhook.enabled else ("switched off", "bad")))
            ui.label(f"Told of {', '.join(sorted(webhook.events))}").classes("gw-small")
            self._acts(webhook)
            sent = ui.column().classes("w-full gap-1")
            seen: list[Delivery] = []

            async def look() -> None:
                async with self._office.gatewright.store.read() as tx:
                    now = await tx.deliveries.of_webhook(webhook.tenant, webhook.id, limit=_SHOWN)
                if list(now) != seen or not sent.default_slot.children:
                    seen[:] = now
                    self._deliveries(sent, seen)

            await look()
            ui.timer(_EVERY, look)

    def _acts(self, webhook: Webhook) -> None:
        switch = "Switch off" if webhook.enabled else "Switch on"
        with ui.row().classes("gap-1"):
            small_button("Send a test", lambda: attempt(lambda: self._test(webhook)))
            small_button(switch, lambda: attempt(lambda: self._switch(webhook)))
            small_button("New secret", lambda: self._ask_rotate(webhook))
            small_button("Remove", lambda: self._ask_remove(webhook), danger=True)

    async def _test(self, webhook: Webhook) -> None:
        await hooks.try_webhook(self._office.gatewright, await self._still(), webhook.id)
        await self._draw()

    async def _switch(self, webhook: Webhook) -> None:
        await hooks.switch_webhook(
            self._office.gatewright,
            await self._still(),
            webhook.id,
            enabled=not webhook.enabled,
        )
        await self._draw()

    def _ask_rotate(self, webhook: Webhook) -> None:
        async def rotate() -> None:
            who = await self._still()
            made = await hooks.rotate_secret(self._office.gatewright, who, webhook.id)
            await self._draw()
            with self._hooks:
                shown_once("The new secret of this webhook", made.secret, _ONCE)

        make_sure(
            "Give it a new secret?",
            "For a day everything is signed with the one before, too.",
            "Make a new secret",
            rotate,
        )

    def _ask_remove(self, webhook: Webhook) -> None:
        async def remove() -> None:
            await hooks.remove_webhook(self._office.gatewright, await self._still(), webhook.id)
            await self._draw()

        make_sure(
            "Remove this webhook?",
            "It is told nothing more, not even what is on its way.",
            "Remove",
            remove,
        )

    def _deliveries(self, place: ui.column, sent: list[Delivery]) -> None:
        place.clear()
        with place:
            if not sent:
                ui.label(
                    "Nothing was sent to it yet. Send a test to see whether it arrives."
                ).classes("gw-small gw-soft")
            for each in sent:
                with ui.row().classes("items-center gap-2 w-full"):
                    pieces.chip(*_PROGRESS[each.progress])
                    ui.label(each.type.value).classes("gw-small")
                    ui.label(_told(each)).classes("gw-small gw-soft")
                    if each.progress is Progress.GIVEN_UP:
                        small_button("Send again", partial(attempt, partial(self._again, each)))

    async def _again(self, delivery: Delivery) -> None:
        who = await self._still()
        await hooks.send_again(self._office.gatewright, who, delivery.webhook, delivery.event)
        await self._draw()

    async def _still(self) -> Principal:
        return await self._office.still(self._who, Action.MANAGE_WEBHOOKS)


def _told(delivery: Delivery) -> str:
    tries = "" if not delivery.attempts else f", attempt {delivery.attempts}"
    again = delivery.next_at if delivery.attempts else None
    later = f"; again at {again:%H:%M:%S}" if again else ""
    detail = f": {delivery.detail}" if delivery.detail else ""
    return f"{delivery.at:%Y-%m-%d %H:%M:%S} UTC{tries}{detail}{later}"
