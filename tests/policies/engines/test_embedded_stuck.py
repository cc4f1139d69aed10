"""The embedded engine when a question takes too long, when many ask at once, and afterwards."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.bundle import Bundle
from policies.engine import ACCESS
from policies.engines import embedded
from policies.engines.embedded import EmbeddedEngine

LIMIT = 0.1
STUCK: dict[str, Json] = {"stuck": True}


@dataclass
class Trap:
    """Keeps a thread for as long as it is shut, when the question says so."""

    opened: threading.Event = field(default_factory=threading.Event)
    taken_up: threading.Event = field(default_factory=threading.Event)
    asked: list[Json] = field(default_factory=list)
    takes: float = 0.0

    def __call__(self, _ready: object, _entrypoint: str, question: dict[str, Json]) -> Json:
        self.asked.append(question)
        self.taken_up.set()
        time.sleep(self.takes)
        if question.get("stuck"):
            self.opened.wait(20)
        return False


@pytest.fixture
def trap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trap]:
    made = Trap()
    monkeypatch.setattr(embedded, "_evaluate", made)
    monkeypatch.setattr(embedded, "_compiled", lambda _: object())
    yield made
    made.opened.set()


@pytest.fixture
def engine(bundle: Bundle, trap: Trap) -> EmbeddedEngine:
    return EmbeddedEngine(bundle, timeout=timedelta(seconds=LIMIT))


async def stick(engine: EmbeddedEngine, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(PolicyUnavailable, match="did not answer within"):
            await engine.ask(ACCESS, STUCK)


async def test_a_question_that_takes_too_long_is_no_answer_and_the_next_is_answered(
    engine: EmbeddedEngine,
) -> None:
    await stick(engine)

    assert (await engine.ask(ACCESS, {})).result is False


async def test_waiting_for_others_does_not_count_against_the_time_limit(
    engine: EmbeddedEngine, trap: Trap
) -> None:
    trap.takes = LIMIT / 10

    answers = await asyncio.gather(*(engine.ask(ACCESS, {}) for _ in range(150)))

    assert [answer.result for answer in answers] == [False] * 150
    assert engine._left == [], "no thread was left behind"


async def test_what_waited_behind_a_stuck_question_is_answered_by_the_next_thread(
    engine: EmbeddedEngine,
) -> None:
    stuck = asyncio.create_task(stick(engine))
    await asyncio.sleep(0)

    answers = await asyncio.gather(*(engine.ask(ACCESS, {}) for _ in range(20)))

    assert [answer.result for answer in answers] == [False] * 20
    await stuck


async def test_a_stuck_question_whose_asker_left_holds_nobody_up_for_long(
    engine: EmbeddedEngine, trap: Trap
) -> None:
    left = asyncio.create_task(engine.ask(ACCESS, STUCK))
    await asyncio.to_thread(trap.taken_up.wait, 5)
    left.cancel()

    answer = await asyncio.wait_for(engine.ask(ACCESS, {}), 10 * LIMIT)

    assert answer.result is False


async def test_a_full_queue_is_refused_at_once_and_has_room_again(
    bundle: Bundle, trap: Trap
) -> None:
    patient = EmbeddedEngine(bundle, timeout=timedelta(seconds=20))
    many = [asyncio.create_task(patient.ask(ACCESS, STUCK)) for _ in range(embedded.ROOM)]
    await asyncio.to_thread(trap.taken_up.wait, 5)

    with pytest.raises(PolicyUnavailable, match="busy: 256 questions wait"):
        await patient.ask(ACCESS, {})

    trap.opened.set()
    assert len(await asyncio.gather(*many)) == embedded.ROOM
    assert (await patient.ask(ACCESS, {})).result is False


async def test_bursts_of_too_many_questions_do_not_stop_it(
    engine: EmbeddedEngine, trap: Trap
) -> None:
    trap.takes = 0.001
    for _ in range(4):
        said = await asyncio.gather(
            *(engine.ask(ACCESS, {}) for _ in range(400)), return_exceptions=True
        )
        refused = [each for each in said if isinstance(each, BaseException)]
        assert all(isinstance(each, PolicyUnavailable) for each in refused)
        assert len(said) - len(refused) >= embedded.ROOM

    assert (await engine.ask(ACCESS, {})).result is False


async def test_an_engine_that_hangs_again_and_again_rests_and_answers_by_itself_afterwards(
    engine: EmbeddedEngine, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_FORGET_AFTER", 5 * LIMIT)
    await stick(engine, 3)
    asked = len(trap.asked)
    with pytest.raises(PolicyUnavailable, match="got stuck 3 times within a minute"):
        await engine.ask(ACCESS, {})
    assert len(trap.asked) == asked, "no thread was begun for it"

    await asyncio.sleep(5 * LIMIT)

    assert (await engine.ask(ACCESS, {})).result is False


async def test_threads_that_never_end_do_not_pile_up(
    engine: EmbeddedEngine, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_FORGET_AFTER", 0.0)
    await stick(engine, 8)
    with pytest.raises(PolicyUnavailable, match="stuck in 8 questions"):
        await engine.ask(ACCESS, {})

    trap.opened.set()
    await asyncio.sleep(LIMIT)

    assert (await engine.ask(ACCESS, {})).result is False
