"""What stands at an address where nothing is: a page for people, a problem for programs."""

from fastapi import Request, Response

from api.console.plain import plain_page
from api.problems import http_problem

_PAGE = """
<p>There is no page at this address. Perhaps it was typed wrongly, or moved.</p>
<p><a class="way" href="/">Go to the console</a></p>
<p class="gw-soft gw-small">For programs:
<a class="gw-link" href="/docs">what the API has</a>.</p>"""


async def nothing_here(request: Request, error: Exception) -> Response:
    """Only a browser names HTML among what it accepts; all else is told as below ``/v1``."""
    if "text/html" in request.headers.get("accept", "").lower():
        return plain_page("No such page", _PAGE, status=404)
    return await http_problem(request, error)
