"""Every record and message is itself again after the wire, and no bytes do harm."""

import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executors.usp import codec, messages, records
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.errors import UspError
from executors.usp.messages import Message
from executors.usp.records import NoSessionContextRecord, Record
from executors.usp.schema import usp_msg_pb2, usp_record_pb2

ROOT = Path(__file__).parents[3]
KINDS = [*messages.ANSWERS, *messages.ANSWERS.values(), r.Error]
_TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
_NUMBERS = {"err_code", "reason_code", "max_depth"}


def made(hint: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Any value of a type of the room, by its own fields."""
    if hint is str:
        return _TEXT
    if hint is int:
        return st.integers(0, 2**32 - 1 if name in _NUMBERS else 2**64 - 1)
    if hint in (bytes, bool):
        return st.binary(max_size=8) if hint is bytes else st.booleans()
    if get_origin(hint) is tuple:
        return st.lists(made(get_args(hint)[0]), max_size=2).map(tuple)
    if isinstance(hint, UnionType):
        return st.one_of(*map(made, get_args(hint)))
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        parts = {each.name: made(hints[each.name], each.name) for each in fields(hint)}
        return st.builds(hint, **parts)
    if get_origin(hint) is not None:  # the one mapping there is: text to text
        return st.dictionaries(_TEXT, _TEXT, max_size=2)
    return st.sampled_from(list(hint))


_IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
_RECORDS = st.builds(
    Record,
    version=_TEXT,
    to_id=_IDS,
    from_id=_IDS,
    payload_security=st.sampled_from(records.PayloadSecurity),
    mac_signature=st.binary(max_size=8),
    sender_cert=st.binary(max_size=8),
    record_type=made(records.RecordType),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_message_is_itself_again(kind: type, data: st.DataObject) -> None:
    message = Message(data.draw(_IDS), data.draw(made(kind)))

    assert messages.decode(messages.encode(message)) == message


@settings(max_examples=150, deadline=None)
@given(_RECORDS)
def test_every_record_is_itself_again(record: Record) -> None:
    assert records.decode(records.encode(record)) == record


def test_the_types_are_all_of_the_schema_and_the_numbers_are_the_schemas() -> None:
    numbers = usp_msg_pb2.DESCRIPTOR.message_types_by_name["Header"].enum_types_by_name["MsgType"]

    for kind in KINDS:
        said = usp_msg_pb2.DESCRIPTOR.message_types_by_name[kind.__name__]
        encoded = messages.encode(Message("m", _plain(kind)))
        header = codec.GetMessageClass(usp_msg_pb2.DESCRIPTOR.message_types_by_name["Msg"])
        number = header.FromString(encoded).header.msg_type  # type: ignore[attr-defined]
        name = numbers.values_by_number[number].name
        assert name.replace("_", "").replace("PROTO", "PROTOCOL") == said.name.upper()
    assert len(KINDS) == len(numbers.values)
    assert [each.name for each in fields(Record)] == [
        each.name
        for each in usp_record_pb2.DESCRIPTOR.message_types_by_name["Record"].fields
        if each.containing_oneof is None
    ] + ["record_type"]


def _plain(kind: type) -> Any:
    empty: dict[Any, Any] = {str: "", int: 0, bool: False}
    hints = get_type_hints(kind)
    given = {each.name: empty.get(hints[each.name], ()) for each in fields(kind)}
    if kind is q.Notify:
        given["notification"] = q.ObjectDeletion("a")
    if kind is q.Operate:
        given["input_args"] = {}
    return kind(**given)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_hostile_bytes_raise_nothing_but_our_own_error(content: bytes) -> None:
    for decode in (records.decode, messages.decode):
        try:
            assert decode(content)
        except UspError:
            continue


@settings(max_examples=100, deadline=None)
@given(_RECORDS, st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_record_that_was_damaged_raises_nothing_but_our_own_error(
    record: Record, place: int, with_what: bytes
) -> None:
    content = records.encode(record)
    damaged = content[:place] + with_what + content[place + len(with_what) :]

    try:
        assert records.decode(damaged).from_id
    except UspError:
        return


def test_a_number_that_names_no_member_is_refused_by_the_name_of_its_field() -> None:
    record = Record(
        to_id="self::c", from_id="self::a", record_type=records.NoSessionContextRecord(b"")
    )
    sealed = records.encode(record) + b"\x20\x09"  # field 4, payload_security, is 9

    with pytest.raises(UspError, match="payload_security"):
        records.decode(sealed)


def test_a_header_that_says_another_kind_is_refused() -> None:
    content = bytearray(messages.encode(Message("m1", q.Get(("Device.",)))))
    assert content[:7] == b"\n\x06\n\x02m1\x10\x01"[:7]
    content[7] = 5

    with pytest.raises(UspError, match="msg_type"):
        messages.decode(bytes(content))


def test_an_error_whose_header_leaves_the_kind_out_is_an_error() -> None:
    # As an agent in the field sends it: ERROR is 0, and proto3 does not write a zero.
    content = messages.encode(Message("m1", r.Error(7004)))

    assert content[:6] == b"\n\x04\n\x02m1"
    assert messages.decode(content).body == r.Error(7004)


@pytest.mark.parametrize("missing", ["to_id", "from_id"])
def test_a_record_that_names_no_end_is_refused(missing: str) -> None:
    ends = {"to_id": "a", "from_id": "b"} | {missing: ""}
    content = records.encode(Record(**ends, record_type=NoSessionContextRecord(b"")))

    with pytest.raises(UspError, match=missing) as raised:
        records.decode(content)
    assert raised.value.err_code == 7104


def test_a_message_of_two_bytes_a_part_is_refused_before_it_fills_the_memory() -> None:
    content = messages.encode(Message("m", r.GetResp()))
    inside = b"\n\x00" * 150_000
    body = _field(2, _field(2, _field(1, inside)))

    with pytest.raises(UspError, match="parts"):
        messages.decode(content[: content.index(b"\x12")] + body)


def test_each_message_may_have_as_many_parts_as_the_one_before() -> None:
    rows = tuple(r.PathValues(f"Device.{number}.") for number in range(60_000))
    content = messages.encode(Message("m", r.GetResp(rows)))

    assert messages.decode(content) == messages.decode(content)


def _field(number: int, content: bytes) -> bytes:
    size, length = len(content), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


def test_what_no_message_can_hold_is_an_error_of_ours() -> None:
    with pytest.raises(UspError, match="cannot be written"):
        messages.encode(Message("m", q.Get(("\ud800",))))


def test_no_value_or_word_of_an_agent_shows_where_a_message_is_shown() -> None:
    said = q.Set(update_objs=(q.UpdateObject("Device.", (q.UpdateParamSetting("P", "s3cret"),)),))

    assert "s3cret" not in repr(Message("m", said))
    assert "s3cret" not in repr(
        r.Error(7012, "bad value s3cret", (r.ParamError("P", 7012, "s3cret"),))
    )


def test_the_generated_code_is_what_the_schema_gives(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "scripts/generate_usp.py", "--out", tmp_path], check=True
    )

    made_now = {each.name: each.read_text() for each in tmp_path.iterdir()}
    kept = {
        each.name: each.read_text() for each in (ROOT / "executors/usp/schema").glob("*_pb2.py")
    }
    assert len(kept) == 2
    assert made_now == kept
