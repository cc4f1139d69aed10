"""What tests of the stand-ins share: a client that speaks to a served language server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from evals.standins.llm import LanguageServer
from evals.standins.serving import serving


@pytest.fixture
def served() -> Callable[..., Any]:
    """``async with served(answerer) as (server, http)``: the server, and a client at its URL."""

    @asynccontextmanager
    async def serve(
        answerer: Any, **parts: Any
    ) -> AsyncIterator[tuple[LanguageServer, httpx.AsyncClient]]:
        server = LanguageServer(answerer, **parts)
        async with (
            serving(server) as url,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=5) as http,
        ):
            yield server, http

    return serve
