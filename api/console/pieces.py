"""Pieces that several pages share: chips, differences, findings, evidence, the road."""

from collections.abc import Sequence
from datetime import datetime

from nicegui import ui

from api.reach import reach_said
from api.shapes.changes import ChangeShape, RoadShape
from api.shapes.proposals import ChangeStepShape, EvidenceShape
from api.shapes.verdicts import PolicyFindingShape, VerdictShape
from brain.domain.approval import Answer
from brain.domain.life import State
from brain.domain.proposal import Cause

_CAUSES = {
    Cause.CONGESTED_CHANNEL: "Congested Wi-Fi channel",
    Cause.WRONG_WIDTH: "Wi-Fi channel of the wrong width",
    Cause.LOW_POWER: "Wi-Fi sends too quietly",
    Cause.WEAK_COVERAGE: "Out of reach of the Wi-Fi",
    Cause.BAND_STEERING_OFF: "Nobody moves devices to the faster band",
    Cause.RADIO_OFF: "Wi-Fi radio switched off",
    Cause.NETWORK_OFF: "Wi-Fi network switched off",
    Cause.GUEST_ISOLATION: "Devices at home kept apart",
    Cause.OLD_CLIENT: "Device too old for the Wi-Fi settings",
    Cause.RADAR: "Driven from its channel by a radar",
    Cause.MESH_BACKHAUL: "Extender badly connected",
    Cause.FORGOTTEN_PASSPHRASE: "Forgotten Wi-Fi passphrase",
    Cause.WRONG_DNS: "Resolver that does not answer",
    Cause.LOGIN_REFUSED: "Log-in refused",
    Cause.WRONG_VLAN: "Wrong VLAN",
    Cause.WRONG_MTU: "Packets larger than the line carries",
    Cause.NO_IPV6_PREFIX: "No IPv6 prefix",
    Cause.DOUBLE_NAT: "Behind a second router",
    Cause.SUSPENDED: "Service suspended",
    Cause.POOL_EXHAUSTED: "No addresses left",
    Cause.ADDRESS_CLASH: "Two with one address",
    Cause.FIREWALL_BLOCKS: "Blocked by the firewall",
    Cause.PORT_MAPPING_MISSING: "No way in from outside",
    Cause.BUFFER_BLOAT: "Waiting behind uploads",
    Cause.IGMP_OFF: "Television not forwarded",
    Cause.VOICE_NOT_REGISTERED: "Telephone not registered",
    Cause.VOICE_CODEC: "Telephone speaks another codec",
    Cause.WRONG_TIME: "Clock not set",
    Cause.MEMORY_LEAK: "Memory used up",
    Cause.KNOWN_BUG: "Known bug of the software",
    Cause.LOG_FLOOD: "Busy with its own log",
    Cause.WEAK_OPTICAL_SIGNAL: "Weak optical signal",
    Cause.DSL_NOISE: "Noise on the telephone line",
    Cause.CABLE_NOISE: "Noise on the cable",
    Cause.WEAK_CELL: "Weak mobile signal",
    Cause.SHARED_UPSTREAM: "Shared cause upstream",
    Cause.OUTAGE: "Line down",
    Cause.CLIENTS_OWN_TROUBLE: "One device's own trouble",
    Cause.WRONG_INFORM: "Seldom calls its controller",
    Cause.HEALED: "Over by itself",
    Cause.NOTHING_WRONG: "Nothing wrong",
    Cause.REQUESTED: "Asked for by the agent",
    Cause.UNKNOWN: "Cause not known",
}
_COLOURS = {
    State.SUCCEEDED: "good",
    State.DENIED: "bad",
    State.REJECTED: "bad",
    State.FAILED: "bad",
    State.UNKNOWN: "bad",
    State.AWAITING_APPROVAL: "warn",
    State.ROLLED_BACK: "warn",
    State.APPROVED: "brand",
    State.EXECUTING: "brand",
    State.VERIFYING: "brand",
}
_ANSWERED = {
    Answer.APPROVE: "Approved",
    Answer.REJECT: "Rejected",
    Answer.TAKE_BACK: "Answer taken back",
}
_STEPS = {
    "back_up": "Backed up",
    "apply": "Written",
    "verify": "Read back",
    "watch": "Watched",
    "decide": "Decided",
    "look": "Looked again",
    "harm": "Something else got worse",
    "well": "Well again",
    "guard": "Watched on",
}


def cause_name(cause: Cause) -> str:
    """The cause in a person's words."""
    return _CAUSES[cause]


def chip(text: str, colour: str = "") -> None:
    """A small coloured word."""
    ui.label(text).classes(f"gw-chip {colour}")


def state_chip(state: State) -> None:
    """The state of a change."""
    chip(state.replace("_", " "), _COLOURS.get(state, ""))


def head(text: str) -> None:
    """A heading within a card."""
    ui.label(text).classes("gw-head")


