"""A right password opens nothing for somebody whose roles were written with SQL."""

from tests.api.console.conftest import PASSWORD, AddUser, Console, send, who
from tests.api.test_altered import altered, give_with_sql


async def test_they_are_turned_away_and_it_is_said(console: Console, add_user: AddUser) -> None:
    await add_user("ana")
    await give_with_sql(console.front, "ana")

    async with console.browser() as browser:
        answer = await send(browser, "password", name="ana", password=PASSWORD)
        assert await who(browser) == "nobody"

    assert answer.status_code == 401
    assert await altered(console.front) == [{"what": "trust", "principal": "ana"}]
