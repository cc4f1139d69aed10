"""Rows are added to and deleted from tables that the model and the device have."""

from collections.abc import Callable

import pytest

from brain.datamodel.validation import validate
from brain.domain.change import AddObject, Change, DeleteObject
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath, Snapshot

Says = Callable[..., Snapshot]

TABLE = "Device.NAT.PortMapping."
EMPTY = {"Device.NAT.PortMappingNumberOfEntries": "0", "Device.WiFi.Radio.1.Channel": "1"}
ONE = {**EMPTY, TABLE + "3.Enable": "true", "Device.IP.Interface.2.Enable": "true"}


def add(path: str, **values: str) -> AddObject:
    return AddObject(path=ParameterPath(path), values=tuple(values.items()))


TWICE = AddObject(path=ParameterPath(TABLE), values=(("Enable", "1"), ("Enable", "0")))


def refused(change: Change, snapshot: Snapshot) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        validate(change, snapshot)
    return caught.value


def test_a_row_is_added_with_canonical_values(says: Says) -> None:
    row = add(TABLE, Enable="1", ExternalPort="0080", Interface="Device.IP.Interface.2")

    valid = validate(row, says(ONE))

    assert isinstance(valid, AddObject)
    assert dict(valid.values) == {
        "Enable": "true",
        "ExternalPort": "80",
        "Interface": "Device.IP.Interface.2",
    }
    assert validate(valid, says(ONE)) == valid


def test_an_empty_table_shows_itself_by_the_count_of_its_rows(says: Says) -> None:
    assert validate(add(TABLE), says(EMPTY)) == add(TABLE)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (add("Device.NAT.PortMaping."), "unknown"),
        (add("Device.NAT.PortMapping.3."), "unknown"),
        (add("Device.NAT.PortMapping.{i}."), "unknown"),
        (add("Device.NAT."), "read_only"),
        (add("Device.WiFi.Radio."), "read_only"),
        (add("Device.DNS.Client.Server."), "not_in_device"),
        (add(TABLE, Colour="red"), "unknown"),
        (add(TABLE, Status="Enabled"), "read_only"),
        (add(TABLE, ExternalPort="70000"), "range"),
        (add(TABLE, Interface="Device.IP.Interface.9"), "path_ref"),
        (
            AddObject(path=ParameterPath(TABLE), values=(("Enable", "1"), ("Enable", "0"))),
            "argument",
        ),
        (DeleteObject(path=ParameterPath(TABLE)), "unknown"),
        (DeleteObject(path=ParameterPath(TABLE + "4.")), "not_in_device"),
        (DeleteObject(path=ParameterPath("Device.WiFi.Radio.1.")), "read_only"),
        (DeleteObject(path=ParameterPath("Device.NAT.Nothing.1.")), "unknown"),
    ],
)
def test_a_row_that_cannot_be_is_refused(says: Says, change: Change, rule: str) -> None:
    assert refused(change, says(ONE)).rule == rule


def test_what_is_no_table_is_called_so(says: Says) -> None:
    assert "not a table" in refused(add("Device.NAT."), says(ONE)).message


def test_a_value_of_a_new_row_is_refused_by_its_own_name(says: Says) -> None:
    assert refused(add(TABLE, ExternalPort="x"), says(ONE)).field == TABLE + "ExternalPort"


def test_a_row_that_is_there_may_be_deleted(says: Says) -> None:
    gone = DeleteObject(path=ParameterPath(TABLE + "3."))

    assert validate(gone, says(ONE)) == gone


def test_the_last_row_of_a_table_that_needs_one_stays(says: Says) -> None:
    table = "Device.RadSecProxy.Client."
    gone = DeleteObject(path=ParameterPath(table + "1."))

    assert refused(gone, says({table + "1.Enable": "true"})).rule == "entries"
    assert validate(gone, says({table + "1.Enable": "true", table + "2.Enable": "true"})) == gone


def test_a_full_table_takes_no_more_rows(says: Says) -> None:
    table = "Device.Ghn.Interface.1.SMMaskedBand."
    rows = {f"{table}{number}.Enable": "true" for number in range(1, 33)}

    assert refused(add(table), says(rows)).rule == "entries"
    del rows[table + "7.Enable"]
    assert validate(add(table), says(rows)) == add(table)
