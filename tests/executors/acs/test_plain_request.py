"""Requests read without a parser: the plain ones as a parser reads them, and no others."""

from typing import Any

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.acs import plain_request as plain_request_module
from executors.acs.plain_request import Plain, plain_request

HEAD = b"POST /acs HTTP/1.1\r\nHost: acs\r\nContent-Length: 4\r\n"


class Heard:
    """What httptools makes of a request."""

    def __init__(self, data: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.url, self.body, self.whole = b"", b"", 0
        parser = httptools.HttpRequestParser(self)
        parser.feed_data(data)
        self.keeps: bool = parser.should_keep_alive()
        self.method: bytes = parser.get_method()

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.whole += 1


def test_a_plain_one_is_read_as_it_is() -> None:
    found = plain_request(HEAD + b"\r\n<i/>")

    assert found == Plain(
        "/acs", {b"host": b"acs", b"content-length": b"4"}, b"<i/>", len(HEAD) + 6
    )


def test_what_comes_after_it_is_not_part_of_it() -> None:
    found = plain_request(HEAD + b"\r\n<i/>POST")

    assert found is not None
    assert (found.body, found.size) == (b"<i/>", len(HEAD) + 6)


def test_a_body_that_has_not_come_is_told_by_its_size() -> None:
    found = plain_request(HEAD + b"\r\n<i")

    assert found is not None
    assert (found.body, found.size) == (b"<i", len(HEAD) + 6)


def test_an_empty_one_is_plain() -> None:
    found = plain_request(HEAD.replace(b"4", b"0") + b"\r\n")

    assert found is not None
    assert found.body == b""


@pytest.mark.parametrize(
    "more",
    [
        b"Transfer-Encoding: chunked",
        b"Expect: 100-continue",
        b"Upgrade: h2c",
        b"Trailer: X",
        b"Connection: close",
        b"Connection:TE, Close",
        b"Content-Length: 4",
        b"Cookie: a=b\r\nCookie: c=d",
        b"X: " + b"x" * 8192,
        b"X : x",
        b" folded",
        b"X: \x00",
        b"X: x\nY: y",
        b"no colon",
    ],
)
def test_what_is_not_plain_is_left_to_a_parser(more: bytes) -> None:
    assert plain_request(HEAD + more + b"\r\n\r\n<i/>") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        HEAD.replace(b"POST", b"PUT") + b"\r\n<i/>",
        HEAD.replace(b"1.1", b"1.0") + b"\r\n<i/>",
        HEAD.replace(b"/acs", b"/a cs") + b"\r\n<i/>",
        HEAD.replace(b"/acs", b"/bulk?oui=1") + b"\r\n<i/>",
        HEAD.replace(b"/acs", b"/%61cs") + b"\r\n<i/>",
        HEAD.replace(b"/acs", b"http://acs/") + b"\r\n<i/>",
        HEAD.replace(b"4", b"4, 4") + b"\r\n<i/>",
        HEAD.replace(b"4", b"-4") + b"\r\n<i/>",
        HEAD.replace(b"4", b"16385") + b"\r\n<i/>",
        b"POST / HTTP/1.1\r\nHost: acs\r\n\r\n<i/>",
    ],
)
def test_what_is_not_whole_or_no_plain_post_is_left_to_a_parser(data: bytes) -> None:
    assert plain_request(data) is None


@pytest.mark.parametrize("more", [b"AUTHORIZATION: Digest x", b"cookie: a=b", b"X: " + b"x" * 500])
def test_of_a_head_that_says_who_sends_it_or_is_long_nothing_is_kept(more: bytes) -> None:
    plain_request_module._remembered.cache_clear()

    assert plain_request(HEAD + more + b"\r\n\r\n<i/>") is not None
    assert plain_request_module._remembered.cache_info().currsize == 0


def test_of_one_that_does_not_it_is_kept_how_it_was_read() -> None:
    plain_request_module._remembered.cache_clear()
    found = [plain_request(HEAD + b"\r\n" + body) for body in (b"<i/>", b"<j/>")]

    assert [each.body for each in found if each] == [b"<i/>", b"<j/>"]
    assert plain_request_module._remembered.cache_info().currsize == 1


_NAMES = st.sampled_from(
    [b"Host", b"SOAPAction", b"authorization", b"COOKIE", b"Content-Length", b"Connection", b"X y"]
)
_VALUES = st.one_of(
    st.sampled_from([b"4", b"0", b"keep-alive", b"close", b" 4 ", b'""', b"4\t"]),
    st.binary(max_size=6),
)
_LINES = st.lists(st.tuples(_NAMES, st.sampled_from([b":", b": ", b" : "]), _VALUES), max_size=6)


@given(_LINES, st.binary(max_size=8), st.sampled_from([b"\r\n", b"\n", b"\r\n "]))
def test_whatever_is_plain_a_parser_reads_the_same(
    lines: list[Any], body: bytes, end: bytes
) -> None:
    head = b"POST /acs HTTP/1.1\r\n" + b"".join(b"".join(line) + end for line in lines)
    data = head + b"\r\n" + body
    found = plain_request(data)
    if found is None or found.size != len(data):
        return
    heard = Heard(data)

    assert (heard.method, heard.url, heard.whole, heard.keeps) == (b"POST", b"/acs", 1, True)
    assert (heard.body, heard.headers) == (found.body, [*found.headers.items()])
