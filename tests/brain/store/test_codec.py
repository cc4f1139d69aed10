"""Documents come back as they were, and a damaged one is an error that does not quote it."""

from collections.abc import Callable
from json import dumps, loads
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.domain.change import AddObject, Command, DeleteObject, Plan, SetParameter
from brain.domain.errors import InvalidInput, Unreadable
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.record import ChangeRecord
from brain.store.codec import Codec, json_text, json_value

PLANS = Codec(Plan, "plan")
D1 = DeviceId("d1")
PATH = ParameterPath("Device.X.1.Y")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)
CHANGES = st.one_of(
    st.builds(
        SetParameter,
        path=st.just(PATH),
        type=st.sampled_from(ParameterType),
        before=TEXT,
        after=TEXT,
        secret=st.booleans(),
    ),
    st.builds(AddObject, path=st.just(ParameterPath("Device.X.")), values=PAIRS),
    st.builds(DeleteObject, path=st.just(ParameterPath("Device.X.1."))),
    st.builds(Command, path=st.just(ParameterPath("Device.Reboot()")), arguments=PAIRS),
)


@given(CHANGES)
def test_every_kind_of_change_comes_back_as_itself(change: Any) -> None:
    plan = Plan(device=D1, changes=(change,))

    again = PLANS.decode(PLANS.encode(plan))

    assert again == plan
    assert type(again.changes[0]) is type(change)
    assert again.digest == plan.digest


def _set(**but: object) -> dict[str, object]:
    change = {"path": PATH, "type": "int", "before": "1", "after": "2", "secret": False}
    return {**change, "op": "set", **but}


@pytest.mark.parametrize(
    "document",
    [
        "",
        "null",
        "{}",
        '{"device": "d1", "changes": []}',
        dumps({"device": "d1", "changes": [_set()], "more": 1}),
        dumps({"device": "d1", "changes": [_set(more=1)]}),
        dumps({"device": "d1", "changes": [_set(op="delete")]}),
        dumps({"device": "d1", "changes": [_set(op="replace")]}),
        dumps({"device": "d1", "changes": [_set(type="integer")]}),
        dumps({"device": "d1", "changes": [_set(after=2)]}),
        dumps({"device": "d1", "changes": [_set(secret="false")]}),
        dumps({"device": "d1", "changes": [_set(), _set()]}),
        dumps({"device": 1, "changes": [_set()]}),
    ],
)
def test_a_damaged_document_is_an_error(document: str) -> None:
    with pytest.raises(Unreadable):
        PLANS.decode(document)


def test_the_error_names_the_place_and_does_not_quote_the_document() -> None:
    damaged = dumps({"device": "d1", "changes": [_set(after=["my passphrase"])]})

    with pytest.raises(Unreadable, match=r"changes\.0") as caught:
        PLANS.decode(damaged)

    assert "passphrase" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_whole_record_comes_back_as_it_was(a_change: Callable[..., ChangeRecord]) -> None:
    record, codec = a_change(), Codec(ChangeRecord, "change")

    assert codec.decode(codec.encode(record)) == record
    assert "plan" not in loads(codec.encode(record, leave_out={"plan"}))


def test_text_that_is_not_unicode_is_refused_without_quoting_it() -> None:
    broken = AddObject(path=ParameterPath("Device.X."), values=(("Name", "pass\ud800"),))

    with pytest.raises(InvalidInput) as caught:
        PLANS.encode(Plan(device=D1, changes=(broken,)))

    assert "pass" not in str(caught.value)


def test_a_mistyped_field_is_not_written_down() -> None:
    mistyped = AddObject(path=ParameterPath("Device.X."), values=7)  # type: ignore[arg-type]  # it is

    with pytest.raises(InvalidInput):
        PLANS.encode(Plan(device=D1, changes=(mistyped,)))


def test_plain_json_comes_back_and_anything_else_is_refused() -> None:
    value = {"a": [1, None, True, "Ž"], "b": {"c": 0.5}}

    assert json_value(json_text(value)) == value  # type: ignore[arg-type]  # dict is invariant
    with pytest.raises(InvalidInput):
        json_text(float("nan"))
    with pytest.raises(Unreadable):
        json_value("{")
