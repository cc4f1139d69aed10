"""Every plain row of the mapping, one by one: read as the device says it, and written back so."""

import re

import pytest

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.entry import Syntax
from brain.datamodel.facets import checked
from brain.datamodel.refusal import Subject
from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.mapping import Row, rows
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

NUMBER = re.compile(r"\{[a-z_]+\}")
SAMPLES = (
    *("true", "7", "1", "36", "100", "192.0.2.1", "00:11:22:33:44:55", "2026-01-02T03:04:05Z"),
    *("DE ", "00D09E", "sample", "http://192.0.2.1/", "15", "4500", "60", ""),
)
OLD, NEW = catalogue("tr098"), catalogue("tr181-cwmp")


def syntax_of(row: Row) -> tuple[Syntax, Syntax] | None:
    """Of both ends; None for voice, of which neither catalogue knows anything."""
    native, target = OLD.find(row.native_template), NEW.find(row.target_template)
    if native is None or target is None or native.syntax is None or target.syntax is None:
        return None
    return native.syntax, target.syntax


PLAIN = [row for row in rows() if row.rule == "same" and syntax_of(row) is not None]


def sample_of(row: Row) -> str:
    """A value that is legal in both models, as both write it."""
    both = syntax_of(row)
    assert both is not None
    native, target = both
    words = [word for word in target.enumeration if word in native.enumeration]
    for text in (*words, *SAMPLES):
        try:
            value = checked(target, text, Subject(field=row.target))
            if checked(native, value, Subject(field=row.native)) == value:
                return value
        except InvalidValue:
            continue
    raise AssertionError(f"no sample is legal in both models: {row.native}")


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


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.native)
def test_what_the_device_says_is_read_and_what_is_written_is_read_back(row: Row) -> None:
    both = syntax_of(row)
    assert both is not None
    native, target = both
    value, path = sample_of(row), NUMBER.sub("1", row.native)
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
