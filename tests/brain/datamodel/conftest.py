"""What tests of the data model share: devices that say what a test wants them to say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from brain.domain.change import SetParameter
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot

Says = Callable[..., Snapshot]
ROOT = "InternetGatewayDevice."


@dataclass(frozen=True)
class Native:
    """A TR-098 device: values, types and flags by native path."""

    values: dict[str, str]
    types: dict[str, str]
    writable: dict[str, bool]

    def saying(self, **changed: str | None) -> dict[str, str]:
        """Its values with some changed or gone, by the end of their path (``__`` is a dot)."""
        values = dict(self.values)
        for name, value in changed.items():
            (path,) = [each for each in self.values if each.endswith(name.replace("__", "."))]
            if value is None:
                del values[path]
            else:
                values[path] = value
        return values


@pytest.fixture(scope="session")
def gateway() -> Native:
    """A real make, with nobody's data in it."""
    lines = (Path(__file__).parent / "gateway.tsv").read_text().splitlines()[1:]
    rows = [(*line.split("\t"), "")[:4] for line in lines]
    return Native(
        values={ROOT + path: value for path, _, _, value in rows},
        types={ROOT + path: kind for path, kind, _, _ in rows},
        writable={ROOT + path: flag == "w" for path, _, flag, _ in rows},
    )


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
