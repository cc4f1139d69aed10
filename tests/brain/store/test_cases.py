"""Cases, what was said in them and what was proposed come back in order, to their tenant only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.canonical import Json
from brain.domain.device import Device
from brain.domain.errors import Conflict, NotFound
from brain.domain.identity import CaseId, DeviceId, PrincipalId, ProposalId, TenantId
from brain.domain.incident import Case, Message
from brain.domain.proposal import Author, Cause, Evidence, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")


@pytest.fixture
async def case(any_store: Store, device: Device) -> Case:
    assert device.last_seen is not None
    case = Case(
        id=CaseId("case_1"),
        tenant=NORTH,
        device=device.id,
        opened_by=PrincipalId("ana"),
        opened_at=device.last_seen,
    )
    async with any_store.begin() as tx:
        await tx.cases.add(case)
    return case


async def test_a_case_comes_back_to_its_own_tenant(any_store: Store, case: Case) -> None:
    later = replace(case, id=CaseId("case_2"), opened_at=case.opened_at + timedelta(1))

    async with any_store.begin() as tx:
        await tx.cases.add(later)

    async with any_store.read() as tx:
        assert await tx.cases.get(NORTH, case.id) == case
        assert await tx.cases.list(NORTH) == [later, case]
        assert await tx.cases.list(NORTH, limit=1) == [later]
        assert await tx.cases.get(SOUTH, case.id) is None


async def test_a_case_of_another_tenant_cannot_be_touched(any_store: Store, case: Case) -> None:
    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.cases.set_device(SOUTH, case.id, case.device)
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.messages.add(SOUTH, case.id, "user", "hello", case.opened_at)

    async with any_store.read() as tx:
        assert await tx.cases.get(NORTH, case.id) == case


async def test_a_case_is_about_a_known_device_and_added_once(any_store: Store, case: Case) -> None:
    for wrong in (case, replace(case, id=CaseId("case_2"), device=DeviceId("nobody"))):
        with pytest.raises(Conflict):
            async with any_store.begin() as tx:
                await tx.cases.add(wrong)


async def test_messages_come_back_in_the_order_they_were_said(any_store: Store, case: Case) -> None:
    payload: Json = {"kind": "step", "payload": {"n": [1, None]}}

    async with any_store.begin() as tx:
        await tx.messages.add(NORTH, case.id, "user", "It is slow.", case.opened_at)
        await tx.messages.add(
            NORTH, case.id, "assistant", "Žádný problém", at=case.opened_at, payload=payload
        )

    async with any_store.read() as tx:
        said = await tx.messages.of_case(NORTH, case.id)
        assert await tx.messages.of_case(SOUTH, case.id) == []
        assert await tx.messages.of_case(NORTH, CaseId("case_2")) == []
    at = case.opened_at
    assert said == [
        Message(case=case.id, role="user", text="It is slow.", at=at),
        Message(case=case.id, role="assistant", text="Žádný problém", at=at, payload=payload),
    ]


async def test_proposals_come_back_as_they_were_made(
    any_store: Store, a_change: Callable[..., ChangeRecord]
) -> None:
    change = a_change()
    evidence = Evidence(text="channel 1 is busy", path=change.plan.paths[0], value="1", guard=True)
    proposal = Proposal(
        id=ProposalId("prp_1"),
        tenant=NORTH,
        case=change.case,
        device=change.device,
        author=Author.LLM_COMPOSED,
        asked_by=PrincipalId("ana"),
        finding=Finding(
            cause=Cause.CONGESTED_CHANNEL, confidence=1, summary="busy", evidence=(evidence,)
        ),
        changes=change.plan.changes,
        effect=change.effect,
        made_at=change.created_at,
    )
    later = replace(
        proposal, id=ProposalId("prp_2"), changes=(), made_at=proposal.made_at + timedelta(1)
    )

    async with any_store.begin() as tx:
        await tx.proposals.add(later)
        await tx.proposals.add(proposal)

    async with any_store.read() as tx:
        assert await tx.proposals.get(NORTH, proposal.id) == proposal
        assert await tx.proposals.of_case(NORTH, change.case) == [proposal, later]
        assert await tx.proposals.list(NORTH) == [later, proposal]
        assert await tx.proposals.list(NORTH, limit=1) == [later]
        assert await tx.proposals.get(SOUTH, proposal.id) is None
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.proposals.add(proposal)
