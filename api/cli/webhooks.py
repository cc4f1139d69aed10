"""``gatewright webhook``: signed notifications to addresses of the operator's choice."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option, Typer

from api.cli.command import command, desk
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.webhooks import DeliveryShape, NewWebhookShape, WebhookShape
from brain.domain.canonical import Json
from brain.domain.webhook import EventType

app = Typer(no_args_is_help=True)
_EVENTS = f"What to tell of; may be given again: {', '.join(EventType)}."
Hook = Annotated[str, Argument(help="The webhook's id.", show_default=False)]


@command(app, "add")
def add(
    context: Context,
    url: Annotated[str, Argument(help="Where to: https://...", show_default=False)],
    event: Annotated[list[EventType], Option(metavar="EVENT", help=_EVENTS)],
) -> None:
    """Tell an address of events from now on, and show its secret this once."""
    at = desk(context)
    body: Json = {"url": url, "events": [each.value for each in event]}
    answer = at.server().post("/v1/webhooks", body)
    at.present(answer, NewWebhookShape, lambda shown: _secret(at.output, shown))


@command(app, "list")
def list_(context: Context) -> None:
    """List webhooks, without their secrets."""
    at = desk(context)
    page = at.server().get("/v1/webhooks")
    at.present(page, Page[WebhookShape], lambda shown: _list(at.output, shown))


@command(app, "remove")
def remove(context: Context, webhook: Hook) -> None:
    """Tell it nothing more, not even what is on its way."""
    at = desk(context)
    gone = at.server().delete(_path(webhook))
    at.present(gone, WebhookShape, lambda shown: at.output.say(f"Removed {shown.id}."))


@command(app, "rotate")
def rotate(context: Context, webhook: Hook) -> None:
    """Give it a new secret, shown this once; for a day the old one signs, too."""
    at = desk(context)
    answer = at.server().post(f"{_path(webhook)}/rotate")
    at.present(answer, NewWebhookShape, lambda shown: _secret(at.output, shown))


@command(app, "disable")
def disable(context: Context, webhook: Hook) -> None:
    """Tell it nothing until it is enabled again; what happens meanwhile it never hears of."""
    at = desk(context)
    off = at.server().post(f"{_path(webhook)}/disable")
    at.present(off, WebhookShape, lambda shown: at.output.say(f"{shown.id} is told nothing now."))


@command(app, "enable")
def enable(context: Context, webhook: Hook) -> None:
    """Tell it of its events again, from now on."""
    at = desk(context)
    on = at.server().post(f"{_path(webhook)}/enable")
    at.present(on, WebhookShape, lambda shown: at.output.say(f"{shown.id} is told again."))


@command(app, "test")
def test(context: Context, webhook: Hook) -> None:
    """Send it something harmless, and switch it on if it was switched off."""
    at = desk(context)
    answer = at.server().post(f"{_path(webhook)}/test")
    at.present(answer, WebhookShape, lambda shown: _tested(at.output, shown))


@command(app, "deliveries")
def deliveries(
    context: Context, webhook: Hook, limit: Annotated[int, Option(min=1, max=500)] = 20
) -> None:
    """List what was sent to it, newest first, and what came of it."""
    at = desk(context)
    page = at.server().get(f"{_path(webhook)}/deliveries", {"limit": limit})
    at.present(page, Page[DeliveryShape], lambda shown: _deliveries(at.output, shown))


@command(app, "redeliver")
def redeliver(
    context: Context,
    webhook: Hook,
    event: Annotated[str, Argument(help="The event's id: see `deliveries`.", show_default=False)],
) -> None:
    """Send one event once more, under its own id, whatever came of it before."""
    at = desk(context)
    answer = at.server().post(f"{_path(webhook)}/deliveries/{quote(event, safe='')}/redeliver")
    at.present(answer, DeliveryShape, lambda shown: _again(at.output, webhook, shown))


def _again(output: Output, webhook: str, shown: DeliveryShape) -> None:
    output.say(f"{shown.event} ({shown.type}) is on its way again.")
    output.hint(f"What came of it: gatewright webhook deliveries {webhook}")


def _secret(output: Output, shown: NewWebhookShape) -> None:
    output.say(shown.secret)
    output.warn(f"This is shown once: {shown.url} verifies with it what {shown.id} sends.")
    output.hint(f"Try it: gatewright webhook test {shown.id}")


def _list(output: Output, shown: Page[WebhookShape]) -> None:
    if not shown.items:
        output.say("No webhooks.")
        output.hint("Add one: gatewright webhook add https://... --event change.awaiting_approval")
        return
    output.table(
        ("Webhook", "Where", "Told of", "Is"),
        (
            (
                each.id,
                each.url,
                ", ".join(sorted(each.events)),
                "on" if each.enabled else f"off: {each.off_because}",
            )
            for each in shown.items
        ),
    )


def _tested(output: Output, shown: WebhookShape) -> None:
    output.say(f"A test is on its way to {shown.url}.")
    output.hint(f"What came of it: gatewright webhook deliveries {shown.id}")


def _deliveries(output: Output, shown: Page[DeliveryShape]) -> None:
    if not shown.items:
        output.say("Nothing was sent to it yet.")
        return
    output.table(
        ("Event", "What", "When", "Is", "Attempts", "Last", "Next"),
        (
            (
                each.event,
                each.type,
                each.at,
                str(each.progress).replace("_", " "),
                each.attempts,
                each.detail,
                each.next_at,
            )
            for each in shown.items
        ),
    )


def _path(webhook: str) -> str:
    return f"/v1/webhooks/{quote(webhook, safe='')}"
