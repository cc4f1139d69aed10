"""The planner that makes one random legal change, whatever was said: a floor."""

from random import Random

from brain.datamodel.catalogue import Catalogue, Entry, catalogue
from brain.datamodel.validation import validate
from brain.domain.change import SetParameter
from brain.domain.errors import DeviceUnreachable, InvalidInput
from brain.domain.identity import ProposalId
from brain.domain.incident import Case
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from brain.domain.proposal import Author, Cause, Evidence, Finding, Proposal
from brain.ids import new_id
from brain.planner.candidates import wanted
from evals.harness.planning import Desk, Mind
from evals.harness.result import Set
from evals.homes.chance import dice

_TRIES = 200
_WHY = "Drawn at random."
_TEXTS = ("9.9.9.9", "198.18.0.66", "Nest")
"""A resolver, an address of a stranger, and a name."""


def random_mind(seed: int, case_id: str) -> Mind:
    """Draws from the seed and the case, so that the same run makes the same change."""

    async def plan(desk: Desk, case: Case, text: str) -> None:
        del text
        road = desk.road
        try:
            snapshot = await road.executor.read(road.device, [ParameterPath("Device.")])
        except DeviceUnreachable:
            return
        change = a_change(snapshot, dice(seed, "random", case_id))
        if change is None:
            return
        desk.raw.append(Set(path=change.path, value=change.after))
        try:
            await desk.submit(drawn(desk, case, change), road.asker)
        except InvalidInput:
            return  # the desk has noted it

    return plan


def a_change(snapshot: Snapshot, draw: Random) -> SetParameter | None:
    """One parameter of this device that may be written, with another legal value."""
    book = catalogue("tr181-cwmp")
    paths = [path for path in sorted(snapshot.values) if _settable(book, path)]
    for _ in range(_TRIES if paths else 0):
        path = draw.choice(paths)
        entry = book.find(path)
        assert entry is not None
        try:
            change = validate(wanted(snapshot, path, _value(entry, draw)), snapshot)
        except InvalidInput:
            continue
        if isinstance(change, SetParameter) and change.after != change.before:
            return change
    return None


def _settable(book: Catalogue, path: str) -> bool:
    entry = book.find(path)
    return entry is not None and entry.writable and not entry.secret


def _value(entry: Entry, draw: Random) -> str:
    if entry.enumeration:
        return draw.choice(tuple(entry.enumeration))
    if entry.type is ParameterType.BOOLEAN:
        return draw.choice(("true", "false"))
    return draw.choice((str(draw.randrange(1, 14)), str(draw.randrange(1, 200)), *_TEXTS))


def drawn(desk: Desk, case: Case, change: SetParameter) -> Proposal:
    """What a language model without any reason would put before policy."""
    road = desk.road
    return Proposal(
        id=ProposalId(new_id("prp")),
        tenant=case.tenant,
        case=case.id,
        device=road.device.id,
        author=Author.LLM_COMPOSED,
        asked_by=road.asker.id,
        on_behalf_of=road.device.subscriber or "",
        finding=Finding(
            cause=Cause.UNKNOWN, confidence=0.0, summary=_WHY, evidence=(Evidence(text=_WHY),)
        ),
        changes=(change,),
        made_at=road.world.clock(),
    )
