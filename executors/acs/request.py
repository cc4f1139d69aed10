"""One HTTP request as the ACS looks at it, wherever it was read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from executors.acs.asgi import NAMED, WHOLE, Scope
from executors.acs.certificates import STATE


class Request(NamedTuple):
    """With what is known of the connection that it came on."""

    method: str
    path: str
    query: bytes = b""
    client: tuple[str, int] | None = None
    certified: frozenset[str] = frozenset()
    """What the client's certificate proves: ``certificates.names_in``."""
    headers: Mapping[bytes, bytes] = MappingProxyType({})
    """By their names in lower case."""
    body: bytes = b""

    @property
    def anonymous(self) -> bool:
        """Whether it shows nothing of who sends it: of its body only the beginning is looked at."""
        said = self.headers
        return not (b"authorization" in said or b"cookie" in said or self.certified)

    @property
    def scope(self) -> Scope:
        """As ASGI has it, with the body and the headers by name in it."""
        return {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "query_string": self.query,
            "client": self.client,
            NAMED: self.headers,
            "state": {STATE: self.certified},
            WHOLE: self.body,
        }
