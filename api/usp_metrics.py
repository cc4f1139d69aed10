"""What Prometheus is told of USP agents; as everywhere, no label names one of them."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from executors.usp.exchange import OUTCOMES, Exchange
from executors.usp.links import DROPPED


class Agents(Collector):
    """Who is here, what travelled, what was dropped, and what became of requests."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def collect(self) -> Iterable[Metric]:
        """As ``Collector``: read anew each time."""
        links = self._exchange.links
        here = GaugeMetricFamily("gatewright_usp_agents", "Agents that are here.", labels=["mtp"])
        for mtp, count in links.by_mtp.items():
            here.add_metric([mtp], count)
        yield here
        text = "Records of USP that came from agents, and that were handed over to them."
        records = CounterMetricFamily("gatewright_usp_records", text, labels=["direction", "mtp"])
        for direction, counts in (("in", links.taken), ("out", links.given)):
            for mtp, count in counts.items():
                records.add_metric([direction, mtp], count)
        yield records
        text = "What agents sent or wanted and was not taken, by why."
        dropped = CounterMetricFamily("gatewright_usp_dropped", text, labels=["reason"])
        for reason in DROPPED:
            dropped.add_metric([reason], links.counts[reason])
        yield dropped
        text = "Requests to agents, by what came of them."
        requests = CounterMetricFamily("gatewright_usp_requests", text, labels=["outcome"])
        for outcome in OUTCOMES:
            requests.add_metric([outcome], self._exchange.outcomes[outcome])
        yield requests
