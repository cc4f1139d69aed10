"""An Inform that is read without a parser is what a parser reads, or is left to the parser."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.storm.script import inform
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.errors import SoapError
from executors.acs.plain_inform import plain_inform
from executors.acs.soap import parsed
from tests.executors.acs.test_fuzz import CORPUS, TOKENS

WHOLE = inform("0000001")
PIECES = (
    *TOKENS,
    b"\r\n",
    b"\t",
    b"/",
    b">",
    b" >",
    b' xmlns:a="urn:b"',
    b' xmlns:xml="http://www.w3.org/XML/1998/namespace"',
    b"<EventStruct><EventCode/><CommandKey/></EventStruct>",
    b'<ParameterValueStruct><Name> Device.A </Name><Value cwmp:type="a:b"/></ParameterValueStruct>',
    b"<cwmp:SessionTimeout>40</cwmp:SessionTimeout>",
    "é\u2028\x85\xa0".encode(),
)


def result(read: Callable[[bytes], Envelope | None], body: bytes) -> Envelope | str | None:
    try:
        return read(body)
    except SoapError as error:
        return str(error)


def test_an_inform_as_most_devices_write_it_needs_no_parser() -> None:
    found = plain_inform(WHOLE)

    assert found is not None
    assert found == parsed(WHOLE)


@given(st.integers())
@settings(max_examples=300, deadline=None)
def test_changed_in_a_few_places_it_is_read_as_a_parser_does_or_not_at_all(seed: int) -> None:
    draw = Random(seed)
    for _ in range(20):
        body = bytearray(draw.choice((WHOLE, *CORPUS[:2])))
        for _ in range(draw.randint(1, 2)):
            at = draw.randrange(len(body))
            body[at : at + draw.choice((0, 0, 1, 20))] = draw.choice(PIECES)
        found = result(plain_inform, bytes(body))
        assert found is None or found == result(parsed, bytes(body))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">Up<", b">&#85;p<"),
        (b">Up<", b"><![CDATA[Up]]><"),
        (b">Up<", b">U\rp<"),
        (b">Up<", b">\xff<"),
        (b">Up<", b">]]><"),
        (b"xsi:type", b"other:type"),
        (b' xmlns:xsi="', b' xmlns:xsd="'),
        (b' xmlns:xsi="', b' xmlns:xsi="urn:b" xmlns:xsi="'),
        (b' xmlns:xsi="', b' xmlns:xml="urn:b" xmlns:xsi="'),
        (b"<cwmp:ID ", b"<other:ID "),
        (b"</cwmp:ID>", b"</cwmp:Id>"),
        (b' xmlns:xsi="', b' xmlns:a="urn:%b" xmlns:xsi="' % (b"a" * 1024)),
        (b">Up<", b">%b<" % (b"U" * 64 * 1024)),
        (b"cwmp-1-2", b"cwmp-9"),
        (b'encoding="UTF-8"', b'encoding="latin1"'),
    ],
)
def test_what_a_parser_knows_better_is_left_to_it(old: bytes, new: bytes) -> None:
    changed = WHOLE.replace(old, new)

    assert changed != WHOLE
    assert plain_inform(changed) is None


def test_one_that_names_no_device_is_refused() -> None:
    with pytest.raises(SoapError, match="names no device"):
        plain_inform(WHOLE.replace(b"<OUI>02AA55</OUI>", b"<OUI/>"))


def test_of_its_header_the_session_timeout_is_read() -> None:
    asked = b"</cwmp:ID><cwmp:SessionTimeout>40</cwmp:SessionTimeout>"
    found = plain_inform(WHOLE.replace(b"</cwmp:ID>", asked))

    assert found is not None
    assert found.header.session_timeout == 40
    assert isinstance(found.message, m.Inform)
