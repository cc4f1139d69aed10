"""What has to be read for a symptom, and what a device did not tell of it."""

from collections.abc import Iterable

from brain.domain.incident import Symptom
from brain.domain.parameter import Snapshot
from brain.planner.groups import Group, paths_of
from brain.planner.playbooks import PLAYBOOKS
from brain.planner.reading import tells

WISHES = frozenset({Symptom.FORGOT_WIFI_PASSPHRASE, Symptom.EXPLICIT_REQUEST})
"""What is asked for outright: nothing has to be found out."""

_EVERYWHERE = frozenset(
    {Group.RADIOS, Group.ACCESS_POINTS, Group.UTILISATION, Group.DNS, Group.ADDRESSES, Group.HOSTS}
)
_OF_LINES = frozenset({Group.OPTICAL, Group.LINE})
"""A device hangs from one of them."""
_FOR_WISHES: dict[Symptom, tuple[Group, ...]] = {
    Symptom.FORGOT_WIFI_PASSPHRASE: (Group.RADIOS, Group.ACCESS_POINTS),
    Symptom.EXPLICIT_REQUEST: (Group.RADIOS, Group.DNS),
}


def first_groups(symptom: Symptom) -> tuple[Group, ...]:
    """What to read first: all that tells the causes by which the symptom is as expected.

    Where the symptom is unclear, that is everything.
    """
    return _in_order({Group.IDENTITY, *_FOR_WISHES.get(symptom, ()), *_read_by(symptom, 1.0)})


def further_groups(
    symptom: Symptom, read: Iterable[Group], *, with_model: bool = False
) -> tuple[Group, ...]:
    """What else could explain the symptom and was not read yet; a model may ask for anything."""
    if symptom in WISHES:
        return ()
    wanted = set(Group) if with_model else _read_by(symptom, 0.0)
    return _in_order(wanted - set(read))


def untold(symptom: Symptom, snapshot: Snapshot, read: Iterable[Group]) -> tuple[Group, ...]:
    """What was asked for and every device should know, and this one did not tell."""
    asked = set(read) & {*_read_by(symptom, 1.0)} & {*_EVERYWHERE, *_OF_LINES}
    silent = {each for each in asked if not tells(snapshot, paths_of([each]))}
    if not _OF_LINES & asked - silent:
        return _in_order(silent)
    return _in_order(silent - _OF_LINES)


def _read_by(symptom: Symptom, least: float) -> set[Group]:
    if symptom in WISHES:
        return set()
    if symptom is Symptom.UNCLEAR:
        return {group for each in PLAYBOOKS for group in each.reads}
    fitting = (each for each in PLAYBOOKS if each.fit(symptom) >= least and each.fit(symptom))
    return {group for each in fitting for group in each.reads}


def _in_order(groups: set[Group]) -> tuple[Group, ...]:
    return tuple(group for group in Group if group in groups)
