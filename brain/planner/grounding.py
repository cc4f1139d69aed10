"""Checks what is about to be proposed against the device itself, whoever composed it."""

from collections.abc import Sequence

from brain.datamodel.catalogue import Catalogue
from brain.datamodel.validation import validate
from brain.domain.change import Change, Plan, SetParameter
from brain.domain.errors import InvalidPlan, InvalidValue
from brain.domain.parameter import ParameterType, Snapshot
from brain.planner.candidates import wanted


def ground(snapshot: Snapshot, changes: Sequence[Change], *, model: str) -> tuple[Change, ...]:
    """The changes with canonical values, in an order that works, without those that do nothing.

    Raises InvalidValue or InvalidPlan with a sentence when they are no plan for this device.
    """
    valid = tuple(validate(change, snapshot, model=model) for change in _held(snapshot, changes))
    needed = tuple(change for change in valid if not _does_nothing(change))
    if valid and not needed:
        raise InvalidPlan("the device already is as asked", field=valid[0].path)
    return Plan(device=snapshot.device, changes=needed).changes


def check_composed(catalogue: Catalogue, change: SetParameter, *, resolvers: Sequence[str]) -> None:
    """Refuse what a language model may not make up, even where the data model would allow it.

    It may pick numbers, truths and listed values. Secrets, and words that only a person could know,
    come from the agent or from the operator's settings.
    """
    entry = catalogue.find(change.path)
    if entry is None:
        raise InvalidValue("no such parameter", field=change.path, rule="known")
    if entry.secret:
        raise InvalidValue("a secret is never composed", field=change.path, rule="secret")
    listed = bool(entry.enumeration or entry.enumeration_ref)
    if entry.type is ParameterType.STRING and not listed and change.after not in resolvers:
        raise InvalidValue("words of its own are never composed", field=change.path, rule="words")


def _held(snapshot: Snapshot, changes: Sequence[Change]) -> tuple[Change, ...]:
    """With the automatic choice of a channel off wherever a channel is set, that first."""
    touched = {change.path for change in changes}
    first: list[Change] = []
    for change in changes:
        radio = change.path.removesuffix("Channel")
        automatic = f"{radio}AutoChannelEnable"
        is_channel = radio.startswith("Device.WiFi.Radio.") and radio != change.path
        if is_channel and snapshot.get(automatic) == "true" and automatic not in touched:
            first.append(wanted(snapshot, automatic, "false"))
    return (*first, *changes)


def _does_nothing(change: Change) -> bool:
    return isinstance(change, SetParameter) and not change.secret and change.before == change.after
