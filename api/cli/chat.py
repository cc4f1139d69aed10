"""``gatewright chat``: say what hurts, and follow the planner."""

from typing import Annotated
from urllib.parse import quote

from typer import Abort, Argument, Context, Exit, Option, prompt

from api.cli.command import Desk, desk
from api.cli.output import Output
from api.cli.server import Server, shaped
from api.shapes.cases import CaseShape, EventOfPlanner
from brain.domain.errors import GatewrightError, InvalidInput

_STYLES = {
    "question": "cyan",
    "proposal": "bold",
    "hand_over": "yellow",
    "denied": "red",
    "failed": "red",
}
_FAILED = frozenset({"denied", "failed"})


def chat(
    context: Context,
    text: Annotated[
        str, Argument(help="What hurts, in your words; leave it out to talk.", show_default=False)
    ] = "",
    device: Annotated[str, Option(help="The device's id.")] = "",
    search: Annotated[str, Option(help="Or what is known of it: a serial, a subscriber.")] = "",
    case: Annotated[str, Option(help="Or go on with this case.")] = "",
) -> None:
    """Say what hurts; the planner looks and proposes, policy and people decide.

    A case goes on: --case CASE with "why?", "why not channel 1?", "did it help?", "undo that",
    "it is the extender", or with what was not right, such as "no, the 5 GHz one".
    """
    at = desk(context)
    if not text and not at.output.interactive:
        raise InvalidInput(
            "there is nothing to say",
            field="TEXT",
            remedy='Add it: gatewright chat ... "it is slow".',
        )
    server = at.server()
    case = case or _open(at, server, device=device, search=search)
    if text:
        well = _turn(at.output, server, case, text)
        if not at.output.as_json:
            at.output.hint(f'Go on: gatewright chat --case {case} "why?"')
        if not well:
            raise Exit(1)
        return
    at.output.hint("Describe the problem; an empty line ends.")
    while said := _heard():
        try:
            _turn(at.output, server, case, said)
        except GatewrightError as error:  # one turn failed; the conversation can go on
            at.output.error(str(error))


def _heard() -> str:
    try:
        return str(prompt("you", default="", show_default=False)).strip()
    except Abort:  # Ctrl+D ends it as an empty line does
        return ""


def _open(at: Desk, server: Server, *, device: str, search: str) -> str:
    opened = shaped(CaseShape, server.post("/v1/cases", {"device": device, "search": search}))
    if not at.output.as_json:
        at.output.hint(f"Case {opened.id} about {opened.device}")
    return opened.id


def _turn(output: Output, server: Server, case: str, text: str) -> bool:
    """Say it and follow; whether the planner neither failed nor was denied."""
    well = True
    for document in server.stream(f"/v1/cases/{quote(case, safe='')}/messages", {"text": text}):
        event = shaped(EventOfPlanner, document)
        well = well and (event.kind not in _FAILED or _goes_on(event))
        if output.as_json:
            output.json_line({"case": case, **document})
        else:
            _show(output, event)
    return well


def _goes_on(event: EventOfPlanner) -> bool:
    """A language model failed, and the rules planner takes over: the turn did not fail."""
    return isinstance(event.payload, dict) and event.payload.get("continues") is True


def _show(output: Output, event: EventOfPlanner) -> None:
    if event.kind == "step":
        output.hint(f"  {event.text}")
    elif event.text:
        output.say(event.text, style=_STYLES.get(event.kind, ""))
    change = event.payload.get("change_id") if isinstance(event.payload, dict) else None
    if event.kind == "proposal" and isinstance(change, str):
        output.hint(f"See what it would change: gatewright changes show {change}")
