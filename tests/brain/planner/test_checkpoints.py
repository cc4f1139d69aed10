"""Checkpoints build nothing but plain values, whatever they say they are."""

import collections
from pathlib import Path

import pytest
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from brain.domain.incident import Symptom
from brain.planner.checkpoints import open_checkpoints, strict_serializer


def test_plain_values_come_back_as_they_were() -> None:
    state = {"rounds": 1, "missing": ["dns"], "outcome": {"state": "succeeded", "at": None}}
    serializer = strict_serializer()

    assert serializer.loads_typed(serializer.dumps_typed(state)) == state


def test_a_checkpoint_that_names_a_class_or_callable_calls_nothing() -> None:
    permissive = JsonPlusSerializer(allowed_msgpack_modules=True)
    hostile = permissive.dumps_typed({"symptom": Symptom.SLOW_WIFI, "c": collections.Counter("a")})

    back = strict_serializer().loads_typed(hostile)

    assert type(back["symptom"]) is str
    assert type(back["c"]) is not collections.Counter


def test_a_pickle_is_not_read() -> None:
    with pytest.raises(NotImplementedError):
        strict_serializer().loads_typed(("pickle", b"cos\nsystem\n(S'true'\ntR."))


async def test_the_sqlite_checkpointer_is_strict(tmp_path: Path) -> None:
    async with open_checkpoints(str(tmp_path / "planner.db")) as saver:
        config = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}
        checkpoint = empty_checkpoint() | {"channel_values": {"symptom": Symptom.SLOW_WIFI}}
        await saver.aput(config, checkpoint, {}, {})
        kept = await saver.aget_tuple(config)

    assert kept is not None
    assert type(kept.checkpoint["channel_values"]["symptom"]) is str


@pytest.mark.postgres
async def test_the_postgres_checkpointer_is_strict(postgres_url: str) -> None:
    async with open_checkpoints(postgres_url) as saver:
        back = saver.serde.loads_typed(saver.serde.dumps_typed({"symptom": Symptom.SLOW_WIFI}))

    assert type(back["symptom"]) is str
