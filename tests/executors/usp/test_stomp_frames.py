"""STOMP frames are read back as written, and hostile bytes are nothing but our own error."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.usp.errors import StompError
from executors.usp.stomp_frames import COMMANDS, MOST_HEAD, Decoder, Frame, encode

MOST = 4096
PLAIN = st.text("ab -%/é€", max_size=8)
TEXT = st.text("ab -%/é€:\\\r\n", max_size=8)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    command = draw(st.sampled_from(sorted(COMMANDS)))
    text = PLAIN if command in ("CONNECT", "CONNECTED") else TEXT
    names = text.filter(lambda name: name != "content-length")
    body = draw(st.binary(max_size=64)) if command in ("SEND", "MESSAGE", "ERROR") else b""
    return Frame(command, draw(st.dictionaries(names, text, max_size=4)), body)


def decoded(content: bytes, most: int = MOST) -> list[Frame]:
    return Decoder(most_bytes=most).feed(content)


@given(st.lists(frames(), max_size=4), st.data())
def test_frames_are_read_back_however_they_are_cut_up(said: list[Frame], data: Any) -> None:
    content = b"\n".join([encode(each) for each in said])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    decoder, heard = Decoder(most_bytes=MOST), []
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        heard += decoder.feed(content[start:end])

    assert heard == said


@given(
    st.binary(max_size=200)
    | st.builds(
        lambda start, rest: start + rest,
        st.sampled_from([b"MESSAGE\n", b"ERROR\r\na:b\n", b"SEND\ncontent-length:5\n\n"]),
        st.binary(max_size=60),
    )
)
def test_bytes_from_anybody_are_frames_or_our_own_error(content: bytes) -> None:
    decoder = Decoder(most_bytes=50)
    try:
        heard = decoder.feed(content)
    except StompError:
        return
    assert all(each.command in COMMANDS and len(each.body) <= 50 for each in heard)


def test_a_frame_is_written_as_the_standard_shows_it() -> None:
    frame = Frame("SEND", {"destination": "/topic/a", "endpoint-id": "os::1\\2\n"}, b"x\0y")

    assert encode(frame) == (
        b"SEND\ndestination:/topic/a\nendpoint-id:os\\c\\c1\\\\2\\n\ncontent-length:3\n\nx\0y\0"
    )


def test_what_brokers_write_otherwise_is_understood() -> None:
    content = b"\r\n\nCONNECTED\r\nserver:a\\b\r\n\r\n\0\nMESSAGE\nid:1:2\nid:3\n\nbody\0\n"

    assert decoded(content) == [
        Frame("CONNECTED", {"server": "a\\b"}),
        Frame("MESSAGE", {"id": "1:2"}, b"body"),
    ]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"HELLO\n\n\0", "command"),
        (b"MESSAGE\nno colon\n\n\0", "headers"),
        (b"MESSAGE\na:\\t\n\n\0", "headers"),
        (b"MESSAGE\na:\\\n\n\0", "headers"),
        (b"MESSAGE\na:\xff\n\n\0", "headers"),
        (b"MESSAGE\na:\0\n\n\0", "headers"),
        (b"MESSAGE\n" + b"a" * MOST_HEAD, "headers"),
        (b"MESSAGE\ncontent-length:-1\n\n\0", "content-length"),
        (b"MESSAGE\ncontent-length:4097\n\n", "content-length"),
        (b"MESSAGE\ncontent-length:2\n\nabc\0", "body"),
        (b"MESSAGE\n\n" + b"a" * (MOST + 1), "body"),
        (b"RECEIPT\n\nbody\0", "body"),
    ],
)
def test_what_is_no_frame_or_too_large_is_refused_by_name(content: bytes, field: str) -> None:
    with pytest.raises(StompError) as raised:
        decoded(content)

    assert raised.value.field == field


@pytest.mark.parametrize(
    "frame",
    [
        Frame("HELLO"),
        Frame("ACK", {}, b"body"),
        Frame("SEND", {"a": "\0"}),
        Frame("SEND", {"content-length": "1"}),
        Frame("CONNECT", {"passcode": "a\nb"}),
    ],
)
def test_what_no_frame_can_say_is_not_written(frame: Frame) -> None:
    with pytest.raises(StompError):
        encode(frame)


def test_what_a_frame_says_is_not_shown() -> None:
    assert "secret" not in repr(Frame("STOMP", {"passcode": "secret"}, b"secret"))
