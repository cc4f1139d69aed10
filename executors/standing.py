"""What is out of service because somebody wants it so, and what stands on that."""

from collections.abc import Iterator, Mapping

from brain.domain.change import DeleteObject, Plan
from brain.domain.parameter import Snapshot, template_of
from executors.vital_signs import ENABLES, LOWER, TEMPLATES

_ABOVE: Mapping[str, tuple[str, ...]] = {
    "Device.WiFi.Radio.": ("Device.WiFi.SSID.", "Device.WiFi.AccessPoint."),
    "Device.WiFi.SSID.": ("Device.WiFi.AccessPoint.",),
    "Device.Ethernet.": ("Device.PPP.", "Device.IP.", "Device.DHCPv4.Client."),
    "Device.PPP.": ("Device.IP.", "Device.DHCPv4.Client."),
    "Device.IP.": ("Device.DHCPv4.Client.",),
}
"""Which kinds stand on which, for a device that does not say what an object stands on."""


def out_of_service(plan: Plan, before: Snapshot, now: Snapshot) -> tuple[str, ...]:
    """Objects that the plan or a person at the device took out of service, and all upon them."""
    off = {*_by_plan(plan), *_by_hand(before, now)}
    lower = _lower(before)
    objects = {_owner(p) for p in before.values if template_of(p) in TEMPLATES} | lower.keys()
    while more := {each for each in objects - off if _stands_on(each, off, lower)}:
        off |= more
    return tuple(sorted(off))


def _by_plan(plan: Plan) -> Iterator[str]:
    """Only ``Enable`` is a switch of the object itself: ``AutoChannelEnable`` is not."""
    for change in plan.sets:
        if change.path.endswith(".Enable") and change.after == "false":
            yield _owner(change.path)
    yield from (each.path for each in plan.changes if isinstance(each, DeleteObject))


def _by_hand(before: Snapshot, now: Snapshot) -> Iterator[str]:
    """By the button at the box, its schedule or its own page."""
    for path, value in now.values.items():
        if value == "false" and template_of(path) in ENABLES and before.get(path) == "true":
            yield _owner(path)


def _lower(before: Snapshot) -> dict[str, tuple[str, ...]]:
    return {
        _owner(path): tuple(each.strip().rstrip(".") + "." for each in value.split(","))
        for path, value in before.values.items()
        if template_of(path) in LOWER and value.strip()
    }


def _stands_on(this: str, off: set[str], lower: Mapping[str, tuple[str, ...]]) -> bool:
    if this in lower:
        return any(each.startswith(tuple(off)) for each in lower[this])
    return any(
        this.startswith(upon) and any(each.startswith(kind) for each in off)
        for kind, upon in _ABOVE.items()
    )


def _owner(path: str) -> str:
    return path.rpartition(".")[0] + "."
