"""TLS for devices is served whole or not at all."""

from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from brain.settings import Settings
from brain.wiring import opened


async def test_a_key_without_its_certificate_is_refused_at_the_start(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, acs_tls_key=tmp_path / "key.pem")

    with pytest.raises(InvalidInput, match="both a certificate and its key"):
        async with opened(settings, work=False):
            pass
