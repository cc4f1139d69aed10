"""What is written to a TR-098 device is read back as it was written."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.facets import checked
from brain.datamodel.refusal import Subject
from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.mapping import Row, rows
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterType

NUMBER = re.compile(r"\{[a-z_]+\}")


def plain_rows() -> list[Row]:
    """The rows that are copied as they are, of parameters that both models let us write."""
    old, new = catalogue("tr098"), catalogue("tr181-cwmp")
    found = []
    for row in rows():
        ends = (old.find(row.native_template), new.find(row.target_template))
        if row.rule == "same" and all(end is not None and end.writable for end in ends):
            found.append(row)
    return found


PLAIN = plain_rows()


def test_there_are_plain_rows_to_try() -> None:
    assert len(PLAIN) > 40


@settings(max_examples=200)
@given(st.sampled_from(PLAIN), st.data())
def test_a_plain_row_is_read_back_as_it_was_written(row: Row, data: st.DataObject) -> None:
    target = catalogue().find(row.target_template)
    assert target is not None
    assert target.syntax is not None
    drawn = data.draw(texts(target.type, target.enumeration))
    native = catalogue("tr098").find(row.native_template)
    assert native is not None
    assert native.syntax is not None
    try:
        value = checked(target.syntax, drawn, Subject(field="drawn"))
        checked(native.syntax, value, Subject(field="drawn"))
    except InvalidValue:
        return
    path = NUMBER.sub("1", row.native)
    translator = Translator({path: ""})
    paths = translator.writable({path: True})
    (found,) = [each for each in paths if template_of(each) == row.target_template]
    change = SetParameter(path=found, type=target.syntax.type, before="", after=value)

    ((written, _, text),) = translator.native_sets([change])
    said = translator.to_tr181({written: text})

    assert written == path
    assert said[found] == ("" if target.secret else value)


def texts(kind: ParameterType | None, enumeration: tuple[str, ...]) -> st.SearchStrategy[str]:
    if enumeration:
        return st.sampled_from(enumeration)
    if kind is ParameterType.BOOLEAN:
        return st.sampled_from(["true", "false", "1", "0"])
    if kind is ParameterType.STRING:
        addresses = st.ip_addresses(v=4).map(str)
        return st.text(max_size=20) | addresses | st.lists(addresses).map(",".join)
    return st.integers(-2, 70_000).map(str)
