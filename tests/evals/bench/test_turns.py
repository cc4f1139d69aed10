"""Things are measured in turns, and each as often as it was asked for."""

from evals.bench.turns import Turns, Work, in_turns, told


def noting(name: str, seen: list[str]) -> Work:
    async def work() -> None:
        seen.append(name)

    return work


async def test_each_has_its_turn_in_every_round_after_one_that_is_not_counted() -> None:
    seen: list[str] = []
    said: list[str] = []
    told.set(said.append)

    found = await in_turns({"a": (noting("a", seen), 2), "b": (noting("b", seen), 1)}, rounds=2)

    assert seen == ["a", "b", "a", "a", "b", "a", "a", "b"]
    assert {name: len(turns.processor) for name, turns in found.items()} == {"a": 2, "b": 2}
    assert said[0] == "a, round 1 of 2 ..."


def test_the_cost_is_the_median_round_and_the_best_is_the_least() -> None:
    turns = Turns(processor=(3.0, 1.0, 2.0), clock=(9.0, 9.0, 9.0))

    assert (turns.cost, turns.best) == (2.0, 1.0)
