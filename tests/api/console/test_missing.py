"""What stands at an address where nothing is: words for people, a problem for programs."""

import httpx
import pytest
from fastapi import FastAPI

from api.console.missing import nothing_here


def client() -> httpx.AsyncClient:
    app = FastAPI(docs_url=None)
    app.exception_handler(404)(nothing_here)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://gw")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json", ""])
async def test_a_program_reads_the_problem_that_it_knows_from_the_api(accept: str) -> None:
    async with client() as program:
        answer = await program.get("/api/x", headers={"Accept": accept})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["instance"]) == ("not_found", "/api/x")
    assert "/openapi.json" in problem["remedy"]


async def test_a_person_reads_words_and_finds_the_way_home() -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    async with client() as browser:
        answer = await browser.get("/api/<b>x", headers={"Accept": accept})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no page at this address" in answer.text
    assert 'href="/"' in answer.text
    assert "<b>x" not in answer.text
    assert "script" not in answer.text
