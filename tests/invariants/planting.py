"""What faults are made of: ways to replace a piece of the product for the length of a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.invariants.lives import Step

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """A mutation, in words, the invariant that must notice, and a life in which it shows."""

    breaks: int
    what: str
    plant: Plant
    life: tuple[Step, ...]


def constant(target: object, name: str, value: object) -> Plant:
    """The function gives the same, whatever it is asked."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(target, name, lambda *_, **__: value)

    return plant


def value(target: object, name: str, value: object) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(target, name, value)

    return plant


def soon(target: object, name: str, value: object) -> Plant:
    """The coroutine function gives the same, whatever it is asked."""

    async def given(*_: object, **__: object) -> object:
        return value

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(target, name, given)

    return plant


def both(one: Plant, other: Plant) -> Plant:
    """Where either alone is caught by the other."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        one(patch)
        other(patch)

    return plant


def around(target: Any, name: str, wrong: Callable[..., Any]) -> Plant:
    """``wrong(real, *arguments)`` in its place."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        real = getattr(target, name)

        def call(*given: Any, **named: Any) -> Any:
            return wrong(real, *given, **named)

        patch.setattr(target, name, call)

    return plant
