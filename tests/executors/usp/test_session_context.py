"""Payloads come in order, once and whole, however records are lost, doubled or turned round."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executors.usp.errors import UspError
from executors.usp.records import SarState, SessionContextRecord
from executors.usp.session_context import SessionContext


def ends(segment_bytes: int = 0) -> tuple[SessionContext, SessionContext]:
    return SessionContext(7, segment_bytes=segment_bytes), SessionContext(7)


def test_records_are_numbered_from_one_and_acknowledge_what_came() -> None:
    ours, theirs = ends()

    first, second = *ours.send(b"a"), *ours.send(b"b")
    theirs.receive(first)
    theirs.receive(second)

    assert [first.sequence_id, second.sequence_id] == [1, 2]
    assert theirs.send(b"c")[0].expected_id == 3


def test_a_large_message_is_cut_up_and_put_together_again() -> None:
    ours, theirs = ends(segment_bytes=4)

    pieces = ours.send(b"0123456789")
    taken = [theirs.receive(each).payloads for each in pieces]

    assert [each.payload_sar_state for each in pieces] == [
        SarState.BEGIN,
        SarState.INPROCESS,
        SarState.COMPLETE,
    ]
    assert [each.payloadrec_sar_state for each in pieces] == [
        each.payload_sar_state for each in pieces
    ]
    assert taken == [(), (), (b"0123456789",)]


def test_a_record_that_comes_twice_is_taken_once() -> None:
    ours, theirs = ends()
    record = ours.send(b"a")[0]

    assert theirs.receive(record).payloads == (b"a",)
    assert theirs.receive(record).payloads == ()


def test_a_record_that_is_missing_is_asked_for_once_and_closes_the_gap() -> None:
    ours, theirs = ends()
    first, second, third = (ours.send(each)[0] for each in (b"a", b"b", b"c"))

    asking = theirs.receive(second)
    assert asking.payloads == ()
    assert [each.retransmit_id for each in asking.replies] == [1]
    assert theirs.receive(third).replies == ()

    again = ours.receive(asking.replies[0]).replies
    assert [each.sequence_id for each in again] == [1]
    assert theirs.receive(again[0]).payloads == (b"a", b"b", b"c")
    assert theirs.overdue() is None
    assert first.payload == again[0].payload


def test_a_request_to_repeat_that_is_lost_is_made_again() -> None:
    ours, theirs = ends()
    ours.send(b"a")
    theirs.receive(ours.send(b"b")[0])

    again = theirs.overdue()

    assert again is not None
    assert again.retransmit_id == 1


def test_two_ends_that_both_miss_something_mend_each_other() -> None:
    ours, theirs = ends()
    ours.send(b"lost")
    theirs.send(b"lost too")
    to_them, to_us = ours.send(b"b")[0], theirs.send(b"c")[0]

    from_them = theirs.receive(to_them).replies
    from_us = ours.receive(to_us).replies

    assert [each.sequence_id for each in ours.receive(from_them[0]).replies] == [1]
    assert [each.sequence_id for each in theirs.receive(from_us[0]).replies] == [1]


def test_what_was_acknowledged_is_not_kept_and_cannot_be_asked_for() -> None:
    ours, theirs = ends()
    theirs.receive(ours.send(b"a")[0])
    ours.receive(theirs.send(b"b")[0])

    with pytest.raises(UspError) as raised:
        ours.receive(replace(theirs.send(b"c")[0], retransmit_id=1))
    assert raised.value.err_code == 7105


def test_a_record_is_not_sent_again_for_ever() -> None:
    ours, theirs = ends()
    ours.send(b"a")
    asking = theirs.receive(ours.send(b"b")[0]).replies[0]
    for _ in range(5):
        ours.receive(asking)

    with pytest.raises(UspError, match="again"):
        ours.receive(asking)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (SessionContextRecord(session_id=8, sequence_id=1, expected_id=1), "another session"),
        (SessionContextRecord(session_id=7, sequence_id=1, expected_id=9), "never sent"),
        (SessionContextRecord(session_id=7, sequence_id=2**64 - 1, expected_id=1), "used up"),
        (
            SessionContextRecord(
                session_id=7,
                sequence_id=1,
                expected_id=1,
                payload_sar_state=SarState.COMPLETE,
                payload=(b"end",),
            ),
            "no beginning",
        ),
    ],
)
def test_what_cannot_be_mended_ends_the_session(record: SessionContextRecord, why: str) -> None:
    with pytest.raises(UspError, match=why) as raised:
        SessionContext(7).receive(record)
    assert raised.value.err_code == 7105


def test_records_that_wait_for_a_gap_are_bounded() -> None:
    theirs = SessionContext(7)
    waiting = SessionContextRecord(session_id=7, sequence_id=2, expected_id=1, payload=(b"x",))
    for number in range(2, 66):
        theirs.receive(replace(waiting, sequence_id=number))

    with pytest.raises(UspError, match="too many"):
        theirs.receive(replace(waiting, sequence_id=66))


def test_a_message_in_pieces_is_bounded() -> None:
    theirs = SessionContext(7)
    piece = SessionContextRecord(
        session_id=7,
        sequence_id=1,
        expected_id=1,
        payload_sar_state=SarState.BEGIN,
        payload=(b"x" * 3_000_000,),
    )
    theirs.receive(piece)

    with pytest.raises(UspError, match="too large"):
        theirs.receive(replace(piece, sequence_id=2, payload_sar_state=SarState.INPROCESS))


@settings(max_examples=60, deadline=None)
@given(
    payloads=st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=8),
    segment=st.integers(0, 7),
    draw=st.randoms(use_true_random=False),
)
def test_whatever_the_way_does_the_same_messages_come_out(
    payloads: list[bytes], segment: int, draw: object
) -> None:
    ours, theirs = ends(segment)
    way = [record for each in payloads for record in ours.send(each)]
    lost = [each for each in way if draw.random() < 0.3]  # type: ignore[attr-defined]
    way = [each for each in way if each not in lost]
    way += way[:2]
    draw.shuffle(way)  # type: ignore[attr-defined]
    came: list[bytes] = []
    for record in way:
        came += _both(ours, theirs, record)
    while len(came) < len(payloads):
        for record in lost:
            came += _both(ours, theirs, record)

    assert came == payloads


def _both(
    ours: SessionContext, theirs: SessionContext, record: SessionContextRecord
) -> list[bytes]:
    """One record to the other end, and what goes to and fro because of it."""
    taken = theirs.receive(record)
    came = list(taken.payloads)
    for asking in taken.replies:
        for again in ours.receive(asking).replies:
            came += _both(ours, theirs, again)
    return came
