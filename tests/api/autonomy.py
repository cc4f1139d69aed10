"""A playbook with a past, and shadows, in a front door's store."""

from datetime import timedelta
from typing import TYPE_CHECKING

from brain.domain.autonomy import Evidence, Level, Standing, Subject
from brain.domain.fared import Fared, Kind, templates_of
from brain.domain.identity import ProposalId
from brain.domain.proposal import Author, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Agreement, Shadow

if TYPE_CHECKING:
    from tests.api.conftest import Front


def subject_of(change: ChangeRecord) -> Subject:
    return Subject(cause=change.cause, manufacturer="Acme", model="HomeGate 3")


async def experienced(front: "Front", change: ChangeRecord, tried: int = 40) -> None:
    """The playbook of this change held so often on its model, and this change was measured."""
    evidence = Evidence(tried=tried, succeeded=tried, in_a_row=tried)
    agreed = Evidence(tried=4, succeeded=3, in_a_row=1)
    standing = Standing(
        tenant=change.tenant,
        subject=subject_of(change),
        level=Level.WITH_APPROVAL,
        evidence=evidence,
        shadows=agreed,
        since=change.created_at,
        why="chg_0: it helped",
    )
    fared = Fared(
        tenant=change.tenant,
        change=change.id,
        device=change.device,
        kind=Kind(
            cause=change.cause,
            templates=templates_of(change.plan.paths),
            manufacturer="Acme",
            model="HomeGate 3",
            firmware="2.4.1",
        ),
        at=change.created_at,
        held=True,
        metric="Device.WiFi.Radio.{i}.Stats.Noise",
        promised=20,
        before=200,
        after=50,
        gain=150,
        watched=timedelta(seconds=42),
    )
    async with front.wiring.store.begin() as tx:
        await tx.autonomy.put(standing)
        await tx.fared.put(fared)


async def shadowed(front: "Front", change: ChangeRecord, end: Agreement) -> None:
    """The same was proposed once more, only to be held against what people did."""
    at = change.created_at
    proposal = Proposal(
        id=ProposalId("prp_shadow"),
        tenant=change.tenant,
        case=change.case,
        device=change.device,
        author=Author.RULES,
        asked_by=change.asked_by,
        finding=Finding(cause=change.cause, confidence=0.9, summary="Channel 6 is congested"),
        changes=change.plan.changes,
        made_at=at,
    )
    shadow = Shadow(
        tenant=change.tenant,
        proposal=proposal.id,
        device=change.device,
        subject=subject_of(change),
        author=proposal.author,
        templates="Device.WiFi.Radio.{i}.Channel",
        made_at=at,
        until=at + timedelta(days=3),
        end=end,
        ended_at=at if end is not Agreement.OPEN else None,
        seen="at the box" if end is Agreement.AGREED else "",
    )
    async with front.wiring.store.begin() as tx:
        await tx.proposals.add(proposal)
        await tx.shadows.add(shadow)
