"""Notes what a planner came to and what became of it, for the result."""

from collections.abc import Sequence
from typing import Any

from brain.datamodel.catalogue import catalogue, model_of
from brain.domain.canonical import Json
from brain.domain.change import Change, SetParameter
from brain.domain.errors import DeviceUnreachable
from brain.domain.record import ChangeRecord
from evals.harness.planning import Desk, ended
from evals.harness.result import LONGEST_TEXT, Became, Cost, Said, Set
from evals.harness.road import Road, Touch
from evals.scenarios.template import Ending

_MASK = "(secret)"
_ENDINGS = {
    "proposal": Ending.CHANGE,
    "denied": Ending.CHANGE,
    "hand_over": Ending.HAND_OVER,
    "question": Ending.ASK,
    "failed": Ending.REFUSE,
}


def said_of(desk: Desk) -> Said:
    """What the planner came to."""
    last = [
        each for each in desk.events if each.kind in _ENDINGS and not each.payload.get("continues")
    ]
    made = desk.proposals or desk.handed_over
    proposal = made[-1] if made else None
    if desk.proposals:
        answer = Ending.REFUSE if desk.refused and not desk.records else Ending.CHANGE
    else:
        answer = _ENDINGS[last[-1].kind] if last else Ending.NOTHING
    told = [each.text for each in desk.events if each.text]
    return Said(
        answer=answer,
        causes=_causes(desk, proposal.finding.cause.value if proposal else ""),
        text=(last[-1].text if last else (told or [""])[-1])[:LONGEST_TEXT],
        author=proposal.author.value if proposal else "",
        asked=desk.asked[:LONGEST_TEXT],
        told=desk.answered,
        raw=tuple(desk.raw),
        proposed=_shown(desk.proposals[-1].changes) if desk.proposals else (),
        unknown_paths=_unknown(desk),
        refused_by_ledger="; ".join(desk.refused),
    )


def _causes(desk: Desk, named: str) -> tuple[str, ...]:
    """The proposal's own first, then the others as they were weighed."""
    turns = ended(desk)
    weighed = turns[-1].get("causes") if turns else []
    assert isinstance(weighed, list)
    ranked = sorted(weighed, key=_unlikely)
    names = [str(each["cause"]) for each in ranked if isinstance(each, dict)]
    return tuple(dict.fromkeys(name for name in [named, *names] if name))


def _unlikely(weighed: Json) -> float:
    chance = weighed.get("probability") if isinstance(weighed, dict) else None
    return -chance if isinstance(chance, int | float) else 0.0


def _unknown(desk: Desk) -> tuple[str, ...]:
    """Paths that were composed and that the data model, or this device, does not have."""
    if not desk.raw:
        return ()
    device = desk.road.device
    book = catalogue(model_of(device.protocol))
    try:
        there = desk.road.homes.values(device.id)
    except DeviceUnreachable:  # then it has what the catalogue says
        there = None
    paths = dict.fromkeys(each.path for each in desk.raw)
    return tuple(p for p in paths if p not in book or (there is not None and p not in there))


def _shown(changes: Sequence[Change]) -> tuple[Set, ...]:
    return tuple(
        Set(path=each.path, value=_MASK if each.secret else each.after)
        if isinstance(each, SetParameter)
        else Set(path=each.path, value=each.op.value)
        for each in changes
    )


def became_of(at: Road, records: Sequence[ChangeRecord]) -> Became:
    """What policy, reviewers and devices made of it."""
    touched = at.homes.touched
    elsewhere = tuple(sorted({each.device for each in touched if each.device != at.device.id}))
    executed = tuple(_masked(each) for each in touched)
    if not records:
        return Became(executed=executed, elsewhere=elsewhere)
    record = records[-1]
    return Became(
        verdict=record.verdict.decision,
        findings=tuple(sorted({each.code for each in record.verdict.findings})),
        state=record.state.value,
        reason=record.reason[:LONGEST_TEXT],
        executed=executed,
        elsewhere=elsewhere,
        called=tuple(at.paged),
    )


def _masked(touch: Touch) -> Set:
    secret = catalogue("tr181-cwmp").is_secret(touch.path)
    return Set(path=touch.path, value=_MASK if secret else touch.value)


def cost_of(desk: Desk) -> Cost:
    """What the planner took."""
    turns: list[dict[str, Any]] = ended(desk)
    return Cost(
        calls=sum(each["model_calls"] for each in turns),
        tokens_in=sum(each["tokens_in"] for each in turns),
        tokens_out=sum(each["tokens_out"] for each in turns),
        turns=max(1, len(turns)),
        seconds=round(desk.seconds, 4),
    )
