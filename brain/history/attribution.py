"""Who changed a setting: us, another controller, somebody at the box, or nobody can tell.

TR-069 names nobody. What there is: what the ledger wrote, and the ParameterKey, which every
controller that sets anything leaves its own of (TR-069 A.3.2.1). Where these leave two answers
open, the answer is that it is unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from brain.domain.change import AddObject, Change, DeleteObject, SetParameter
from brain.domain.history import By, Difference, Event, EventKind
from brain.domain.life import State
from brain.domain.parameter import template_of
from brain.domain.record import ChangeRecord

PARAMETER_KEY: Final = "Device.ManagementServer.ParameterKey"
BEGUN: Final = frozenset(
    {
        State.EXECUTING,
        State.VERIFYING,
        State.SUCCEEDED,
        State.ROLLED_BACK,
        State.FAILED,
        State.UNKNOWN,
    }
)
"""States of a change of which something may have reached the device."""
_UNDERWAY: Final = frozenset({State.EXECUTING, State.VERIFYING})
_MAYBE_BACK: Final = frozenset({State.VERIFYING, State.ROLLED_BACK, State.FAILED, State.UNKNOWN})
"""Of these the old values may have been written too."""
_BY_ITSELF: Final = frozenset(
    f"Device.WiFi.Radio.{{i}}.{leaf}"
    for leaf in ("Channel", "ExtensionChannel", "OperatingChannelBandwidth", "TransmitPower")
)
"""Settings that a device may also choose itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of who was at a device."""

    records: Sequence[ChangeRecord] = ()
    """Its changes in one of the states BEGUN."""
    told: Sequence[Event] = ()
    """Its entries of kind FIRMWARE, and those of the ParameterKey."""
    our_key_at: datetime | None = None
    """When it last said a ParameterKey of ours; None where the last one was none."""


def who(found: Difference, evidence: Evidence) -> By:
    """Who made this difference."""
    if found.writable is False:
        return By.DEVICE
    if found.since is None:
        return By.UNKNOWN
    if any(_wrote(record, found, found.since) for record in evidence.records):
        return By.US
    later = [each for each in evidence.told if each.at > found.since]
    if any(each.kind is EventKind.FIRMWARE for each in later):
        return By.UNKNOWN
    if any(each.by is By.CONTROLLER for each in later):
        return By.CONTROLLER
    if later or template_of(found.path) in _BY_ITSELF:
        return By.UNKNOWN  # whose key ours took the place of, nobody knows
    ours = evidence.our_key_at
    return By.SUBSCRIBER if ours is not None and ours > found.since else By.UNKNOWN


def _wrote(record: ChangeRecord, found: Difference, since: datetime) -> bool:
    if record.updated_at < since and record.state not in _UNDERWAY:
        return False
    return any(_made(each, found, record.state) for each in record.plan.changes)


def _made(change: Change, found: Difference, state: State) -> bool:
    if isinstance(change, SetParameter):
        back = state in _MAYBE_BACK and found.after == change.before
        return change.path == found.path and (back or found.after == change.after)
    if isinstance(change, AddObject):
        leaf = found.path.rpartition(".")[2]
        below = found.before is None and found.path.startswith(change.path)
        return below and (not change.values or (leaf, found.after) in change.values)
    if isinstance(change, DeleteObject):
        return found.after is None and found.path.startswith(change.path)
    return False
