"""Every plain row of the mapping, one by one: read as the device says it, and written back so."""

import pytest

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.mapping import Row, rows
from brain.domain.change import SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from tests.brain.datamodel.tr098_cases import native_of, sample_of, syntax_of

OLD, NEW = catalogue("tr098"), catalogue("tr181-cwmp")


VOICE = [row for row in rows() if row.rule == "same" and syntax_of(row) is None]
PLAIN = [row for row in rows() if row.rule == "same" and syntax_of(row) is not None]


def found_in(translator: Translator, path: str, row: Row) -> ParameterPath:
    (found,) = [
        each
        for each in translator.writable({path: True})
        if template_of(each) == row.target_template
    ]
    return found


def test_all_plain_rows_are_tried() -> None:
    voice = {row.target.split(".")[1] for row in rows() if row.rule == "same"} - {
        row.target.split(".")[1] for row in PLAIN
    }

    assert len(PLAIN) > 131
    assert voice == {"Services"}


@pytest.mark.parametrize("row", VOICE, ids=lambda row: row.native)
def test_a_plain_row_of_voice_goes_both_ways_as_text(row: Row) -> None:
    path = native_of(row)
    translator = Translator({path: "sample"})
    found = found_in(translator, path, row)
    shown = "" if catalogue().is_secret(found) else "sample"

    assert translator.to_tr181({path: "sample"})[found] == shown
    change = SetParameter(path=found, type=ParameterType.STRING, before="", after="other")
    assert translator.native_sets([change]) == ((path, "xsd:string", "other"),)


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.native)
def test_what_the_device_says_is_read_and_what_is_written_is_read_back(row: Row) -> None:
    both = syntax_of(row)
    assert both is not None
    native, target = both
    value, path = sample_of(row), native_of(row)
    secret = catalogue("tr098").is_secret(path) or catalogue().is_secret(row.target_template)
    shown = "" if secret else value
    translator = Translator({path: value})
    found = found_in(translator, path, row)

    assert translator.to_tr181({path: value})[found] == shown
    entries = (OLD.find(row.native_template), NEW.find(row.target_template))
    if not all(entry is not None and entry.writable for entry in entries):
        return  # the device only reports it
    change = SetParameter(path=found, type=target.type, before="", after=value)
    ((written, kind, text),) = translator.native_sets([change])
    assert (written, kind) == (path, f"xsd:{native.type}")
    assert translator.to_tr181({written: text})[found] == shown
