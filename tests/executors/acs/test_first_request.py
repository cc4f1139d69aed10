"""The first request of a connection, read without a parser where it is plain."""

import pytest

from executors.acs.first_request import FirstRequest, first_request

HEAD = b"POST /acs HTTP/1.1\r\nHost: acs\r\nContent-Length: 4\r\n"


def test_a_plain_one_is_read_as_it_is() -> None:
    found = first_request(HEAD + b"\r\n<i/>")

    assert found == FirstRequest("/acs", b"<i/>", len(HEAD) + 6)


def test_what_comes_after_it_is_not_part_of_it() -> None:
    found = first_request(HEAD + b"\r\n<i/>POST")

    assert found is not None
    assert (found.body, found.size) == (b"<i/>", len(HEAD) + 6)


def test_names_of_headers_are_the_same_in_capitals() -> None:
    assert first_request(HEAD.upper().replace(b"/ACS", b"/acs") + b"\r\n<i/>") is not None


@pytest.mark.parametrize(
    "more",
    [
        b"Authorization: Digest x",
        b"COOKIE: gatewright=x",
        b"Transfer-Encoding: chunked",
        b"Expect: 100-continue",
        b"Upgrade: h2c",
        b"Connection: close",
        b"Connection:TE, Close",
        b"Content-Length: 4",
        b"X: " + b"x" * 8192,
    ],
)
def test_what_says_more_is_left_to_a_parser(more: bytes) -> None:
    assert first_request(HEAD + more + b"\r\n\r\n<i/>") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        HEAD + b"\r\n<i>",
        HEAD.replace(b"POST", b"PUT") + b"\r\n<i/>",
        HEAD.replace(b"1.1", b"1.0") + b"\r\n<i/>",
        HEAD.replace(b"/acs", b"/a cs") + b"\r\n<i/>",
        HEAD.replace(b"4", b"4, 4") + b"\r\n<i/>",
        HEAD.replace(b"4", b"0") + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: acs\r\n\r\n<i/>",
    ],
)
def test_what_is_not_whole_or_no_plain_post_is_left_to_a_parser(data: bytes) -> None:
    assert first_request(data) is None
