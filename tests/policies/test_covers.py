"""What topics cover can be written at all: it is in the data model, and it is not read-only."""

import json
import subprocess

import pytest

from brain.datamodel.catalogue import Access, Kind, catalogue
from policies.check import shipped_rules

BOOK = catalogue("tr181-usp")


@pytest.fixture(scope="module")
def covered(opa_binary: str) -> dict[str, list[str]]:
    """The templates by topic."""
    rules = shipped_rules()
    query = "{topic: templates | templates := data.gatewright.change[topic].covers}"
    ran = subprocess.run(
        [opa_binary, "eval", "-f", "raw", "-d", str(rules / "gatewright"), query],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(ran.stdout)
    return {topic: templates for topic, templates in found.items() if "_test" not in topic}


def test_every_covered_template_is_in_the_data_model(covered: dict[str, list[str]]) -> None:
    templates = [each for some in covered.values() for each in some]

    assert len(covered) > 10
    assert len(templates) > 50
    assert [each for each in templates if BOOK.find(each) is None] == []


def test_every_covered_template_can_be_written(covered: dict[str, list[str]]) -> None:
    fixed = []
    for template in (each for some in covered.values() for each in some):
        entry = BOOK.find(template)
        assert entry is not None
        if entry.kind is not Kind.COMMAND and entry.access is not Access.READ_WRITE:
            fixed.append(template)

    assert fixed == []


def test_no_template_is_covered_by_two_topics(covered: dict[str, list[str]]) -> None:
    templates = [each for some in covered.values() for each in some]

    assert len(templates) == len(set(templates))
