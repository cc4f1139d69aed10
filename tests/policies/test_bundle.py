"""The rules as one thing: checked when loaded, named by content, packed for OPA."""

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from policies.bundle import Bundle
from policies.check import shipped_rules

RADIO = Path("gatewright") / "change" / "radio" / "radio.rego"
TOPICS = Path("gatewright") / "topics" / "topics.rego"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to be altered."""
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rego"))


def alter(file: Path, before: str, after: str) -> None:
    source = file.read_text()
    assert before in source
    file.write_text(source.replace(before, after, 1))


def test_a_copy_has_the_same_revision(bundle: Bundle, rules: Path) -> None:
    assert Bundle.load(rules).revision == bundle.revision


def test_one_letter_more_is_another_revision(bundle: Bundle, rules: Path) -> None:
    alter(rules / RADIO, "# title: Wi-Fi radios", "# title: Wi-Fi radios!")

    assert Bundle.load(rules).revision != bundle.revision


def test_another_number_is_another_revision(bundle: Bundle, tmp_path: Path) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text("limits: {presence: {minutes: 30}}\n")

    loaded = Bundle.load(data=own)

    assert loaded.revision != bundle.revision
    assert '"minutes":30' in loaded.data_json


def test_the_resolvers_of_the_operator_replace_the_list(bundle: Bundle) -> None:
    loaded = Bundle.load(resolvers=["192.0.2.53"])

    assert loaded.data["resolvers"] == {"addresses": ["192.0.2.53"]}
    assert bundle.data["resolvers"] == {"addresses": ["9.9.9.9", "149.112.112.112"]}


def test_a_test_beside_a_rule_is_no_part_of_the_bundle(bundle: Bundle, rules: Path) -> None:
    (rules / "gatewright" / "more_test.rego").write_text("package gatewright.more_test\n")

    assert Bundle.load(rules).revision == bundle.revision
    assert not [name for name in bundle.modules if name.endswith("_test.rego")]


def test_rules_that_call_out_are_refused(rules: Path) -> None:
    alter(rules / RADIO, "is_string(radio.country)", "http.send(radio.country)")

    with pytest.raises(InvalidInput, match=r"radio\.rego: line \d+: http\.send") as refused:
        Bundle.load(rules)

    assert refused.value.field == "policy bundle"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("radio.deny", "lan.deny", "its deny"),
        ("radio.review", "wan.review", "its review"),
        ("radio.covers", "lan.covers", "its covers"),
    ],
)
def test_a_topic_that_is_not_listed_is_refused(
    rules: Path, before: str, after: str, told: str
) -> None:
    alter(rules / TOPICS, before, after)

    with pytest.raises(InvalidInput, match=f"radio.rego: .* {told}"):
        Bundle.load(rules)


def test_a_new_topic_has_to_be_listed(rules: Path) -> None:
    new = rules / "gatewright" / "change" / "clock" / "clock.rego"
    new.parent.mkdir()
    new.write_text(
        'package gatewright.change.clock\n\nimport rego.v1\n\ncovers := {"Device.Time.Enable"}\n'
    )

    with pytest.raises(InvalidInput, match="does not take in its covers"):
        Bundle.load(rules)


def test_one_code_is_for_one_rule(rules: Path) -> None:
    alter(rules / RADIO, "radio.country_mismatch", "radio.country_unknown")
    alter(rules / RADIO, '"code": "radio.country_mismatch"', '"code": "radio.country_unknown"')

    with pytest.raises(InvalidInput, match=r"radio\.country_unknown is taken"):
        Bundle.load(rules)


def test_a_code_begins_with_its_package(rules: Path) -> None:
    alter(rules / RADIO, "radio.country_mismatch", "lan.country_mismatch")
    alter(rules / RADIO, '"code": "radio.country_mismatch"', '"code": "lan.country_mismatch"')

    with pytest.raises(InvalidInput, match="does not begin with radio"):
        Bundle.load(rules)


def test_an_empty_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        Bundle.load(tmp_path)


def test_numbers_of_the_wrong_shape_are_refused(rules: Path) -> None:
    alter(rules / "data" / "gatewright" / "limits" / "data.yaml", "minutes: 15", "minutes: soon")

    with pytest.raises(InvalidInput) as refused:
        Bundle.load(rules)

    assert refused.value.field == "policy data: limits.presence.minutes"


def test_the_packed_bundle_says_its_revision_and_roots(bundle: Bundle) -> None:
    with tarfile.open(fileobj=io.BytesIO(bundle.to_tar_gz())) as packed:
        files = {member.name: packed.extractfile(member) for member in packed.getmembers()}
        manifest = json.load(files["/.manifest"] or io.BytesIO())
        data = json.load(files["/data.json"] or io.BytesIO())

    assert manifest == {"revision": bundle.revision, "roots": ["gatewright"], "rego_version": 1}
    assert set(data) == {"gatewright"}
    assert {name.lstrip("/") for name in files} == {".manifest", "data.json", *bundle.modules}


def test_packing_twice_gives_the_same_bytes(bundle: Bundle) -> None:
    assert bundle.to_tar_gz() == Bundle.load().to_tar_gz()
