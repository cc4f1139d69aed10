"""Where USP travels on a STOMP broker, and whose each destination is.

    /topic/usp.controller.ENDPOINT        what an agent says to whichever controller takes it
    /topic/usp.reply.CONTROLLER.ENDPOINT  what it answers to this one
    /topic/usp.agent.ENDPOINT             what it is told

The broker lets each agent send and subscribe under its own endpoint id alone, so that a destination
proves who speaks. The names are those of RabbitMQ, where dots part words and # is any number.
"""

from dataclasses import dataclass
from typing import Final

from executors.usp.stomp_broker import Subscription

_TOPIC: Final = "/topic/"
_SLASH: Final = "%2F"
_PERCENT: Final = "%25"
LONGEST: Final = 255
"""Bytes of a name that a broker of AMQP routes by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """The names below one prefix, as one controller uses them."""

    prefix: str
    client: str
    """This controller among those that share the load: one word."""
    group: str = ""
    """Who shares the load; empty: nobody does."""

    @property
    def subscriptions(self) -> tuple[Subscription, Subscription]:
        """What to hear: a part of what agents say of themselves, and all answers to us."""
        shared = self.group or self.client
        return (
            Subscription(f"{_TOPIC}{self.prefix}.controller.#", f"{self.prefix}.shared.{shared}"),
            Subscription(
                f"{_TOPIC}{self.prefix}.reply.{self.client}.#", f"{self.prefix}.own.{self.client}"
            ),
        )

    def agent(self, endpoint: str) -> str:
        """Where this agent listens."""
        return f"{_TOPIC}{self.prefix}.agent.{endpoint}"

    def reply(self, endpoint: str) -> str:
        """Where it is to answer this controller."""
        return f"{_TOPIC}{self.prefix}.reply.{self.client}.{endpoint}"

    def heard(self, destination: str) -> str:
        """The endpoint that may send there; empty for a destination that no agent has.

        RabbitMQ writes a percent sign as %25 in what it delivers, and takes it as it is from who
        sends. What it writes as %2F was a slash, which no endpoint id holds.
        """
        for kind in ("controller", f"reply.{self.client}"):
            start = f"{_TOPIC}{self.prefix}.{kind}."
            if destination.startswith(start) and _SLASH not in destination:
                return destination.removeprefix(start).replace(_PERCENT, "%")
        return ""

    def is_of(self, endpoint: str, destination: str) -> bool:
        """Whether this agent may have us send there: nobody points us at another's."""
        return destination == self.agent(endpoint)
