"""Standings and agreement as REST and the console show them."""

from collections import Counter, defaultdict

from api.needs import Gatewright
from api.shapes.autonomy import AgreementShape, StandingShape
from brain.domain.autonomy import Subject
from brain.domain.fared import wilson
from brain.domain.identity import TenantId
from brain.domain.proposal import Author
from brain.domain.shadow import Agreement


async def standings(gatewright: Gatewright, tenant: TenantId) -> list[StandingShape]:
    """Where each playbook stands on each model."""
    autonomy = gatewright.ledger.autonomy
    async with gatewright.store.read() as tx:
        found = await autonomy.standings(tx, tenant)
    return [StandingShape.of(each, autonomy.rules) for each in found]


async def agreement(gatewright: Gatewright, tenant: TenantId) -> list[AgreementShape]:
    """How often people did what was proposed, by playbook, model and planner."""
    async with gatewright.store.read() as tx:
        tally = await tx.shadows.tally(tenant)
    ended: dict[tuple[Subject, Author], Counter[Agreement]] = defaultdict(Counter)
    for subject, author, end, many in tally:
        ended[subject, author][end] += many
    return [_shape(subject, author, counts) for (subject, author), counts in ended.items()]


def _shape(subject: Subject, author: Author, counts: Counter[Agreement]) -> AgreementShape:
    still_open = counts[Agreement.OPEN]
    low, high = wilson(counts[Agreement.AGREED], counts.total() - still_open)
    return AgreementShape(
        cause=subject.cause,
        manufacturer=subject.manufacturer,
        model=subject.model,
        planner=author,
        agreed=counts[Agreement.AGREED],
        otherwise=counts[Agreement.OTHERWISE],
        nothing=counts[Agreement.NOTHING],
        open=still_open,
        low=low,
        high=high,
    )
