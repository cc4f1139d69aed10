"""What Prometheus scrapes. It needs a token: how busy an operator is concerns nobody else."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.actions import Action
from api.auth import Wired, may
from api.metrics import MEDIA_TYPE, Metrics
from api.rest.scope import responses
from brain.domain.identity import Principal

router = APIRouter(tags=["metrics"])


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


@router.get("/metrics", responses=responses(), response_class=Response)
async def scrape(
    gatewright: Wired,
    _who: Annotated[Principal, may(Action.READ)],
    metrics: Annotated[Metrics, Depends(_metrics)],
) -> Response:
    """The counters of this process, and the changes under way, as Prometheus text."""
    async with gatewright.store.read() as tx:
        unfinished = await tx.changes.unfinished()
    metrics.unfinished(Counter(record.state.value for record in unfinished))
    return Response(metrics.render(), media_type=MEDIA_TYPE)
