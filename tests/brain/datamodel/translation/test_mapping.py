"""The committed mapping names what both models have, and rules that there are."""

from brain.datamodel.catalogue import catalogue
from brain.datamodel.translation.mapping import Row, rows
from brain.datamodel.translation.rules import RULES

ROOT = "InternetGatewayDevice."


def test_every_row_of_the_mapping_names_paths_that_both_models_have() -> None:
    old, new = catalogue("tr098"), catalogue("tr181-cwmp")

    strange = [
        row
        for row in rows()
        if not row.target.startswith("Device.Services.")
        and (row.native_template not in old or row.target_template not in new)
        and row.native_template != ROOT + "DeviceSummary"
        and not _is_a_vendors_own(row)
    ]

    assert len(rows()) > 250
    assert strange == []
    assert {row.rule for row in rows()} - {"none", "part"} <= set(RULES)


def test_what_a_vendor_added_is_read_and_never_written() -> None:
    added = [row for row in rows() if _is_a_vendors_own(row)]

    assert {row.rule for row in added} == {"read"}
    assert all(row.target_template in catalogue("tr181-cwmp") for row in added)


def _is_a_vendors_own(row: Row) -> bool:
    return row.native.rpartition(".")[2].startswith("X_")


def test_every_rule_is_used_by_the_mapping() -> None:
    assert set(RULES) == {row.rule for row in rows()} - {"none", "part"}


def test_every_pair_that_is_not_translated_says_why() -> None:
    left = [row for row in rows() if row.rule == "none"]

    assert 0 < len(left) < 10
    assert all(len(row.argument) > len("no words") for row in left)
