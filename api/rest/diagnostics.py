"""Diagnostics: have a device run one, and see what it found."""

from typing import Annotated

from fastapi import APIRouter

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Masked, device_of, responses
from api.shapes.changes import ChangeShape
from api.shapes.diagnostics import DiagnosisShape, DiagnosticRequest
from brain.datamodel.catalogue import catalogue, model_of
from brain.datamodel.commands import check_command
from brain.datamodel.diagnostics import DIAGNOSTICS, Diagnostic, Kind, command_for, diagnostic_of
from brain.domain.change import Command
from brain.domain.device import Device
from brain.domain.errors import Conflict, NotFound
from brain.domain.identity import CaseId, Principal, ProposalId
from brain.domain.incident import Case, Symptom
from brain.domain.life import ENDS
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Author, Cause, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.store.transaction import Transaction

router = APIRouter(prefix="/v1/devices", tags=["devices"])
Caller = Annotated[Principal, may(Action.READ)]
Asker = Annotated[Principal, may(Action.PROPOSE)]


@router.post("/{device}/diagnostics/{kind}", status_code=202, responses=responses(404, 409, 422))
async def run_diagnostic(
    gatewright: Wired, who: Asker, mask: Masked, device: Id, kind: Kind, wanted: DiagnosticRequest
) -> ChangeShape:
    """Have the device run a diagnostic, if policy lets it: a change like any other, to be followed.

    The same again while it waits or runs is the same change; with other inputs it is a conflict.
    """
    of = DIAGNOSTICS[kind]
    async with gatewright.store.begin() as tx:
        known = await device_of(tx, who.tenant, device)
        snapshot = await _said(tx, known)
        command = command_for(of, wanted.inputs, snapshot)
        command = check_command(command, snapshot, catalogue(model_of(known.protocol)))
        open_one = await _open(tx, known, of)
        if open_one is not None:
            if not _same(open_one, command):
                raise Conflict(
                    f"a {kind} with other inputs waits or runs already",
                    remedy=f"Wait for {open_one.id}, or withdraw it.",
                )
            return ChangeShape.of(open_one, mask)
        case = Case(
            id=CaseId(gatewright.new_id("cas")),
            tenant=who.tenant,
            device=known.id,
            opened_by=who.id,
            opened_at=gatewright.clock(),
            symptom=Symptom.EXPLICIT_REQUEST,
        )
        await tx.cases.add(case)
    proposal = Proposal(
        id=ProposalId(gatewright.new_id("prp")),
        tenant=who.tenant,
        case=case.id,
        device=known.id,
        author=Author.PERSON,
        asked_by=who.id,
        on_behalf_of=known.subscriber or "",
        finding=Finding(cause=Cause.REQUESTED, confidence=1.0, summary=f"Run a {kind}"),
        changes=(command,),
        made_at=gatewright.clock(),
    )
    return ChangeShape.of(await gatewright.ledger.submit(proposal, who), mask)


@router.get("/{device}/diagnostics/{kind}", responses=responses(404, 422))
async def get_diagnosis(
    gatewright: Wired, who: Caller, mask: Masked, device: Id, kind: Kind
) -> DiagnosisShape:
    """What the device last said of this diagnostic, whoever had it run."""
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        snapshot = await _said(tx, known)
    return DiagnosisShape.of(kind, snapshot, mask)


async def _said(tx: Transaction, device: Device) -> Snapshot:
    """All that the device last said."""
    snapshot = await tx.snapshots.latest(device.tenant, device.id)
    if snapshot is None:
        raise NotFound("the device has said nothing yet", remedy="Wait for its next Inform.")
    return snapshot


async def _open(tx: Transaction, device: Device, of: Diagnostic) -> ChangeRecord | None:
    """The change that runs it, or is to."""
    for each in await tx.changes.list(device.tenant, device=device.id, limit=100):
        if each.state not in ENDS and diagnostic_of(each.plan) is of:
            return each
    return None


def _same(record: ChangeRecord, command: Command) -> bool:
    change = record.plan.changes[0]
    return isinstance(change, Command) and dict(change.arguments) == dict(command.arguments)
