"""Every request has an id, a line in the log without its query, and an answer without internals."""

import httpx
from fastapi import FastAPI, Request
from structlog.testing import capture_logs

from api.metrics import Metrics
from api.problems import add_problem_handlers
from api.traffic import Traffic


def app(metrics: Metrics) -> FastAPI:
    made = FastAPI()
    add_problem_handlers(made)
    made.add_middleware(Traffic, metrics=metrics, new_id=lambda kind: f"{kind}_new", timer=Ticks())

    @made.get("/things/{thing}")
    async def thing(thing: str, request: Request) -> str:
        if thing == "bad":
            raise RuntimeError("the database is at 10.0.0.7 with password hunter2")
        return str(request.state.request_id)

    return made


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


async def ask(path: str, *, metrics: Metrics | None = None, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app(metrics or Metrics()))
    async with httpx.AsyncClient(transport=transport, base_url="http://gw") as client:
        return await client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def test_a_request_id_is_made_and_sent_back() -> None:
    response = await ask("/things/7")

    assert response.headers["x-request-id"] == "req_new"
    assert response.json() == "req_new"


async def test_the_callers_own_id_is_kept_when_it_is_harmless() -> None:
    response = await ask("/things/7", x_request_id="ticket-4711.a")

    assert response.headers["x-request-id"] == "ticket-4711.a"


async def test_an_id_that_could_forge_a_log_line_is_replaced() -> None:
    for bad in ("short", "x" * 65, 'a"b{c}d-evil', "spaces are bad"):
        assert (await ask("/things/7", x_request_id=bad)).headers["x-request-id"] == "req_new"


async def test_the_log_has_the_request_without_its_query() -> None:
    with capture_logs() as lines:
        await ask("/things/7?token=hunter2")

    (line,) = lines
    assert line["event"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/things/{thing}", 200)
    assert line["seconds"] == 0.25
    assert "hunter2" not in str(lines)


async def test_an_unforeseen_error_tells_the_caller_nothing_but_the_id() -> None:
    with capture_logs() as lines:
        response = await ask("/things/bad")

    assert response.status_code == 500
    assert response.json()["request_id"] == "req_new"
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text
    assert [line["log_level"] for line in lines] == ["error", "error"]


async def test_metrics_have_route_templates_and_never_ids() -> None:
    metrics = Metrics()

    await ask("/things/00D09E-SN7", metrics=metrics)
    await ask("/no/such/place/00D09E-SN8", metrics=metrics)

    text = metrics.render().decode()
    assert 'method="GET",route="/things/{thing}",status="2xx"} 1.0' in text
    assert 'method="GET",route="other",status="4xx"} 1.0' in text
    assert "00D09E" not in text


async def test_answers_may_not_be_sniffed_or_framed() -> None:
    headers = (await ask("/things/7")).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
