"""Two processes never carry changes out from one data directory."""

from pathlib import Path

import pytest

from brain.domain.errors import Conflict
from brain.lock import only_process


def test_the_second_is_told_who_was_first(tmp_path: Path) -> None:
    with (
        only_process(tmp_path),
        pytest.raises(Conflict, match=r"process \d+"),
        only_process(tmp_path),
    ):
        pytest.fail("both have it")


def test_it_is_free_again_when_the_first_has_ended(tmp_path: Path) -> None:
    with only_process(tmp_path):
        pass

    with only_process(tmp_path):
        assert (tmp_path / "gatewright.lock").exists()


def test_another_directory_is_another_matter(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    with only_process(tmp_path / "a"), only_process(tmp_path / "b"):
        assert (tmp_path / "b" / "gatewright.lock").exists()
