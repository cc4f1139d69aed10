"""What Prometheus is told. Every label has few values: never an id, a path or a tenant."""

from collections.abc import Iterable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from api.usp_metrics import Agents
from executors.acs.acs import Acs
from executors.bulk.collector import UPLOADS, VALUES
from executors.usp.usp import Usp

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
OTHER = "other"


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "gatewright_http_requests",
            "Requests answered, by route template and class of status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "gatewright_http_request_seconds",
            "Time until the last byte of the answer; a chat stream lasts as long as its planning.",
            ("method", "route"),
            registry=self._registry,
        )
        self._events = Counter(
            "gatewright_planner_events",
            "Events that the planner streamed to agents.",
            ("kind",),
            registry=self._registry,
        )
        self._calls = Counter(
            "gatewright_model_calls",
            "Questions to a language model, by what came of them.",
            ("prompt", "outcome"),
            registry=self._registry,
        )
        self._tokens = Counter(
            "gatewright_model_tokens",
            "Tokens that language models took in and gave out.",
            ("direction",),
            registry=self._registry,
        )
        self._model_seconds = Histogram(
            "gatewright_model_call_seconds",
            "Time until a language model had answered one question, or failed to.",
            ("prompt",),
            buckets=(0.5, 1, 2.5, 5, 10, 20, 45, 90, 180),
            registry=self._registry,
        )
        self._unfinished = Gauge(
            "gatewright_changes_unfinished",
            "Changes that are approved, executing or verifying.",
            ("state",),
            registry=self._registry,
        )

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is its template, or empty when none matched."""
        method = method if method in METHODS else OTHER
        route = route or OTHER
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._seconds.labels(method, route).observe(seconds)

    def planned(self, kind: str) -> None:
        """Count one event of the planner; its kinds are a closed set."""
        self._events.labels(kind).inc()

    def asked_model(self, call: Mapping[str, object]) -> None:
        """Count one question to a language model, as the end of a run tells of it."""
        prompt, outcome = str(call.get("prompt")), str(call.get("outcome"))
        self._calls.labels(prompt, outcome).inc()
        self._tokens.labels("in").inc(_number(call.get("tokens_in")))
        self._tokens.labels("out").inc(_number(call.get("tokens_out")))
        self._model_seconds.labels(prompt).observe(_number(call.get("seconds")))

    def unfinished(self, counts: Mapping[str, int]) -> None:
        """Set how many changes are in each unfinished state right now."""
        self._unfinished.clear()
        for state, count in counts.items():
            self._unfinished.labels(state).set(count)

    def watch(self, acs: Acs, usp: Usp | None = None) -> None:
        """Tell of the devices at the doors, too, as it is when somebody looks."""
        self._registry.register(_Door(acs))
        bulk = [acs.bulk.counts, *([usp.bulk.counts] if usp else [])]
        self._registry.register(_Bulk(bulk, usp.homes.counts if usp else {}))
        if usp is not None:
            self._registry.register(Agents(usp.exchange))

    def render(self) -> bytes:
        """The text exposition format, version 0.0.4."""
        return generate_latest(self._registry)


class _Door(Collector):
    """Who was let in at the ACS, who was sent away, and how many are there."""

    def __init__(self, acs: Acs) -> None:
        self._acs = acs

    def collect(self) -> Iterable[Metric]:
        """As ``Collector``: read anew each time."""
        control = self._acs.admission
        for name, text, counts in (
            ("admitted", "Sessions of devices that were let in", control.counts.admitted),
            ("shed", "Answers to devices that were to come back later", control.counts.shed),
        ):
            family = CounterMetricFamily(f"gatewright_acs_{name}", text + ".", labels=["urgency"])
            for urgency, count in counts.items():
                family.add_metric([urgency], count)
            yield family
        for name, text, value in (
            ("connections", "Connections of devices that are open.", self._acs.connections),
            ("sessions", "Sessions of devices that are open.", control.live),
            ("under_way", "Devices whose Inform is not answered yet.", control.under_way),
            ("backlog", "Devices that were sent away and have not come in.", control.backlog),
            ("capacity", "Sessions a second, as last measured.", control.capacity.a_second),
        ):
            yield GaugeMetricFamily(f"gatewright_acs_{name}", text, value=value)


class _Bulk(Collector):
    """What came of bulk data that devices uploaded, and what was not heard of things at home."""

    def __init__(self, counts: Sequence[Mapping[str, int]], homes: Mapping[str, int]) -> None:
        self._counts, self._homes = counts, homes

    def collect(self) -> Iterable[Metric]:
        """As ``Collector``: read anew each time."""
        for name, text, outcomes in (
            ("uploads", "Uploads of bulk data, by what came of them.", UPLOADS),
            ("values", "Values in bulk data that was kept, by what came of them.", VALUES),
        ):
            family = CounterMetricFamily(f"gatewright_bulk_{name}", text, labels=["outcome"])
            for outcome in outcomes:
                family.add_metric([outcome], sum(each.get(outcome, 0) for each in self._counts))
            yield family
        text = "Publications of things at home that were not heard, by why."
        family = CounterMetricFamily("gatewright_home_unheard", text, labels=["why"])
        for why in ("floods", "unreadable"):
            family.add_metric([why], self._homes.get(why, 0))
        yield family


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
