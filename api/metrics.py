"""What Prometheus is told. Every label has few values: never an id, a path or a tenant."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

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

    def unfinished(self, counts: Mapping[str, int]) -> None:
        """Set how many changes are in each unfinished state right now."""
        self._unfinished.clear()
        for state, count in counts.items():
            self._unfinished.labels(state).set(count)

    def render(self) -> bytes:
        """The text exposition format, version 0.0.4."""
        return generate_latest(self._registry)
