"""A folder of rules is tried before it is believed."""

import shutil
from pathlib import Path

import pytest

from policies.check import shipped_rules
from policies.trial import tried


async def test_the_shipped_rules_refuse_an_empty_question() -> None:
    assert await tried(shipped_rules()) == ""


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("access/access.rego", "default allow := false", "default allow := true", "not refused"),
        ("topics/topics.rego", "radio.deny", "lan.deny", "its deny"),
        ("access/access.rego", "default allow := false\n", "", "no answer"),
    ],
)
async def test_rules_that_cannot_be_used_are_told_why(
    tmp_path: Path, file: str, before: str, after: str, told: str
) -> None:
    rules = Path(shutil.copytree(shipped_rules(), tmp_path / "rego"))
    altered = rules / "gatewright" / file
    source = altered.read_text()
    assert before in source
    altered.write_text(source.replace(before, after, 1))

    assert told in await tried(rules)