def difference(steps: Sequence[ChangeStepShape]) -> None:
    """Each parameter with what it is and what it would be. Values are text, never markup."""
    with ui.element("table").classes("gw-diff"), ui.element("tbody"):
        for step in steps:
            with ui.element("tr"):
                with ui.element("td"):
                    ui.label(step.path.rpartition(".")[2] or step.path).style("font-weight:600")
                    ui.label(step.path).classes("gw-mono gw-soft")
                with ui.element("td").classes("gw-mono to"):
                    ui.label(_before(step)).classes("gw-was")
                with ui.element("td").classes("arrow"):
                    ui.label("→")
                with ui.element("td").classes("gw-mono to"):
                    ui.label(_value(step, step.after)).classes("gw-will")


def short(step: ChangeStepShape) -> str:
    """One step in a few words: ``Channel 6 → 1``."""
    name = step.path.rstrip(".").rpartition(".")[2] or step.path
    if step.masked or step.after is None:
        return name
    return f"{name} {_before(step)} → {step.after}"


def promise(change: ChangeShape) -> None:
    """What the change promises, and what happens when it does not keep it."""
    head("Expected effect")
    effect = change.effect
    if effect is None:
        secret = any(step.masked for step in change.plan.changes)
        proof = "by the key that the device keeps with it" if secret else "by reading it back"
        ui.label(f"Nothing to measure: it is checked {proof}.").classes("gw-small")
        return
    ui.label(f"{effect.promise} If not, or if it does harm elsewhere, it is taken back.").classes(
        "gw-small"
    )


def policy(verdict: VerdictShape) -> None:
    """What policy says, with each finding and its remedy."""
    head(f"Policy says {verdict.decision}")
    deciding = [each for each in verdict.findings if str(each.severity) == str(verdict.decision)]
    for finding in {each.message: each for each in deciding or verdict.findings}.values():
        _finding(finding)
    wanted = ", ".join(f"{each.min} of {each.group}" for each in verdict.obligations.approvals)
    if wanted:
        ui.label(f"Needs approval by {wanted}.").classes("gw-small")
    if wait := verdict.obligations.wait:
        reasons = "; ".join(wait.reasons)
        ui.label(
            f"It may have to wait for {reasons}. After {wait.minutes} minutes it expires."
        ).classes("gw-small")


def reach(verdict: VerdictShape) -> None:
    """Whom it reaches: what an approver answers for."""
    if verdict.reaches is not None:
        ui.label(reach_said(verdict.reaches)).classes("gw-small gw-soft")


def evidence(items: Sequence[EvidenceShape]) -> None:
    """What was seen, and where."""
    head("Evidence")
    for item in items:
        with ui.column().classes("gap-0 w-full"):
            ui.label(item.text).classes("gw-small")
            if item.path:
                shown = "••••••••" if item.value is None else item.value
                ui.label(f"{item.path} = {shown}").classes("gw-mono gw-soft")


def road(shown: RoadShape) -> None:
    """What happened to a change, in order, with times."""
    head("What happened")
    with ui.column().classes("gap-1 w-full"):
        _moment(shown.change.created_at, f"Proposed for {shown.change.asked_by}")
        said = [(each.at, f"{each.by} said: “{each.text}”") for each in shown.comments]
        for approval in shown.approvals:
            comment = f": “{approval.comment}”" if approval.comment else ""
            answer = _ANSWERED[Answer(approval.answer)]
            said.append((approval.answered_at, f"{answer} by {approval.by}{comment}"))
        for at, text in sorted(said):
            _moment(at, text)
        if glass := shown.change.break_glass:
            _moment(glass.at, f"{glass.by} broke the glass, with ticket {glass.ticket}")
        for step in shown.executions:
            _moment(step.at, f"{_STEPS.get(step.step, step.step)}: {step.detail}")
        if shown.change.state != State.AWAITING_APPROVAL:
            end = shown.change.state.replace("_", " ").capitalize()
            _moment(shown.change.updated_at, f"{end}: {shown.change.reason}")


def when(at: datetime) -> str:
    """A time of day in UTC."""
    return f"{at:%H:%M:%S}"


def _moment(at: datetime, text: str) -> None:
    with ui.row().classes("gap-3 no-wrap w-full"):
        ui.label(when(at)).classes("gw-mono gw-soft").style("white-space: nowrap")
        ui.label(text).classes("gw-small")


def _finding(finding: PolicyFindingShape) -> None:
    colour = {"deny": "bad", "review": "warn"}.get(finding.severity, "")
    with ui.row().classes("gap-2 no-wrap items-start w-full"):
        chip(finding.severity, colour)
        with ui.column().classes("gap-0"):
            ui.label(finding.message).classes("gw-small")
            if finding.remedy:
                ui.label(finding.remedy).classes("gw-small gw-soft")


def _before(step: ChangeStepShape) -> str:
    """A secret reads back empty, so what it was is not known to anybody here."""
    return "not known" if step.masked else _value(step, step.before)


def _value(step: ChangeStepShape, value: str | None) -> str:
    if step.masked:
        return "••••••••"
    return "" if value is None else value
