"""What doors and their server say arrives as it was said, and nothing else is understood."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.acs.asgi import NAMED, Answer
from executors.acs.doors.carrying import (
    answer_fields,
    answer_in,
    request_fields,
    request_in,
    request_of,
)
from executors.acs.doors.frames import MOST, Frame, Garbled, Kind, Unpacker, packed
from executors.acs.request import Request
from executors.acs.soap import MAX_BYTES
from executors.bulk.reports import MAX_BYTES as MOST_BULK

FRAMES = st.builds(
    Frame,
    st.sampled_from(Kind),
    st.integers(0, 0xFFFFFFFF),
    st.lists(st.binary(max_size=200), max_size=8).map(tuple),
)
HEADERS = st.lists(
    st.tuples(st.sampled_from([b"cookie", b"authorization"]), st.binary(max_size=40)), max_size=4
).map(tuple)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "PUT"]),
    path=st.text(max_size=40),
    query=st.binary(max_size=40),
    client=st.none() | st.tuples(st.text(min_size=1, max_size=40), st.integers(0, 65535)),
    certified=st.frozensets(st.text(max_size=40), max_size=4),
    headers=HEADERS.map(dict),
    body=st.binary(max_size=300),
)
ANSWERS = st.builds(Answer, st.integers(200, 599), st.binary(max_size=300), HEADERS)


def raised(read: Callable[[], object]) -> type[Exception] | None:
    try:
        read()
    except Exception as error:
        return type(error)
    return None


@given(st.lists(FRAMES, max_size=5), st.integers(1, 50))
def test_frames_arrive_as_they_were_sent_however_they_are_cut(
    frames: list[Frame], size: int
) -> None:
    sent = b"".join(packed(each) for each in frames)
    unpacker = Unpacker()
    came = [
        frame for at in range(0, len(sent), size) for frame in unpacker.feed(sent[at : at + size])
    ]

    assert came == frames


@given(REQUESTS)
def test_a_request_arrives_as_it_was_sent(request: Request) -> None:
    assert request_in(request_fields(request)) == request


@given(ANSWERS)
def test_an_answer_arrives_as_it_was_sent(answer: Answer) -> None:
    assert answer_in(answer_fields(answer)) == answer


@given(st.binary(max_size=400))
def test_hostile_bytes_raise_nothing_but_our_own_error(data: bytes) -> None:
    framed = len(data).to_bytes(4, "big") + data

    assert raised(lambda: list(Unpacker().feed(data))) in (None, Garbled)
    assert raised(lambda: list(Unpacker().feed(framed))) in (None, Garbled)


@given(st.lists(st.binary(max_size=20), max_size=12))
def test_hostile_fields_raise_nothing_but_our_own_error(fields: list[bytes]) -> None:
    assert raised(lambda: request_in(fields)) in (None, Garbled)
    assert raised(lambda: answer_in(fields)) in (None, Garbled)


@given(FRAMES, st.data())
def test_a_frame_that_is_cut_off_is_none(frame: Frame, data: st.DataObject) -> None:
    sent = packed(frame)
    end = data.draw(st.integers(0, len(sent) - 1))

    assert list(Unpacker().feed(sent[:end])) == []


def test_a_length_beyond_all_bounds_is_refused_before_anything_is_held() -> None:
    with pytest.raises(Garbled):
        list(Unpacker().feed((MOST + 1).to_bytes(4, "big")))


def test_the_largest_body_fits_and_a_byte_beyond_all_does_not() -> None:
    largest = Request(method="POST", path="/", body=bytes(max(MAX_BYTES, MOST_BULK)))

    assert len(packed(Frame(Kind.REQUEST, 1, request_fields(largest)))) < MOST
    with pytest.raises(Garbled):
        packed(Frame(Kind.REQUEST, 1, (bytes(MOST),)))


def test_a_head_that_is_too_large_is_not_carried() -> None:
    with pytest.raises(Garbled):
        request_fields(Request(method="POST", path="/", headers={b"cookie": bytes(70_000)}))


def test_a_name_with_anything_in_it_never_passes_for_two() -> None:
    sly = frozenset({"x\x00001122-Box-S1", "y\n001122-Box-S2,"})
    request = Request(method="POST", path="/", certified=sly)

    assert request_in(request_fields(request)).certified == sly


def test_only_what_the_server_reads_of_a_head_is_carried() -> None:
    scope = {
        "method": "POST",
        "path": "/",
        NAMED: {b"host": b"acs", b"cookie": b"a=b", b"content-length": b"7"},
    }

    carried = request_in(request_fields(request_of(scope, b"")))

    assert carried.headers == {b"cookie": b"a=b"}
