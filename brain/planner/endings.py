"""What became of a change, in a sentence for each end."""

from collections.abc import Mapping

from brain.domain.canonical import Json
from brain.domain.life import State

BECAME: dict[str, str] = {
    State.SUCCEEDED: "Done: the device has the new values, and what was promised was kept.",
    State.ROLLED_BACK: "It was taken back: the device is as it was before.",
    State.REJECTED: "A reviewer rejected it. Nothing was changed.",
    State.EXPIRED: "It was not approved or begun in time. Nothing was changed.",
    State.SUPERSEDED: "It no longer fits what the device says. Nothing was changed.",
    State.DENIED: "Policy refused it when it was about to be carried out. Nothing was changed.",
    State.FAILED: "It failed.",
    State.UNKNOWN: "Nobody can tell whether it was applied. A person was called to look.",
}
_OTHER = "The change moved on."


def what_became(outcome: Mapping[str, Json]) -> str:
    """The sentence for this end, and the ledger's reason; ``outcome`` as of ``outcome_of``."""
    reason = str(outcome.get("reason") or "").strip().rstrip(".")
    sentence = BECAME.get(str(outcome.get("state", "")), _OTHER)
    return f"{sentence} {reason[:1].upper()}{reason[1:]}." if reason else sentence
