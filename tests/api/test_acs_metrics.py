"""What Prometheus is told of the devices at the ACS's door."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from api.metrics import Metrics
from brain.domain.identity import DeviceId
from executors.acs.admission import AdmissionControl, Urgency
from executors.acs.capacity import Capacity
from executors.usp.links import Links

BULK = SimpleNamespace(counts={"kept": 3, "numbers": 12, "left_out": 1})


def full() -> AdmissionControl:
    """One for two devices, which it has no room for."""
    return AdmissionControl(
        seconds=lambda: 1.0,
        random=lambda: 0.0,
        capacity=Capacity(seconds=lambda: 1.0, busy=lambda: 0.0, guess=50.0),
        live=lambda: 2,
        most=2,
    )


def test_prometheus_is_told_who_was_let_in_and_who_was_sent_away() -> None:
    control = full()
    metrics = Metrics()
    metrics.watch(cast("Any", SimpleNamespace(admission=control, connections=7, bulk=BULK)))
    control.ask(DeviceId("001122-Box-S1"), Urgency.EVENT, known=True)
    control.ask(DeviceId("001122-Box-S2"), Urgency.PERIODIC, known=True)

    told = metrics.render().decode()

    assert 'gatewright_acs_admitted_total{urgency="event"} 1.0' in told
    assert 'gatewright_acs_shed_total{urgency="periodic"} 1.0' in told
    assert 'gatewright_acs_shed_total{urgency="event"} 0.0' in told
    for line in ("connections 7.0", "sessions 2.0", "under_way 1.0", "backlog 1.0"):
        assert f"gatewright_acs_{line}" in told
    assert "gatewright_acs_capacity 50.0" in told
    assert "001122" not in told


def test_prometheus_is_told_what_came_of_bulk_data_over_both_protocols() -> None:
    control = full()
    metrics = Metrics()
    acs = SimpleNamespace(admission=control, connections=7, bulk=BULK)
    usp = SimpleNamespace(
        bulk=SimpleNamespace(counts={"kept": 2, "malformed": 5}),
        homes=SimpleNamespace(counts={"floods": 4}),
        exchange=SimpleNamespace(links=Links(), outcomes=Counter()),
    )
    metrics.watch(cast("Any", acs), cast("Any", usp))

    told = metrics.render().decode()

    assert 'gatewright_bulk_uploads_total{outcome="kept"} 5.0' in told
    assert 'gatewright_bulk_uploads_total{outcome="malformed"} 5.0' in told
    assert 'gatewright_home_unheard_total{why="floods"} 4.0' in told
    assert 'gatewright_bulk_values_total{outcome="left_out"} 1.0' in told
