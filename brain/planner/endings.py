"""What became of a change, in a sentence for each end."""

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
