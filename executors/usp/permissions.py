"""What a RabbitMQ lets each agent do over STOMP: its own destinations, and nobody else's.

TR-369 R-STOMP.34. A user's name at the broker is its endpoint id. RabbitMQ has patterns, but a
user's name that goes into one is not kept from being read as a pattern: each agent is named.
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from brain.domain.errors import InvalidInput
from executors.usp.access_list import named, our_user
from executors.usp.destinations import Destinations

EXCHANGE: Final = "amq.topic"
"""Where RabbitMQ routes /topic/."""
_EXCHANGE: Final = r"^amq\.topic$"
_SUBSCRIBED: Final = "^stomp-subscription-"
"""How it names the queue of a subscription, and then what nobody can guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Regular expressions, as ``set_permissions`` and ``set_topic_permissions`` take them."""

    user: str
    queues: str
    write: str
    read: str

    @property
    def resources(self) -> tuple[str, str, str]:
        """What may be configured, written and read: queues of its own, and the exchange."""
        both = f"{self.queues}|{_EXCHANGE}"
        return self.queues, both, both


def of_agent(places: Destinations, endpoint: str) -> Rights:
    """InvalidInput for what is no endpoint id, or proves nothing."""
    prefix, own = _word(places.prefix), _word(named(endpoint))
    return Rights(
        user=endpoint,
        queues=_SUBSCRIBED,
        write=rf"^{prefix}\.(controller|reply\.[^.]+)\.{own}$",
        read=rf"^{prefix}\.agent\.{own}$",
    )


def of_controller(places: Destinations, user: str) -> Rights:
    """InvalidInput for a controller without a name."""
    prefix = _word(places.prefix)
    return Rights(
        user=our_user(user, "GATEWRIGHT_USP_STOMP_USER"),
        queues=rf"^{prefix}\.(shared|own)\.",
        write=rf"^{prefix}\.agent\.",
        read=rf"^{prefix}\.(controller|reply)\.",
    )


def commands(
    places: Destinations, *, user: str, virtual_host: str, endpoints: Sequence[str]
) -> Iterator[str]:
    """Lines for a shell; the users are there before. InvalidInput where no agent is named."""
    if not endpoints:
        raise InvalidInput(
            "no agent is named, and RabbitMQ has no safe pattern for all",
            field="endpoint",
            remedy="Name each agent that may come.",
        )
    agents = [of_agent(places, each) for each in sorted(set(endpoints))]
    for rights in [of_controller(places, user), *agents]:
        said = ["rabbitmqctl", "set_permissions", "-p", virtual_host, rights.user]
        yield shlex.join([*said, *rights.resources])
        said = ["rabbitmqctl", "set_topic_permissions", "-p", virtual_host, rights.user]
        yield shlex.join([*said, EXCHANGE, rights.write, rights.read])


def _word(text: str) -> str:
    """As a pattern that is only itself: of what these names hold, a dot alone would be another."""
    return text.replace(".", r"\.")
