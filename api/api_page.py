"""The page that describes the API, from this machine alone: an ISP's network may have no other.

FastAPI's own page loads Swagger UI from a content delivery network. The same files come with
fastapi-offline, and the page's policy lets a browser load nothing from elsewhere.
"""

from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

PAGE, FILES = "/docs", "/docs-files"
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def add_api_page(app: FastAPI) -> None:
    """Serve Swagger UI over this application's OpenAPI document."""
    folder = str(files("fastapi_offline").joinpath("static"))
    app.mount(FILES, StaticFiles(directory=folder), name="docs-files")

    async def docs(_: Request) -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=app.openapi_url or "",
            title=f"{app.title}: the API",
            swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
            swagger_css_url=f"{FILES}/swagger-ui.css",
            swagger_favicon_url=f"{FILES}/favicon.png",
            # Its default sends the document's address to a server of Swagger's.
            swagger_ui_parameters={"validatorUrl": None},
        )
        page.headers["Content-Security-Policy"] = _POLICY
        return page

    app.add_route(PAGE, docs, include_in_schema=False)
