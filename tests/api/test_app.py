"""What is no route of the API is a problem, whatever is mounted beside it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Front


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_route_is_a_problem(front: "Front", method: str) -> None:
    async with front.client() as client:
        response = await client.request(method, "/v1/gadgets/7")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "/openapi.json" in response.json()["remedy"]


async def test_the_description_of_the_api_is_open_and_names_no_secret(front: "Front") -> None:
    async with front.client() as client:
        response = await client.get("/openapi.json")

    assert response.status_code == 200
    assert response.json()["info"]["title"] == "Gatewright"
