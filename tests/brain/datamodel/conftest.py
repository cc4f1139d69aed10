"""What tests of the data model share: a device that says what the test wants it to say."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from brain.domain.change import SetParameter
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot

Says = Callable[..., Snapshot]


@pytest.fixture
def says() -> Says:
    def snapshot(values: Mapping[str, str], writable: Mapping[str, bool] | None = None) -> Snapshot:
        return Snapshot(
            device=DeviceId("00D09E-G1"),
            taken_at=datetime(2026, 1, 1, tzinfo=UTC),
            values={ParameterPath(path): value for path, value in values.items()},
            writable={ParameterPath(path): flag for path, flag in (writable or {}).items()},
        )

    return snapshot


@pytest.fixture
def wish() -> Callable[[str, str], SetParameter]:
    def change(path: str, after: str, before: str = "") -> SetParameter:
        return SetParameter(
            path=ParameterPath(path), type=ParameterType.STRING, before=before, after=after
        )

    return change
