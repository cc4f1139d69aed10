"""How long the data model takes to load, and a path to be found in it."""

import subprocess
import sys
from time import perf_counter

from brain.datamodel.catalogue import catalogue
from evals.bench.table import Result, Row, percentile

_LOAD = (
    "from time import perf_counter as t; s = t();"
    "from brain.datamodel.catalogue import catalogue; i = t(); catalogue(); print(i - s, t() - i)"
)
_PATHS = tuple(
    f"Device.WiFi.{kind}.{number}.{name}"
    for number in range(1, 9)
    for kind, name in (
        ("Radio", "Channel"),
        ("SSID", "SSID"),
        ("AccessPoint", "Security.KeyPassphrase"),
    )
)


async def bench_catalogue() -> Result:
    """Load in fresh processes; look up in this one."""
    loads = [_loaded() for _ in range(7)]
    known = catalogue()
    start = perf_counter()
    cold = [_seconds(known.find, f"Device.Hosts.Host.{n}.HostName", 1) for n in range(1000, 3000)]
    warm = [_seconds(known.find, path, 1000) for path in _PATHS for _ in range(5)]
    assert known.find(_PATHS[0]) is not None
    assert perf_counter() > start
    return Result(
        name="catalogue",
        title="TR-181 catalogue (8,796 rows, both protocols)",
        rows=(
            Row(name="load, median of 7", value=percentile(loads, 0.5) * 1e3, unit="ms", aim="30"),
            Row(name="look-up seen before", value=percentile(warm, 0.5) * 1e6, unit="µs", aim="1"),
            Row(name="look-up never seen", value=percentile(cold, 0.5) * 1e6, unit="µs"),
        ),
    )


def _loaded() -> float:
    """Seconds that loading takes in a process that has imported the module and nothing else."""
    ran = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True)
    return float(ran.stdout.split()[1])


def _seconds(find: object, path: str, times: int) -> float:
    assert callable(find)
    start = perf_counter()
    for _ in range(times):
        find(path)
    return (perf_counter() - start) / times
