"""A PPPoE session that does not come up: refused by name, or never answered on this VLAN."""

from collections.abc import Iterator

from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed, seen, wanted
from brain.planner.past import former_value, neighbours_value
from brain.planner.playbook import Claim
from brain.planner.reading import rows

_PPP = "Device.PPP.Interface."
_REFUSED = {
    "ERROR_AUTHENTICATION_FAILURE": "its name or password is not taken",
    "ERROR_ACCOUNT_DISABLED": "the account is disabled",
}
_UNHEARD = frozenset({"ERROR_ISP_TIME_OUT"})
"""PADI goes unanswered (RFC 2516): nobody listens on that VLAN, or nobody listens at all."""


def login_refused(observed: Observed) -> Iterator[Candidate]:
    """The name that was used before, when it is known; else whoever keeps accounts has to look."""
    for row, error in _failing(observed):
        if error not in _REFUSED:
            continue
        why = _REFUSED[error]
        claim = Claim(
            cause=Cause.LOGIN_REFUSED,
            confidence=0.93,
            said=f"The operator's side refuses the log-in: {why}.",
            evidence=_evidence(observed, row),
        )
        former = former_value(observed, row + "Username")
        if former and error == "ERROR_AUTHENTICATION_FAILURE":
            change = wanted(observed.snapshot, row + "Username", former)
            yield claim.mended_by([change], "Log in with the name that was used before.")
        else:
            yield claim.for_others(
                "whoever keeps the accounts",
                f"The device says {error}, and the line below it is up. Check name, password and "
                "state of the account; nothing that could be set here is known to be right.",
            )


def wrong_vlan(observed: Observed) -> Iterator[Candidate]:
    """The VLAN of the neighbours or of before, where a session is never answered."""
    snapshot = observed.snapshot
    unheard = [row for row, error in _failing(observed) if error in _UNHEARD]
    for tag in rows(snapshot, "Device.Ethernet.VLANTermination.") if unheard else ():
        path = tag + "VLANID"
        known = neighbours_value(observed, path) or former_value(observed, path)
        now = snapshot.get(path)
        evidence = (*_evidence(observed, unheard[0]), seen(snapshot, path, f"It tags {now}."))
        if known and known != now:
            yield _tagged(observed, path, known, evidence)
        elif not known:
            yield _unknown_tag(now or "", evidence)


def _failing(observed: Observed) -> Iterator[tuple[str, str]]:
    """The sessions that are wanted and not there, each with the error that the device gives."""
    snapshot = observed.snapshot
    for row in rows(snapshot, _PPP):
        wanted_ = snapshot.get(row + "Enable") != "false"
        state = snapshot.get(row + "ConnectionStatus")
        if wanted_ and state not in (None, "Connected"):
            yield row, snapshot.get(row + "LastConnectionError") or ""


def _evidence(observed: Observed, row: str) -> tuple[Evidence, ...]:
    leaves = ("ConnectionStatus", "LastConnectionError")
    return tuple(
        seen(observed.snapshot, row + leaf, f"{leaf} is {observed.snapshot.get(row + leaf)}.")
        for leaf in leaves
    )


def _tagged(observed: Observed, path: str, known: str, evidence: tuple[Evidence, ...]) -> Candidate:
    claim = Claim(
        cause=Cause.WRONG_VLAN,
        confidence=0.92,
        said="The device tags another VLAN than the line has internet on, and nobody answers.",
        evidence=(*evidence, Evidence(text=f"Others like it, or it before, tag {known}.")),
    )
    change = wanted(observed.snapshot, path, known)
    return claim.mended_by([change], f"Tag VLAN {known}.")


def _unknown_tag(now: str, evidence: tuple[Evidence, ...]) -> Candidate:
    claim = Claim(
        cause=Cause.WRONG_VLAN,
        confidence=0.6,
        said=f"Nobody answers the device on VLAN {now}.",
        evidence=evidence,
    )
    return claim.for_others(
        "the network team",
        "Say which VLAN has internet on this line, or why nobody answers there: neither the "
        "neighbours nor the history tell.",
    )
