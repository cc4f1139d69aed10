"""What the brain's memory costs as fleets grow: one module a part, and ``PARTS`` names them."""

from collections.abc import Awaitable, Callable, Mapping

from evals.bench.alarms import alarm_rows
from evals.bench.events_http import events_http_rows
from evals.bench.events_in import events_rows
from evals.bench.table import Result, Row
from evals.bench.timeline import timeline_rows
from evals.bench.topology import topology_rows
from evals.bench.turns import told

Part = Callable[[], Awaitable[list[Row]]]
PARTS: Mapping[str, Part] = {
    "alarms": alarm_rows,
    "topology": topology_rows,
    "timeline": timeline_rows,
    "events in": events_rows,
    "events in over HTTP": events_http_rows,
}


async def bench_brain() -> Result:
    """Every part. A row that says how much it may be at ``most`` fails the benchmark beyond it."""
    rows: list[Row] = []
    for name, part in PARTS.items():
        told.get()(f"{name} ...")
        rows += await part()
    return Result(
        name="brain",
        title="Memory (processor time a question, database included; sizes in turns)",
        rows=tuple(rows),
        notes=("growth may be that of the logarithm: 2 times from 1,000 to 1,000,000",),
    )
