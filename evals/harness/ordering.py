"""Makes a whole run of an order: the planner's results, the floors beside them, and where from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from time import monotonic

from evals.harness.minds import Planned, model_name
from evals.harness.result import Result
from evals.harness.road import shipped_rules
from evals.harness.run_file import RunFile, ScoresShape, by_family, fingerprint, scores_shape
from evals.harness.running import Order, run

FLOORS = ("noop", "random")
"""What any planner has to beat."""
Told = Callable[[str, Result], None]
"""Called with the planner's name after each case."""


def whole_run(order: Order, told: Told, *, floors: bool = True) -> RunFile:
    """Run it, score it, and run the floors on the same cases, each once."""
    began, clock = datetime.now(UTC), monotonic()
    name = order.planner.name
    results = run(order, lambda result: told(name, result))
    seconds = monotonic() - clock
    beside = {floor: _floor(order, floor, told) for floor in FLOORS if floors and floor != name}
    return RunFile(
        planner=name,
        model=model_name(name),
        began=began,
        seconds=round(seconds, 2),
        seed=order.planner.seed,
        epochs=order.epochs,
        jobs=order.jobs,
        reviewer=order.reviewer,
        without=tuple(sorted(order.planner.without)),
        scenarios=fingerprint(order.cases),
        rules=shipped_rules().revision,
        product=_version(),
        scores=scores_shape(results),
        floors=beside,
        families=by_family(results),
        results=tuple(results),
    )


def _floor(order: Order, name: str, told: Told) -> ScoresShape:
    planner = Planned(name=name, seed=order.planner.seed)
    once = replace(order, planner=planner, epochs=1)
    return scores_shape(run(once, lambda result: told(name, result)))


def _version() -> str:
    try:
        return version("gatewright")
    except PackageNotFoundError:
        return "0"
