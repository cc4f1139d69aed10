"""Which facts every question has today, so that one of an older version is known for what it is."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from brain.domain.canonical import Json
from brain.domain.change import Command, Plan
from brain.domain.device import Device
from brain.domain.identity import DeviceId, PrincipalId, PrincipalKind, TenantId
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Author, Cause
from brain.domain.question import Asker, Question
from brain.domain.verdict import Point
from policies.facts import input_of
from policies.replay.reads import Reads

_OPEN = {("plan", "changes"), ("plan", "families"), ("radios",)}
"""What lies below these differs from question to question."""


@cache
def facts() -> frozenset[tuple[str, ...]]:
    """The paths that are in every question, null where nobody knows."""
    return frozenset(_paths(input_of(_any_question()), ()))


def needed(reads: Reads) -> tuple[tuple[str, ...], ...]:
    """The facts that rules read, in order; every question has to have them."""
    return tuple(sorted(path for path in facts() if reads.reads(path)))


def missing(question: dict[str, Json], facts: Iterable[tuple[str, ...]]) -> list[str]:
    """Those of these facts that this question does not have."""
    return [".".join(path) for path in facts if not _has(question, path)]


def _has(value: Json, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True


def _paths(value: Json, path: tuple[str, ...]) -> set[tuple[str, ...]]:
    if not isinstance(value, dict) or path in _OPEN:
        return {path}
    return {each for name, below in value.items() for each in _paths(below, (*path, name))}


def _any_question() -> Question:
    device = DeviceId("000000-0-0")
    reboot = Command(path=ParameterPath("Device.Reboot()"))
    tenant = TenantId("any")
    return Question(
        point=Point.SUBMIT,
        plan=Plan(device=device, changes=(reboot,)),
        device=Device(id=device, tenant=tenant, oui="000000", product_class="0", serial="0"),
        asker=Asker(id=PrincipalId("any"), kind=PrincipalKind.PERSON, roles=frozenset()),
        cause=Cause.REQUESTED,
        author=Author.PERSON,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
