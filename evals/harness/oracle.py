"""Looks at the world itself: whether ends hold, what a change broke, which parts of it helped."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase

from brain.domain.change import AddObject, Change, Command, DeleteObject, SetParameter
from brain.domain.device import DataModelRoot
from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from evals.harness.posture import protects
from evals.homes.build import World, build
from evals.homes.home import Home
from evals.homes.quality import Quality, worse
from evals.homes.spec import AroundSpec, Spec
from evals.scenarios.ends import End, Facts, read_end
from evals.scenarios.variants import Case

_WHETHER = frozenset({"reachable", "online", "names", "prefix", "clock"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A home at one moment."""

    quality: Quality
    facts: Facts


def look(world: World, ends: Sequence[End] = ()) -> Seen:
    """The home in question now, with the figures and parameters that these ends are about."""
    quality = world.quality()
    facts = {name: str(value) for name, value in quality.flat().items()}
    facts["well"] = str(float(quality.well))
    facts |= _settings(world, {end.figure for end in ends} - facts.keys())
    return Seen(quality=quality, facts=facts)


def ends_of(case: Case) -> list[End]:
    """The assertions of a case."""
    return [read_end(text) for text in case.template.expect.ends]


def untouched(case: Case, minutes: float) -> Seen:
    """The home after so long when nobody does anything to it."""
    world = alone(case)
    world.advance(minutes=minutes)
    return look(world)


def held(ends: Sequence[End], after: Seen, before: Seen) -> list[bool]:
    """Which of these ends hold."""
    return [end.holds(after.facts, before.facts) for end in ends]


def broken_by(control: Seen, after: Seen, accepted: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stopped working, and all that is worse, than where nothing was changed."""
    lost = [name for name in worse(control.quality, after.quality) if not _any(name, accepted)]
    return [name for name in lost if name in _WHETHER or name.endswith(".works")], lost


def needless(case: Case, changes: Sequence[Change], minutes: float) -> list[str]:
    """The paths that the ends hold without, found by leaving out one change after the other.

    What turned out to be needless stays left out, so that of two changes that do the same one
    counts. Where no change is right, or all of it together does not help, none was needed.
    """
    ends, kept = ends_of(case), list(changes)
    if not ends or not _helps(case, kept, ends, minutes):
        return [each.path for each in changes]
    left_out: list[str] = []
    for each in reversed(changes):
        rest = [other for other in kept if other is not each]
        if _helps(case, rest, ends, minutes):
            kept = rest
            left_out.append(each.path)
    return left_out


def _helps(case: Case, changes: Sequence[Change], ends: Sequence[End], minutes: float) -> bool:
    world = alone(case)
    before = look(world, ends)
    try:
        apply(world, changes)
    except (ControllerRefused, DeviceUnreachable):
        return False
    world.advance(minutes=minutes)
    return all(held(ends, look(world, ends), before))


def apply(world: World, changes: Sequence[Change]) -> None:
    """Carry these out at the home itself; raises ControllerRefused or DeviceUnreachable.

    A device that goes silent over it is looked at afterwards, as any other.
    """
    with suppress(OutcomeUnknown):
        _apply(world, changes)


def _apply(world: World, changes: Sequence[Change]) -> None:
    homes = world.open()
    sets = {each.path: each.after for each in changes if isinstance(each, SetParameter)}
    if sets:
        homes.set(world.home.id, sets, "")
    for each in changes:
        match each:
            case Command():
                homes.run(world.home.id, each)
            case AddObject():
                homes.add(world.home.id, each.path, dict(each.values), "")
            case DeleteObject():
                homes.delete(world.home.id, each.path, "")


def alone(case: Case) -> World:
    """The same home without its neighbours on the line: they cost time and change nothing here."""
    spec = case.spec()
    nobody = AroundSpec(splitter=0, port=0, olt=0)
    lonely = spec.world.model_copy(update={"around": nobody})
    return build(Spec(world=lonely, faults=spec.faults), case.seed)


def protection(world: World) -> dict[str, str]:
    """What protects the home in question, by TR-181's names; empty when it does not answer.

    Secrets too where the device speaks TR-181: nothing of it is kept.
    """
    tree = world.home.tree
    if world.home.model.root == DataModelRoot.DEVICE:
        return {path: tree.read(path) for path in tree.parameters if protects(path)}
    try:
        return {p: v for p, v in world.open().values(world.home.id).items() if protects(p)}
    except DeviceUnreachable:
        return {}


def _settings(world: World, paths: set[str]) -> dict[str, str]:
    """These parameters by TR-181's names, secrets too where the device speaks TR-181."""
    home: Home = world.home
    if not paths:
        return {}
    if home.model.root == DataModelRoot.DEVICE:
        return {path: home.tree.read(path) for path in paths if path in home.tree.parameters}
    try:
        said = world.open().values(home.id)
    except DeviceUnreachable:
        return {}
    return {path: value for path, value in said.items() if path in paths}


def _any(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
