"""Where USP travels on an MQTT broker, and whose each topic is.

    usp/controller/ENDPOINT        what an agent says to whichever controller takes it
    usp/reply/CONTROLLER/ENDPOINT  what it answers to this one
    usp/agent/ENDPOINT             what it is told
    usp/home/ENDPOINT/…            what else publishes in its home
    usp/bulk/ENDPOINT              its bulk data reports (TR-181 Device.BulkData.Profile.{i}.MQTT)

The broker lets each agent publish and subscribe under its own endpoint id alone, so that a topic
proves who speaks. Over MQTT 3.1.1 a topic ends with where the answer goes (R-MQTT.24).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_REPLY_TO: Final = "/reply-to="
_UNSAFE: Final = frozenset("+#\0")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a topic says: the endpoint that may publish there, and where it wants its answers."""

    endpoint: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The names below one prefix, as one controller uses them."""

    prefix: str
    client: str
    """This controller among those that share the load."""
    group: str = ""
    """Who shares the load; empty: nobody does."""

    @property
    def filters(self) -> tuple[str, ...]:
        """What to subscribe to: a part of what agents say of themselves, and all answers to us."""
        share = f"$share/{self.group}/" if self.group else ""
        ours = f"{self.prefix}/reply/{self.client}/#"
        shared = (f"{share}{self.prefix}/{each}" for each in ("controller/#", "bulk/+", "home/#"))
        # What the broker kept is not handed to those who share, so each is told of it.
        kept = (f"{self.prefix}/home/+/+/bridge/devices",) if share else ()
        return *shared, ours, *kept

    def of_controller(self) -> Iterator[tuple[str, str]]:
        """What controllers may do, as right and topic: all that they use, and no more."""
        yield "read", f"{self.prefix}/controller/#"
        yield "read", f"{self.prefix}/bulk/+"
        yield "read", f"{self.prefix}/home/#"
        yield "read", f"{self.prefix}/reply/#"
        yield "write", f"{self.prefix}/agent/#"

    def of_agent(self, endpoint: str) -> Iterator[tuple[str, str]]:
        """What an agent may do."""
        # Over MQTT 3.1.1 a topic ends with where the answer goes.
        for own in (f"controller/{endpoint}", f"reply/+/{endpoint}"):
            yield "write", f"{self.prefix}/{own}"
            yield "write", f"{self.prefix}/{own}/#"
        yield "write", f"{self.prefix}/bulk/{endpoint}"
        yield "write", f"{self.prefix}/home/{endpoint}/#"
        yield "read", f"{self.prefix}/agent/{endpoint}/#"

    def agent(self, endpoint: str) -> str:
        """Where this agent listens."""
        return f"{self.prefix}/agent/{endpoint}"

    def reply(self, endpoint: str) -> str:
        """Where it is to answer this controller."""
        return f"{self.prefix}/reply/{self.client}/{endpoint}"

    def heard(self, topic: str) -> Heard | None:
        """Taken apart; None for a topic that no agent has."""
        name, _, reply_to = topic.partition(_REPLY_TO)
        for start in (f"{self.prefix}/controller/", f"{self.prefix}/reply/{self.client}/"):
            endpoint = name.removeprefix(start)
            if endpoint != name and endpoint and "/" not in endpoint:
                return Heard(endpoint, reply_to.replace("%2F", "/"))
        return None

    def reporter(self, topic: str) -> str:
        """Whose bulk data is published there; empty for a topic of something else."""
        start = f"{self.prefix}/bulk/"
        return topic.removeprefix(start) if topic.startswith(start) else ""

    def household(self, topic: str) -> tuple[str, str]:
        """Whose home something is published in, and below which name; empty for something else."""
        start = f"{self.prefix}/home/"
        endpoint, _, name = topic.removeprefix(start).partition("/")
        return (endpoint, name) if topic.startswith(start) and name else ("", "")

    def is_of(self, endpoint: str, topic: str) -> bool:
        """Whether this agent may have us publish there: nobody points us at another's topic."""
        own = self.agent(endpoint)
        return (topic == own or topic.startswith(own + "/")) and not _UNSAFE & {*topic}


def with_reply(topic: str, reply_to: str) -> str:
    """The topic to publish to where no property can say where the answer goes (R-MQTT.24)."""
    return f"{topic}{_REPLY_TO}{reply_to.replace('/', '%2F')}"
