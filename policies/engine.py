"""What the gate needs of a policy engine, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from brain.domain.canonical import Json

DECISION = "gatewright/decision/decision"
"""What policy says of a plan: a document with outcome, findings and obligations."""

ACCESS = "gatewright/access/allow"
"""Whether a caller may do something: a boolean."""

ENTRY = "gatewright/entry/entry"
"""What the groups of the identity provider make of somebody: tenant, roles and groups, or null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """What an engine said, unread: it may be of any shape."""

    result: Json
    revision: str
    """The revision of the bundle that the engine says it answered from."""


class Engine(Protocol):
    """Answers questions from a bundle."""

    @property
    def name(self) -> str:
        """How verdicts name this engine."""

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        """The document at this entrypoint for this input.

        Raises PolicyUnavailable, and nothing else, when there is no answer.
        """
