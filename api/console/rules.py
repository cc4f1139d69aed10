"""Changes of the rules themselves: what the past would have been under them, and the answers."""

from nicegui import ui

from api.actions import Action
from api.console import pieces
from api.console.office import Office
from api.console.rules_diff import show_difference
from api.rules_shown import shown_now
from api.shapes.policy import PolicyChangeShape, ReplayShape
from api.shapes.rules import DifferenceShape
from brain.domain.approval import Answer
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal
from brain.domain.policy_change import GROUP, RulesState
from policies.difference import proposed_difference

_COLOURS = {RulesState.PROPOSED: "warn", RulesState.ACTIVE: "good", RulesState.REJECTED: "bad"}
_SHOWN = 20


async def rules_changes(office: Office, who: Principal) -> None:
    """The rules that wait for people, with buttons, and those that were active before."""
    async with office.gatewright.store.read() as tx:
        found = await tx.policy_changes.list(who.tenant, limit=_SHOWN)
    shapes = [await shown_now(office.gatewright, each) for each in found]
    waiting = [each for each in shapes if each.state == RulesState.PROPOSED]
    if waiting:
        pieces.head(f"{len(waiting)} waiting for somebody of the group {GROUP}")
    for change in waiting:
        with ui.column().classes("gw-card gap-2"):
            _told(change)
            if await _differs(office, who, change):
                _answers(office, who, change)
    with ui.expansion("Which rules were active").classes("w-full").props("dense"):
        for change in shapes:
            if change.state != RulesState.PROPOSED:
                with ui.column().classes("gw-card gap-1"):
                    _told(change)


async def _differs(office: Office, who: Principal, change: PolicyChangeShape) -> bool:
    """Show what changes. Nobody is asked about rules that cannot be shown."""
    gatewright = office.gatewright
    try:
        async with gatewright.store.read() as tx:
            kept = await tx.policy_changes.get(who.tenant, change.id)
        if kept is None:
            return False
        found = await proposed_difference(gatewright.store, gatewright.policy.bundle, kept)
    except GatewrightError as error:
        ui.label(f"What changes cannot be shown: {error}").classes("gw-said bad gw-small")
        return False
    show_difference(DifferenceShape.of(found))
    return True


def _told(change: PolicyChangeShape) -> None:
    with ui.row().classes("items-center gap-2 w-full no-wrap"):
        ui.label(change.reason or "no reason was given").classes("gw-title")
        ui.space()
        pieces.chip(change.state, _COLOURS.get(change.state, ""))
    ui.label(
        f"proposed by {change.proposed_by} on {change.proposed_at:%Y-%m-%d %H:%M} UTC"
    ).classes("gw-small gw-soft")
    ui.label(f"revision {change.revision}").classes("gw-mono gw-soft")
    if change.why:
        pieces.head("Why people have to approve it")
    for reason in change.why:
        ui.label(reason).classes("gw-small")
    if change.replay is not None:
        _replay(change.replay)
    for said in change.answers:
        comment = f": “{said.comment}”" if said.comment else ""
        ui.label(f"{said.by}: {said.answer}{comment}").classes("gw-small")


def _replay(replay: ReplayShape) -> None:
    """What would have been decided otherwise, the looser first."""
    ui.label(
        f"Of {replay.replayed} past decisions {replay.unchanged} stay as they were; "
        f"{replay.looser} would be looser, and of {replay.uncertain} nobody can tell."
    ).classes("gw-small")
    for moved in sorted(replay.changed, key=lambda each: not each.looser):
        with ui.row().classes("items-center gap-2"):
            pieces.chip("looser" if moved.looser else "stricter", "bad" if moved.looser else "")
            ui.label(f"{moved.count} times {moved.before} → {moved.after}").classes("gw-small")
    for shift in replay.rules:
        does = "would speak" if shift.newly else "would fall silent"
        ui.label(f"{shift.title or shift.code} {does} {shift.count} times").classes("gw-small")


def _answers(office: Office, who: Principal, change: PolicyChangeShape) -> None:
    ui.label(f"{len(change.counted)} of {change.needed} approved.").classes("gw-small")
    said = ui.input("Comment").props("outlined dense").classes("w-full")

    async def answer(given: Answer) -> None:
        try:
            await office.gatewright.activation.answer(
                await office.still(who, Action.APPROVE),
                change.id,
                revision=change.revision,
                answer=given,
                comment=said.value or "",
            )
        except GatewrightError as refused:
            ui.notify(str(refused), type="negative", timeout=8000)
            return
        ui.navigate.to("/policy")

    with ui.row().classes("gap-2"):
        ui.button("Let these rules decide", on_click=lambda: answer(Answer.APPROVE)).props(
            "no-caps unelevated color=teal-9"
        )
        ui.button("Reject", on_click=lambda: answer(Answer.REJECT)).props(
            "no-caps outline color=red-9"
        )
