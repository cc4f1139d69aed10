"""A value is held against its own syntax: range, enumeration, size, pattern, list."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.datamodel.catalogue import Entry, ListFacets, Range, Size, Syntax, catalogue
from brain.datamodel.facets import checked, readable, split_list
from brain.datamodel.patterns import matches
from brain.datamodel.refusal import Subject, listed
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterType

T = ParameterType
HERE = Subject(field="Device.Here")


def refusal(syntax: Syntax, text: str, subject: Subject = HERE) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        checked(syntax, text, subject)
    return caught.value


def entry(path: str) -> Entry:
    found = catalogue().find(path)
    assert found is not None
    return found


@pytest.mark.parametrize(("text", "legal"), [("0", True), ("16", True), ("240", True)])
def test_a_step_counts_from_the_lower_end(text: str, legal: bool) -> None:
    syntax = Syntax(type=T.UNSIGNED_INT, ranges=(Range(0, 240, 16),))

    assert checked(syntax, text, HERE) == text
    assert refusal(syntax, "8").rule == "range"
    assert refusal(syntax, "256").remedy == "Choose a number from 0 to 240 in steps of 16."


def test_a_step_may_count_from_below_zero() -> None:
    syntax = Syntax(type=T.INT, ranges=(Range(-25, 25, 25),))

    assert checked(syntax, "0", HERE) == "0"
    assert refusal(syntax, "1").rule == "range"


def test_one_of_several_ranges_is_enough() -> None:
    syntax = Syntax(type=T.INT, ranges=(Range(-1, -1), Range(10, None)))

    assert checked(syntax, "-1", HERE) == "-1"
    assert checked(syntax, "99", HERE) == "99"
    assert refusal(syntax, "5").remedy == "Choose a number of exactly -1 or of 10 or more."


def test_a_number_is_named_in_the_refusal_and_a_secret_one_is_not() -> None:
    syntax = Syntax(type=T.INT, ranges=(Range(None, 10),))

    assert "11 is outside" in str(refusal(syntax, "11"))
    assert "11" not in refusal(syntax, "11", Subject(field="x", secret=True)).message


def test_values_that_only_the_device_sets_are_neither_taken_nor_offered() -> None:
    syntax = Syntax(
        type=T.STRING,
        enumeration=("Requested", "Complete"),
        device_only=frozenset({"Complete"}),
    )

    assert checked(syntax, "Requested", HERE) == "Requested"
    assert refusal(syntax, "Complete").rule == "enumeration"
    assert refusal(syntax, "complete").remedy == "Choose one of Requested."


@pytest.mark.parametrize(
    ("kind", "fits", "too_long"),
    [
        (T.STRING, "äöüß", "äöüßx"),
        (T.HEX_BINARY, "00112233", "0011223344"),
        (T.BASE64, "AAECAw==", "AAECAwQ="),
    ],
)
def test_sizes_count_characters_of_text_and_octets_of_binary(
    kind: ParameterType, fits: str, too_long: str
) -> None:
    syntax = Syntax(type=kind, sizes=(Size(4, 4),))

    assert checked(syntax, fits, HERE) == fits
    assert refusal(syntax, too_long).rule == "size"


def test_a_pattern_is_anchored_at_both_ends() -> None:
    address = entry("Device.DHCPv4.Server.Pool.1.MinAddress").syntax
    assert address is not None

    assert checked(address, "192.0.2.1", HERE) == "192.0.2.1"
    assert checked(address, "", HERE) == ""
    assert refusal(address, "192.0.2.").rule == "pattern"
    assert refusal(address, "192.0.2.1\n").rule == "pattern"
    assert refusal(address, "192.0.2.").remedy == "Write it like 192.0.2.1."


def test_a_caret_in_a_pattern_of_xml_schema_is_a_character() -> None:
    assert matches("a^b$", "a^b$")
    assert matches("[^a]", "b")
    assert matches(r"\^", "^")
    assert not matches("^a", "a")


def test_a_list_is_written_without_blanks_and_each_item_is_checked() -> None:
    servers = entry("Device.DHCPv4.Server.Pool.1.DNSServers").syntax
    assert servers is not None

    assert checked(servers, " 192.0.2.1 , 192.0.2.2", HERE) == "192.0.2.1,192.0.2.2"
    assert checked(servers, "", HERE) == ""
    assert refusal(servers, "192.0.2.1,,192.0.2.2").rule == "list"
    assert refusal(servers, "192.0.2.1,router").rule == "pattern"
    assert refusal(servers, "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5").rule == "list"


def test_the_length_of_a_whole_list_is_held_too() -> None:
    syntax = Syntax(type=T.STRING, list=ListFacets(lengths=(Size(None, 5),)))

    assert checked(syntax, "ab,cd", HERE) == "ab,cd"
    assert refusal(syntax, "ab,cde").rule == "size"


def test_a_pattern_with_a_comma_speaks_of_the_whole_list() -> None:
    syntax = Syntax(
        type=T.STRING,
        list=ListFacets(),
        sizes=(Size(5, 5),),
        patterns=("([0-7],){2}[0-7]",),
    )

    assert checked(syntax, "0, 1, 7", HERE) == "0,1,7"
    assert refusal(syntax, "0,1,8").rule == "pattern"
    assert refusal(syntax, "0,1").rule == "size"


def test_a_list_of_lists_is_written_in_brackets() -> None:
    spectrum = entry("Device.DSL.Diagnostics.SELTP.CapacitySignalPSD").syntax
    assert spectrum is not None

    assert checked(spectrum, "[1, 2], [03,4]", HERE) == "[1,2],[3,4]"
    assert refusal(spectrum, "1,2").rule == "list"
    assert refusal(spectrum, "[1,2").rule == "list"
    assert refusal(spectrum, "1,2]").rule == "list"
    assert refusal(spectrum, "[1,2,3]").rule == "list"
    assert refusal(spectrum, "[1,x]").rule == "type"
    assert refusal(spectrum, "").rule == "list"


def test_what_a_device_says_is_made_canonical_or_left_alone() -> None:
    assert readable(Syntax(type=T.BOOLEAN), "1") == "true"
    assert readable(Syntax(type=T.BOOLEAN), "Yes") == "Yes"
    assert readable(Syntax(type=T.INT, list=ListFacets()), "01, 2") == "1,2"


def test_very_many_choices_are_not_all_read_out() -> None:
    assert listed(tuple("abc")) == "a, b, c"
    assert listed(("", "a")) == '"" (empty), a'
    assert listed(tuple("abcdefghijklmno")).endswith("l or 3 more")


def writable_syntaxes() -> list[Syntax]:
    book = catalogue("tr181-usp")
    entries = [book.find(path) for path in book.paths]
    return list({e.syntax: None for e in entries if e and e.syntax and e.writable})


@settings(max_examples=150)
@given(st.sampled_from(writable_syntaxes()), st.text(max_size=30) | st.integers().map(str))
def test_what_was_checked_once_is_left_alone_the_second_time(syntax: Syntax, text: str) -> None:
    try:
        once = checked(syntax, text, HERE)
    except InvalidValue:
        return

    assert checked(syntax, once, HERE) == once


@settings(max_examples=150)
@given(st.sampled_from(writable_syntaxes()), st.data())
def test_every_value_of_an_enumeration_can_be_written_or_is_the_devices_own(
    syntax: Syntax, data: st.DataObject
) -> None:
    if not syntax.enumeration or syntax.patterns or syntax.list:
        return
    value = data.draw(st.sampled_from(syntax.enumeration))

    if value in syntax.device_only:
        assert refusal(syntax, value).rule == "enumeration"
    else:
        assert checked(syntax, value, HERE) == value


@given(st.lists(st.text("abc12.:/ ", min_size=1).map(str.strip).filter(bool)))
def test_a_list_is_split_where_it_was_joined(items: list[str]) -> None:
    assert split_list(", ".join(items)) == tuple(items)


def test_no_pattern_of_the_standard_can_be_made_to_run_for_long() -> None:
    books = [catalogue(model) for model in ("tr181-cwmp", "tr181-usp", "tr098")]
    found = [book.find(path) for book in books for path in book.paths]
    patterns = {pattern for each in found if each for pattern in each.patterns}
    hostile = ["0" * 5000 + "!", "0:" * 2500 + "!", "255." * 1200 + "!", "0," * 2500, "A" * 5000]

    start = perf_counter()
    for pattern in patterns:
        for text in hostile:
            matches(pattern, text)

    assert len(patterns) > 20
    assert perf_counter() - start < 2
