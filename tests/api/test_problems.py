"""Every error leaves as a problem document with a status, a field and a remedy, and no more."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from api import problems
from api.problems import KINDS, MEDIA_TYPE, add_problem_handlers, problem_of
from brain.domain.errors import (
    Conflict,
    GatewrightError,
    InvalidValue,
    NotFound,
    StaleFence,
    said_by,
)


class Wanted(BaseModel):
    passphrase: str
    channel: int


def every(kind: type[GatewrightError]) -> Iterator[type[GatewrightError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from every(child)


def app() -> FastAPI:
    made = FastAPI()
    add_problem_handlers(made)

    @made.get("/raise/{what}")
    async def raise_it(what: str) -> None:
        raise {
            "conflict": Conflict("it moved", field="digest", remedy="Read it again."),
            "value": InvalidValue("too far", field="Device.WiFi.Radio.1.Channel", rule="range"),
        }[what]

    @made.post("/wanted")
    async def wanted(body: Wanted) -> None:
        raise AssertionError(f"reached with {body}")

    return made


async def ask(method: str, path: str, **how: object) -> httpx.Response:
    transport = httpx.ASGITransport(app=app())
    async with httpx.AsyncClient(transport=transport, base_url="http://gw") as client:
        return await client.request(method, path, **how)  # type: ignore[arg-type]


def test_every_error_of_ours_has_a_status_of_its_own() -> None:
    ours = [each for each in every(GatewrightError) if each.__module__.startswith("brain.domain")]

    assert len(ours) > 10
    assert [each.__name__ for each in ours if each not in KINDS] == []


def test_an_error_that_nobody_mapped_takes_the_status_of_its_nearest_kind() -> None:
    class Odd(StaleFence):
        code = "odd"

    assert problem_of(Odd("moved")).status == 409


async def test_an_error_of_ours_says_what_where_and_what_to_do() -> None:
    response = await ask("GET", "/raise/conflict")

    assert response.status_code == 409
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json() == {
        "type": "urn:gatewright:problem:conflict",
        "title": "The record is no longer as you saw it",
        "status": 409,
        "detail": "it moved",
        "instance": "/raise/conflict",
        "code": "conflict",
        "field": "digest",
        "remedy": "Read it again.",
    }


async def test_a_wrong_value_names_its_path() -> None:
    response = await ask("GET", "/raise/value")

    assert response.status_code == 422
    assert response.json()["field"] == "Device.WiFi.Radio.1.Channel"


async def test_a_missing_field_is_named_with_its_remedy() -> None:
    response = await ask("POST", "/wanted", json={"passphrase": "topsecret"})

    assert response.status_code == 422
    problem = response.json()
    assert (problem["field"], problem["remedy"]) == ("channel", "Add it.")


async def test_what_was_sent_is_never_sent_back() -> None:
    body = {"passphrase": ["topsecret"], "channel": "hunter2"}

    response = await ask("POST", "/wanted", json=body)

    assert {each["field"] for each in response.json()["errors"]} == {"passphrase", "channel"}
    assert "topsecret" not in response.text
    assert "hunter2" not in response.text


async def test_what_is_not_json_is_told_so() -> None:
    headers = {"content-type": "application/json"}

    response = await ask("POST", "/wanted", content=b'{"passphrase": "tops', headers=headers)

    assert response.status_code == 422
    assert response.json()["remedy"] == "Send well-formed JSON."
    assert "tops" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nothing", 404, "not_found"), ("DELETE", "/wanted", 405, "method_not_allowed")],
)
async def test_what_is_not_there_is_a_problem_too(
    method: str, path: str, status: int, code: str
) -> None:
    response = await ask(method, path)

    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["code"] == code


def test_only_a_caller_without_a_token_is_asked_for_one() -> None:
    unauthenticated = problems.response_of(problem_of(problems.Unauthenticated()))
    missing = problems.response_of(problem_of(NotFound()))

    assert unauthenticated.headers["www-authenticate"].startswith("Bearer")
    assert "www-authenticate" not in missing.headers


def test_words_of_a_check_of_ours_come_without_what_pydantic_puts_before_them() -> None:
    assert said_by("Value error, is not an https address") == "is not an https address"
    assert said_by("Field required") == "Field required"
