"""The API describes itself where there is no other network: nothing is loaded from elsewhere."""

import re

from tests.api.conftest import Front

LOADS = re.compile(r'(?:src|href|url)\s*[=:]\s*["\']([^"\']+)["\']')


async def test_all_that_the_page_loads_is_served_here(front: Front) -> None:
    async with front.client() as client:
        page = await client.get("/docs")
        loaded = set(LOADS.findall(page.text))
        answers = [await client.get(each) for each in loaded]

    assert page.status_code == 200
    assert {"/openapi.json", "/docs-files/swagger-ui.css"} <= loaded
    assert "/docs-files/swagger-ui-bundle.js" in loaded
    assert [each for each in loaded if not re.match(r"/\w", each)] == []
    assert [each.status_code for each in answers] == [200] * len(loaded)


async def test_a_browser_may_load_nothing_from_elsewhere_even_if_the_page_asked(
    front: Front,
) -> None:
    async with front.client() as client:
        page = await client.get("/docs")

    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "*" not in policy
    assert '"validatorUrl": null' in page.text


async def test_there_is_no_second_page_that_loads_from_elsewhere(front: Front) -> None:
    async with front.client() as client:
        assert (await client.get("/redoc")).status_code == 404
