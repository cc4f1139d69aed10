"""What is written to a TR-098 device is read back as it was written, whatever the rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.entry import Entry
from brain.datamodel.facets import checked
from brain.datamodel.refusal import Subject
from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.mapping import Row, rows
from brain.datamodel.translation.rules import RULES
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath, ParameterType
from tests.brain.datamodel.tr098_cases import CASES, PLAIN, ROOT, Case, native_of


def test_there_are_plain_rows_to_try() -> None:
    assert len(PLAIN) > 60


def test_every_rule_that_writes_is_tried() -> None:
    words = {each for row in rows() if (each := f"{row.rule}:{row.argument}").startswith("words:")}
    writing = {name for name, rule in RULES.items() if rule.write} - {"same", "words"}

    assert {case.rule.partition(":")[0] for case in CASES} == writing | {"words"}
    assert {case.rule for case in CASES if case.rule.startswith("words:")} == words


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.native)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_plain_row_is_read_back_as_it_was_written(row: Row, data: st.DataObject) -> None:
    native, target = entry("tr098", row.native_template), entry("tr181-cwmp", row.target_template)
    assert native.syntax is not None
    assert target.syntax is not None
    drawn = data.draw(texts(target.type, target.enumeration))
    try:
        value = checked(target.syntax, drawn, Subject(field="drawn"))
        checked(native.syntax, value, Subject(field="drawn"))
    except InvalidValue:
        return
    path = native_of(row)
    translator = Translator({path: ""})
    paths = translator.writable({path: True})
    (found,) = [each for each in paths if template_of(each) == row.target_template]
    change = SetParameter(path=found, type=target.syntax.type, before="", after=value)

    ((written, _, text),) = translator.native_sets([change])
    said = translator.to_tr181({written: text})

    assert written == path
    assert said[found] == ("" if target.secret else value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.path}")
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_transformed_value_is_read_back_as_it_was_written(
    case: Case, data: st.DataObject
) -> None:
    value = data.draw(case.wanted)
    translator = Translator(case.values)
    path = ParameterPath(case.path)
    change = SetParameter(path=path, type=ParameterType.STRING, before="", after=value)

    sets = {native: text for native, _, text in translator.native_sets([change])}
    said = translator.to_tr181(case.values | sets)

    if case.native:
        assert (said[path], sets[ROOT + case.native]) == ("", value)
    else:
        assert said[path] == value
    assert sets.keys() <= case.values.keys()


def entry(book: str, path: str) -> Entry:
    found = catalogue(book).find(path)
    assert found is not None
    return found


def texts(kind: ParameterType | None, enumeration: tuple[str, ...]) -> st.SearchStrategy[str]:
    if enumeration:
        return st.sampled_from(enumeration)
    if kind is ParameterType.BOOLEAN:
        return st.sampled_from(["true", "false", "1", "0"])
    if kind is ParameterType.STRING:
        addresses = st.ip_addresses(v=4).map(str)
        return st.text(max_size=20) | addresses | st.lists(addresses).map(",".join)
    return st.integers(-2, 70_000).map(str)
