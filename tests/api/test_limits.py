"""A body that is too large is refused before anything acts on it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from api.limits import BodyLimit
from api.problems import MEDIA_TYPE, add_problem_handlers


@pytest.fixture
def reached() -> list[int]:
    return []


@pytest.fixture
async def client(reached: list[int]) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, usual=100, larger={"/bulk": 1000})

    async def count(request: Request) -> None:
        reached.append(len(await request.body()))

    async def parsed(body: dict[str, str]) -> None:
        reached.append(len(body))

    app.post("/small")(count)
    app.post("/bulk")(count)
    app.post("/parsed")(parsed)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gw") as made:
        yield made


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 10):
        yield b"x" * 10


async def test_a_body_within_the_limit_is_read(
    client: httpx.AsyncClient, reached: list[int]
) -> None:
    await client.post("/small", content=b"x" * 100)
    await client.post("/bulk", content=b"x" * 1000)

    assert reached == [100, 1000]


@pytest.mark.parametrize(("path", "size"), [("/small", 101), ("/bulk", 1001), ("/parsed", 101)])
async def test_a_body_that_announces_too_much_is_not_read(
    client: httpx.AsyncClient, reached: list[int], path: str, size: int
) -> None:
    response = await client.post(path, content=b"x" * size)

    assert response.status_code == 413
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["code"] == "too_large"
    assert reached == []


@pytest.mark.parametrize("path", ["/small", "/parsed"])
async def test_a_body_of_unknown_length_is_cut_off(
    client: httpx.AsyncClient, reached: list[int], path: str
) -> None:
    headers = {"content-type": "application/json"}

    response = await client.post(path, content=chunks(200), headers=headers)

    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert reached == []


async def test_a_length_that_is_no_number_is_refused(
    client: httpx.AsyncClient, reached: list[int]
) -> None:
    response = await client.post("/small", content=b"x", headers={"content-length": "-1"})

    assert response.status_code == 413
    assert reached == []
