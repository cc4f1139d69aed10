"""What comes at once is done together, and each gets its own end."""

import asyncio
from collections.abc import Sequence

import pytest

from brain.domain.errors import Forbidden
from brain.store.gathering import Gathering


class Work:
    """Remembers its batches; refuses every batch with a negative number in it."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, batch: Sequence[int]) -> Sequence[int]:
        self.batches.append([*batch])
        await self.gate.wait()
        if any(number < 0 for number in batch):
            raise Forbidden("a negative number")
        return [number * 10 for number in batch]


async def test_what_comes_while_one_batch_is_worked_on_goes_together() -> None:
    work = Work()
    gathering = Gathering(work, most=3)

    first = asyncio.create_task(gathering.do(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    results = await asyncio.gather(*(gathering.do(number) for number in (2, 3, 4, 5)))

    assert (await first, results) == (10, [20, 30, 40, 50])
    assert work.batches == [[1], [2, 3, 4], [5]]


async def test_one_that_fails_does_not_take_its_company_with_it() -> None:
    work = Work()
    gathering = Gathering(work, most=10)

    results = await asyncio.gather(
        *(gathering.do(number) for number in (1, -2, 3)), return_exceptions=True
    )

    assert results[0] == 10
    assert isinstance(results[1], Forbidden)
    assert results[2] == 30


async def test_an_error_that_is_not_ours_reaches_everybody() -> None:
    async def broken(batch: Sequence[int]) -> Sequence[int]:
        raise ZeroDivisionError

    gathering = Gathering(broken, most=10)

    results = await asyncio.gather(*(gathering.do(n) for n in (1, 2)), return_exceptions=True)

    assert [type(each) for each in results] == [ZeroDivisionError] * 2


async def test_who_waits_behind_an_error_that_is_not_ours_does_not_hang() -> None:
    async def broken(batch: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if 1 in batch:
            raise ZeroDivisionError
        return batch

    gathering = Gathering(broken, most=1)

    async with asyncio.timeout(5):
        results = await asyncio.gather(*(gathering.do(n) for n in (1, 2)), return_exceptions=True)

    assert isinstance(results[0], ZeroDivisionError)
    assert results[1] == 2


async def test_it_goes_on_after_an_error() -> None:
    work = Work()
    gathering = Gathering(work, most=10)
    with pytest.raises(Forbidden):
        await gathering.do(-1)

    assert await gathering.do(1) == 10


async def test_closing_leaves_nobody_waiting() -> None:
    work = Work()
    work.gate.clear()
    gathering = Gathering(work, most=1)
    waiting = [asyncio.create_task(gathering.do(number)) for number in (1, 2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    await gathering.close()

    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in results] == [asyncio.CancelledError] * 2
    assert work.batches == [[1]]


async def test_after_several_that_came_together_others_are_given_a_moment_to_come() -> None:
    work = Work()
    gathering = Gathering(work, most=10, pause=0.05)

    await asyncio.gather(*(gathering.do(number) for number in (1, 2)))
    late = [asyncio.create_task(gathering.do(3))]
    await asyncio.sleep(0.01)
    late.append(asyncio.create_task(gathering.do(4)))
    await asyncio.gather(*late)

    assert work.batches == [[1, 2], [3, 4]]


async def test_nobody_is_waited_for_once_there_are_as_many_as_go_together() -> None:
    work = Work()
    gathering = Gathering(work, most=2, pause=60)

    async with asyncio.timeout(5):
        await asyncio.gather(*(gathering.do(number) for number in (1, 2)))
        late = [asyncio.create_task(gathering.do(3))]
        await asyncio.sleep(0.01)
        late.append(asyncio.create_task(gathering.do(4)))
        await asyncio.gather(*late)
    await gathering.close()

    assert work.batches == [[1, 2], [3, 4]]


async def test_what_somebody_waits_for_goes_before_all_that_came_earlier() -> None:
    work = Work()
    work.gate.clear()
    gathering = Gathering(work, most=2)
    under_way = asyncio.create_task(gathering.do(1))
    await asyncio.sleep(0.01)

    rest = [asyncio.create_task(gathering.do(number)) for number in (2, 3)]
    ahead = [asyncio.create_task(gathering.do(number, first=True)) for number in (4, 5, 6)]
    await asyncio.sleep(0)
    work.gate.set()
    await asyncio.gather(under_way, *rest, *ahead)

    assert work.batches == [[1], [4, 5], [6, 2], [3]]


async def test_what_somebody_waits_for_ends_the_wait_for_company() -> None:
    work = Work()
    gathering = Gathering(work, most=10, pause=60)

    async with asyncio.timeout(5):
        await asyncio.gather(*(gathering.do(number) for number in (1, 2)))
        await asyncio.sleep(0.01)
        assert await gathering.do(3, first=True) == 30
    await gathering.close()


async def test_nobody_waits_for_company_where_somebody_waits_already() -> None:
    work = Work()
    work.gate.clear()
    gathering = Gathering(work, most=10, pause=60)
    crowd = [asyncio.create_task(gathering.do(number)) for number in (1, 2)]
    await asyncio.sleep(0.01)

    async with asyncio.timeout(5):
        ahead = asyncio.create_task(gathering.do(3, first=True))
        await asyncio.sleep(0.01)
        work.gate.set()
        assert await ahead == 30
    await asyncio.gather(*crowd)
    await gathering.close()


async def test_closing_cancels_also_what_was_to_go_first() -> None:
    work = Work()
    work.gate.clear()
    gathering = Gathering(work, most=1)
    waiting = [asyncio.create_task(gathering.do(1))]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(gathering.do(n, first=n == 2)) for n in (2, 3)]
    await asyncio.sleep(0.01)

    await gathering.close()

    async with asyncio.timeout(5):
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in results] == [asyncio.CancelledError] * 3
    assert work.batches == [[1]]
