"""Policy: which rules are active, whether they can be asked, and what they lately decided."""

from datetime import timedelta

from nicegui import ui
from pydantic import ValidationError

from api.console import pieces
from api.console.office import Office
from api.console.rules import rules_changes
from api.shapes.verdicts import VerdictShape
from brain.domain.identity import Principal
from brain.domain.verdict import Decision
from brain.store.verdicts import Before, KeptVerdict

_SINCE = timedelta(days=7)
_SHOWN = 60
_COLOURS = {Decision.DENY: "bad", Decision.REVIEW: "warn", Decision.ALLOW: "good"}
_POINTS = {"submit": "when it was proposed", "execute": "just before the write"}


async def policy_page(office: Office, who: Principal) -> None:
    """The rules, and the newest decisions. What policy was asked is not shown: see the log."""
    now = office.gatewright.clock()
    async with office.gatewright.store.read() as tx:
        decisions = await tx.verdicts.page(
            who.tenant, since=now - _SINCE, before=Before(now + timedelta(seconds=1)), limit=_SHOWN
        )
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1100px"):
        ui.label("Policy").classes("gw-title")
        await _active(office)
        await rules_changes(office, who)
        pieces.head(f"The newest decisions ({len(decisions)} shown)")
        if not decisions:
            ui.label("Nothing was decided within the last seven days.").classes("gw-soft")
        for decision in decisions:
            _decision(decision)


async def _active(office: Office) -> None:
    policy = office.gatewright.policy
    trouble = await policy.trouble()
    with ui.column().classes("gw-card gap-2"):
        with ui.row().classes("items-center gap-2"):
            pieces.chip("does not answer" if trouble else "answers", "bad" if trouble else "good")
            ui.label(f"{len(policy.bundle.findings)} rules, asked of the {policy.engine} engine")
        ui.label(f"revision {policy.bundle.revision}").classes("gw-mono gw-soft")
        if trouble:
            ui.label(f"Nothing is allowed meanwhile: {trouble}").classes("gw-said bad gw-small")
        with ui.expansion("All rules").classes("w-full").props("dense"):
            for code, rule in sorted(policy.bundle.findings.items()):
                with ui.row().classes("gap-2 no-wrap items-start w-full"):
                    pieces.chip(rule.severity, _COLOURS.get(Decision(rule.severity), ""))
                    with ui.column().classes("gap-0"):
                        ui.label(rule.title).classes("gw-small")
                        ui.label(code).classes("gw-mono gw-soft")


def _decision(kept: KeptVerdict) -> None:
    try:
        verdict = VerdictShape.model_validate_json(kept.verdict)
    except ValidationError:
        ui.label(f"{kept.decision_id} cannot be read").classes("gw-said bad gw-small")
        return
    with ui.row().classes("gw-card items-start no-wrap gap-3").style("padding: 10px 16px"):
        ui.label(f"{verdict.decided_at:%m-%d %H:%M:%S}").classes("gw-mono gw-soft").style(
            "white-space: nowrap"
        )
        with ui.column().classes("gap-0 grow"):
            ui.label(_why(verdict)).classes("gw-small")
            point = _POINTS.get(str(verdict.point), "of the way back")
            ui.label(f"{point} · {verdict.decision_id}").classes("gw-mono gw-soft")
            if kept.change:
                ui.link("The change", f"/changes/{kept.change}").classes("gw-link gw-small")
        pieces.chip(verdict.decision, _COLOURS[verdict.decision])


def _why(verdict: VerdictShape) -> str:
    if verdict.decision == Decision.ALLOW and verdict.obligations.review_after:
        return "Let through because the glass was broken"
    deciding = [each for each in verdict.findings if str(each.severity) == str(verdict.decision)]
    said = "; ".join(dict.fromkeys(each.message.rstrip(".") for each in deciding))
    return said or "Nothing speaks against it"
