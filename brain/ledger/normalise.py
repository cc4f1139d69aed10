"""A proposal becomes a plan: every change checked, every old value taken from the device itself."""

from collections.abc import Iterable
from dataclasses import replace

from brain.datamodel.catalogue import model_of
from brain.datamodel.managing import ENTRIES
from brain.datamodel.validation import validate
from brain.domain.change import Change, Plan, SetParameter
from brain.domain.device import Device
from brain.domain.errors import InvalidPlan
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.proposal import Evidence, Proposal
from brain.domain.record import Basis


def normalise(proposal: Proposal, snapshot: Snapshot, device: Device) -> Plan:
    """The plan of this proposal; InvalidPlan or InvalidValue when it could not be applied.

    What the planner says a value was is not believed: it is what the device last said. A change
    to the value a parameter already has is dropped.
    """
    if snapshot.device != proposal.device:
        raise InvalidPlan(field="device", message="the snapshot is of another device")
    model = model_of(device.protocol)
    checked = [_grounded(change, snapshot, model) for change in proposal.changes]
    needed = tuple(change for change in checked if not _no_op(change))
    if checked and not needed:
        raise InvalidPlan(
            field="changes",
            message="the device already has every value asked for",
            remedy="Look for another cause: this change would do nothing.",
        )
    plan = Plan(device=proposal.device, changes=needed)
    ours = [path for path in plan.paths if path in ENTRIES]
    if ours and len(plan.paths) > 1:
        raise InvalidPlan(
            field=ours[0],
            message="how a device is managed is changed by a plan of its own",
            remedy="Change that first, then what the device itself holds.",
        )
    return plan


def basis_of(plan: Plan, evidence: Iterable[Evidence], snapshot: Snapshot, device: Device) -> Basis:
    """What the plan rests on: the touched values and the evidence marked as guarding it."""
    values: dict[ParameterPath, Value] = {
        change.path: change.before for change in plan.sets if not change.secret
    }
    for item in evidence:
        if item.guard and item.path is not None:
            seen = snapshot.get(item.path)
            if seen is None or seen != item.value:
                raise InvalidPlan(
                    field=item.path,
                    message="the evidence is not what the device says",
                    remedy="Read the device again and plan anew.",
                )
            values[item.path] = seen
    return Basis(
        values=tuple(sorted(values.items())),
        firmware=device.firmware,
        data_model_version=device.data_model_version,
    )


def _grounded(change: Change, snapshot: Snapshot, model: str) -> Change:
    valid = validate(change, snapshot, model=model)
    if not isinstance(valid, SetParameter) or valid.secret:
        return valid
    seen = snapshot.get(valid.path)
    if seen is None:
        raise InvalidPlan(
            field=valid.path,
            message="the device has not said what this is now",
            remedy="Read the device again.",
        )
    return replace(valid, before=seen)


def _no_op(change: Change) -> bool:
    return isinstance(change, SetParameter) and not change.secret and change.before == change.after
