"""An OPA server, through opa-python-client. Whatever goes wrong with it is no answer.

The client gives an undefined decision back as an empty document, asks three times when OPA fails
to evaluate, and raises what lies below it; none of that leaves this file.
"""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import ClientOSError, ServerDisconnectedError
from opa_client import AsyncOpaClient

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput, PolicyUnavailable
from policies.bundle import Bundle
from policies.engine import RawAnswer
from policies.exact import check

_QUESTION = {"provenance": "true", "strict-builtin-errors": "true"}


class OpaEngine:
    """Asks one OPA server, which must have loaded the bundle that is active here."""

    def __init__(
        self,
        url: str,
        bundle: Bundle,
        *,
        timeout: timedelta = timedelta(seconds=1),
        token: str = "",
    ) -> None:
        """``url`` is scheme, host and port. Raises InvalidInput for any other."""
        self._timeout = timeout.total_seconds()
        self._bundle = bundle
        self._client: AsyncOpaClient | None = None
        self._opening = asyncio.Lock()
        self._options = _options(url) | {"timeout": self._timeout, "retries": 0}
        if token:
            self._options["token"] = token

    @property
    def name(self) -> str:
        """How verdicts name this engine."""
        return "opa"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        """The document at this entrypoint; see ``policies.engine.Engine``."""
        check(question)
        try:
            async with asyncio.timeout(self._timeout):
                said = await self._query(entrypoint, question)
        except TimeoutError:
            raise PolicyUnavailable(
                f"the OPA server did not answer within {self._timeout:g} seconds",
                remedy="See that it runs and is not overloaded; `gatewright doctor` asks it.",
            ) from None
        except Exception as error:  # whatever it is, there is no answer
            raise PolicyUnavailable(
                f"the OPA server {_failing(error)}",
                remedy="Look at the OPA server and at GATEWRIGHT_OPA_URL; "
                "`gatewright doctor` asks it.",
            ) from error
        if not isinstance(said, dict) or "result" not in said:
            raise PolicyUnavailable(
                "the OPA server has no rule for the question, as if it had loaded no rules",
                remedy="Let it fetch them: see `gatewright policy opa-config`.",
            )
        return RawAnswer(result=said["result"], revision=self._revision(said.get("provenance")))

    async def aclose(self) -> None:
        """Close the connections. The engine can be asked again, and opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close_connection()

    async def _query(self, entrypoint: str, question: dict[str, Json]) -> Json:
        """What it says. An OPA that was restarted has broken our open connections: once anew."""
        asked = {
            "input_data": question,
            "package_path": entrypoint,
            "query_params": _QUESTION,
        }
        try:
            client = await self._open()
            said: Json = await client.query_rule(**asked)
        except (ClientOSError, ServerDisconnectedError):
            await self.aclose()
            client = await self._open()
            said = await client.query_rule(**asked)
        return said

    async def _open(self) -> AsyncOpaClient:
        async with self._opening:
            if self._client is None:
                self._client = await AsyncOpaClient(**self._options).__aenter__()
        return self._client

    def _revision(self, provenance: Json) -> str:
        """The active revision if one of the server's bundles is of it, else what it said."""
        bundles = provenance.get("bundles") if isinstance(provenance, dict) else None
        loaded = [
            str(each.get("revision"))
            for each in (bundles.values() if isinstance(bundles, dict) else ())
            if isinstance(each, dict)
        ]
        ours = self._bundle.revision
        return ours if ours in loaded else ", ".join(loaded)


def _failing(error: Exception) -> str:
    """What went wrong, in words; never what it said, which may be anybody's."""
    status = getattr(error, "status", 0)
    if isinstance(status, int) and status >= 400:
        return f"answered {status} instead of a decision"
    if isinstance(error, ServerDisconnectedError):
        return "broke the connection off"
    if isinstance(error, OSError):
        return "cannot be reached"
    return f"gave no usable answer ({type(error).__name__})"


def _options(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise InvalidInput(
            "it is not the address of an OPA server",
            field="GATEWRIGHT_OPA_URL",
            remedy="Give scheme, host and port, such as http://127.0.0.1:8181.",
        )
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8181)
    return {"host": parts.hostname, "port": port, "ssl": secure}
