"""What needs an extra says which, where the extra is not installed."""

import sys
from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from brain.settings import Settings
from brain.store.engine import engines
from brain.wiring import opened


def test_postgres_asks_for_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(InvalidInput, match=r"gatewright\[postgres\]"):
        engines("postgresql://user@db.example/gatewright")


async def test_an_opa_server_asks_for_its_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(sys.modules, "policies.engines.opa", raising=False)
    monkeypatch.setitem(sys.modules, "opa_client", None)
    settings = Settings(data_dir=tmp_path, opa_url="http://127.0.0.1:8181")

    with pytest.raises(InvalidInput, match=r"gatewright\[opa\]"):
        async with opened(settings, work=False):
            pass
