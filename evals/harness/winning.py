"""Whether a scenario can be won: its mend reaches the ends, and doing nothing does not.

Everything is done to the world itself: no planner, policy or reviewer is in it.
"""

from collections.abc import Iterator, Mapping

from brain.domain.change import AddObject, Change, Command, SetParameter
from brain.domain.errors import ControllerRefused, DeviceUnreachable
from brain.domain.parameter import ParameterPath, ParameterType
from evals.harness import oracle
from evals.harness.one_case import right
from evals.harness.oracle import Seen, alone, ends_of, held, look
from evals.harness.safety import unsafe
from evals.homes.build import World
from evals.scenarios.variants import Case


def unwinnable(case: Case) -> Iterator[str]:
    """What is wrong with a case as a puzzle, one sentence each; nothing for a good one."""
    due, mend = right(case).weighs_changes and right(case).change, case.template.expect.mend
    if due and _holds(case, {}):
        yield "the ends hold without any change"
    if not due and not _holds(case, {}):
        yield "no change is to be made, and the ends do not hold without one"
    if due and case.template.expect.ends and not mend:
        yield "a change is due, and expect.mend does not show one that brings the ends"
    if mend:
        yield from _wrong_mend(case, mend)


def _wrong_mend(case: Case, mend: Mapping[str, str | Mapping[str, str]]) -> Iterator[str]:
    expect = case.template.expect
    for path in unsafe(mend, expect.forbid):
        yield f"expect.mend touches {path}, which is forbidden"
    try:
        world, before = _mended(case, mend)
    except (ControllerRefused, DeviceUnreachable) as error:
        yield f"the device does not take expect.mend: {error}"
        return
    after = look(world, ends_of(case))
    for end, fine in zip(expect.ends, held(ends_of(case), after, before), strict=True):
        if not fine:
            yield f"expect.mend does not bring {end}"
    calm = oracle.untouched(case, expect.after_minutes)
    for name in oracle.broken_by(calm, after, expect.may_worsen)[0]:
        yield f"expect.mend breaks {name}"


def _holds(case: Case, mend: Mapping[str, str | Mapping[str, str]]) -> bool:
    world, before = _mended(case, mend)
    ends = ends_of(case)
    return all(held(ends, look(world, ends), before))


def _mended(case: Case, mend: Mapping[str, str | Mapping[str, str]]) -> tuple[World, Seen]:
    """The world some minutes after the mend, and how it looked before."""
    world = alone(case)
    before = look(world, ends_of(case))
    for path, value in case.template.meanwhile.items():
        world.home.local_change(path, value)
    oracle.apply(world, [_change(path, value) for path, value in mend.items()])
    world.advance(minutes=case.template.expect.after_minutes)
    return world, before


def _change(path: str, value: str | Mapping[str, str]) -> Change:
    where = ParameterPath(path)
    if not isinstance(value, str):
        return AddObject(path=where, values=tuple(value.items()))
    if path.endswith("()"):
        return Command(path=where)
    return SetParameter(path=where, type=ParameterType.STRING, before="", after=value)
