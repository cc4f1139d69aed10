"""Where the machines run: the databases, and how long Hypothesis looks."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.invariants.databases import Databases, Files, Postgres

settings.register_profile(
    "invariants",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)


@pytest.fixture(scope="session")
def files() -> Iterator[Databases]:
    """In memory where there is room for files in memory: every commit waits for its disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Files(Path(folder))


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Databases:
    return Postgres(postgres_url)
