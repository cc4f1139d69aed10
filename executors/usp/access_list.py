"""What a Mosquitto broker lets each agent do: its own topics, and nobody else's (TR-369 R-SEC.4).

    include the lines in the file that ``acl_file`` names; a user's name at the broker is its
    endpoint id

Either for whoever the broker lets in, by a pattern, or for named endpoints alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from brain.domain.errors import InvalidInput
from executors.usp.endpoint import NOT_IN_PRODUCTION, endpoint_id
from executors.usp.errors import UspError
from executors.usp.topics import Topics

_ANYBODY: Final = "%u"
"""Mosquitto's word for the user's own name."""


def access_list(topics: Topics, controller: str, endpoints: Sequence[str]) -> Iterator[str]:
    """The lines; ``controller`` is our user at the broker. Without ``endpoints`` it is a pattern.

    InvalidInput for a controller without a name, and for what is no endpoint id, or proves nothing.
    """
    our_user(controller, "GATEWRIGHT_USP_MQTT_USER")
    agents = [named(each) for each in endpoints]
    yield f"user {controller}"
    yield from _lines("topic", topics.of_controller())
    if not agents:
        yield ""
        yield from _lines("pattern", topics.of_agent(_ANYBODY))
    for endpoint in sorted(set(agents)):
        yield ""
        yield f"user {endpoint}"
        yield from _lines("topic", topics.of_agent(endpoint))


def _lines(word: str, rights: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{word} {right} {topic}" for right, topic in rights)


def our_user(name: str, field: str) -> str:
    """The name, which says who we are at a broker; InvalidInput for one that says nothing."""
    if not name or name.strip() != name or not name.isprintable():
        raise InvalidInput(
            "the controller has no user at the broker",
            field=field,
            remedy="Set it: everybody would be let in as the controller else.",
        )
    return name


def named(text: str) -> str:
    """An endpoint that a broker may let in; InvalidInput for what is none, or proves nothing."""
    try:
        found = endpoint_id(text)
    except UspError as error:
        raise InvalidInput(
            error.message, field="endpoint", remedy="Such as os::001122-SERIAL."
        ) from None
    if found.scheme in NOT_IN_PRODUCTION:
        raise InvalidInput("this scheme proves nothing", field="endpoint")
    return found.text
