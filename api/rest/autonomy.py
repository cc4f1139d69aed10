"""How far playbooks may go by themselves, and what that rests on."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.autonomy_shown import agreement, standings
from api.rest.scope import Id, Limit, responses
from api.shapes.autonomy import (
    AgreementShape,
    EffectShape,
    EffectsQuery,
    LevelRequest,
    RateShape,
    ShadowShape,
    StandingShape,
)
from api.shapes.base import Page
from brain.domain.autonomy import Level, Subject
from brain.domain.errors import NotFound
from brain.domain.identity import ChangeId, Principal
from brain.domain.proposal import Cause

router = APIRouter(tags=["autonomy"])
Reader = Annotated[Principal, may(Action.READ)]
Raiser = Annotated[Principal, may(Action.APPROVE)]
Braker = Annotated[Principal, may(Action.MANAGE_HALT)]


@router.get("/v1/autonomy", responses=responses())
async def list_standings(gatewright: Wired, who: Reader) -> Page[StandingShape]:
    """Where each playbook stands on each model."""
    return Page(items=await standings(gatewright, who.tenant))


@router.post("/v1/autonomy/raise", responses=responses(409, 422))
async def raise_level(gatewright: Wired, who: Raiser, wanted: LevelRequest) -> StandingShape:
    """Let a playbook do more by itself, as far as the evidence carries it.

    For people of the group that the numbers of policy name (`autonomy.confirm`).
    """
    autonomy = gatewright.ledger.autonomy
    level = Level(wanted.level)
    standing = await autonomy.raise_to(who, _subject(wanted), level, reason=wanted.reason)
    return StandingShape.of(standing, autonomy.rules)


@router.post("/v1/autonomy/lower", responses=responses(409, 422))
async def lower_level(gatewright: Wired, who: Braker, wanted: LevelRequest) -> StandingShape:
    """Let a playbook do less by itself, at once and until a person raises it again."""
    autonomy = gatewright.ledger.autonomy
    level = Level(wanted.level)
    standing = await autonomy.lower_to(who, _subject(wanted), level, reason=wanted.reason)
    return StandingShape.of(standing, autonomy.rules)


@router.get("/v1/autonomy/agreement", responses=responses())
async def list_agreement(gatewright: Wired, who: Reader) -> Page[AgreementShape]:
    """How often people did what was proposed and not applied."""
    return Page(items=await agreement(gatewright, who.tenant))


@router.get("/v1/autonomy/shadows", responses=responses(422))
async def list_shadows(gatewright: Wired, who: Reader, limit: Limit = 100) -> Page[ShadowShape]:
    """Proposals that were not applied, newest first."""
    async with gatewright.store.read() as tx:
        found = await tx.shadows.list(who.tenant, limit=limit)
    return Page(items=[ShadowShape.of(each) for each in found])


@router.get("/v1/effects", responses=responses(422), response_model_exclude_none=True)
async def list_effects(
    gatewright: Wired, who: Reader, asked: Annotated[EffectsQuery, Query()]
) -> Page[RateShape]:
    """How changes fared: how many held, and by how much they helped; the most often tried first."""
    async with gatewright.store.read() as tx:
        found = await tx.fared.rates(who.tenant, asked.fields, only=asked.only, limit=asked.limit)
    return Page(items=[RateShape.of(kind, record) for kind, record in found])


@router.get("/v1/changes/{change}/effect", responses=responses(404))
async def get_effect(gatewright: Wired, who: Reader, change: Id) -> EffectShape:
    """What one change promised, and what came of that."""
    async with gatewright.store.read() as tx:
        found = await tx.fared.get(who.tenant, ChangeId(change))
    if found is None:
        raise NotFound(f"nothing is known of what {change} did", field="change")
    return EffectShape.of(found)


def _subject(wanted: LevelRequest) -> Subject:
    return Subject(cause=Cause(wanted.cause), manufacturer=wanted.manufacturer, model=wanted.model)
