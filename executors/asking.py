"""Reads what a plan needs, and beside it what a device may or may not say.

A device that fails at one value it is asked for out of care must stay changeable: such values are
left out, and what the plan rests on is still read strictly.
"""

from collections.abc import Sequence
from dataclasses import replace

from brain.domain.device import Device
from brain.domain.errors import ControllerRefused
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.ports import Reader

_MOST_REFUSALS = 60
"""A device that refuses more than this is not asked for the rest."""


async def read_with(
    reader: Reader, device: Device, needed: Sequence[ParameterPath], also: Sequence[ParameterPath]
) -> Snapshot:
    """One reading of all; where that is refused, what is ``needed``, and what can be had beside it.

    Raises what ``reader`` raises for what is needed, and DeviceUnreachable for all of it.
    """
    beside = [path for path in dict.fromkeys(also) if path not in {*needed}]
    try:
        return await reader.read(device, [*dict.fromkeys(needed), *beside])
    except ControllerRefused:
        if not beside:
            raise
    said = await reader.read(device, [*dict.fromkeys(needed)])
    return replace(said, values={**await _what_can_be_had(reader, device, beside), **said.values})


async def _what_can_be_had(
    reader: Reader, device: Device, paths: list[ParameterPath]
) -> dict[ParameterPath, Value]:
    """Halves what is refused until one name alone is, and leaves that out."""
    values: dict[ParameterPath, Value] = {}
    waiting, refusals = [paths], 0
    while waiting and refusals < _MOST_REFUSALS:
        batch = waiting.pop()
        try:
            values |= (await reader.read(device, batch)).values
        except ControllerRefused:
            refusals += 1
            half = len(batch) // 2
            waiting += [part for part in (batch[half:], batch[:half]) if half and part]
    return values
