"""What is let through: a firewall that lets too little out, and mappings that lead nobody in."""

from collections.abc import Iterator

from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, seen, wanted
from brain.planner.causes.new_mapping import new_mapping
from brain.planner.causes.way_out import double_nat
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, number, rows
from brain.planner.stations import hosts

_MAPPINGS = "Device.NAT.PortMapping."


def firewall_blocks(observed: Observed) -> Iterator[Candidate]:
    """The usual level, where the highest lets only common services out."""
    path = "Device.Firewall.Config"
    if observed.snapshot.get(path) == "High":
        claim = Claim(
            cause=Cause.FIREWALL_BLOCKS,
            confidence=0.88,
            said="The firewall is set to High, which lets only common services out.",
            evidence=(seen(observed.snapshot, path, "It is set to High.", guard=True),),
        )
        change = wanted(observed.snapshot, path, "Low")
        does = "Set the firewall to Low: it still keeps out whatever was not asked for."
        yield claim.mended_by([change], does)


def port_mapping_missing(observed: Observed) -> Iterator[Candidate]:
    """The mapping that is there and off, or the one that the words describe; else it is asked."""
    if list(double_nat(observed)):
        return
    snapshot = observed.snapshot
    table = [row for row in rows(snapshot, _MAPPINGS) if _is_about(observed, row)]
    off = [row for row in table if is_on(snapshot, row + "Enable") is False]
    here = {each.address for each in hosts(snapshot) if each.address}
    astray = [row for row in table if row not in off and here and _to(observed, row) not in here]
    if len(off) == 1 and _to(observed, off[0]) in here:
        yield _switched_on(observed, off[0])
    elif astray and not off:
        yield _leads_nowhere(observed, astray[0])
    elif len(table) > len(off):
        return  # one of them is on, and leads to somebody at home
    elif observed.facts.port and observed.facts.address in here:
        yield new_mapping(observed)
    else:
        yield _which()


def _is_about(observed: Observed, row: str) -> bool:
    """Whether a mapping is for the port that the words name; all are where they name none."""
    first, last = (
        number(observed.snapshot, row + leaf) or 0
        for leaf in ("ExternalPort", "ExternalPortEndRange")
    )
    named = observed.facts.port
    return not named or not first or first <= named <= max(first, last)


def _to(observed: Observed, row: str) -> str:
    return observed.snapshot.get(row + "InternalClient") or ""


def _port(observed: Observed, row: str) -> str:
    return observed.snapshot.get(row + "ExternalPort") or "?"


def _switched_on(observed: Observed, row: str) -> Candidate:
    snapshot, path = observed.snapshot, row + "Enable"
    claim = Claim(
        cause=Cause.PORT_MAPPING_MISSING,
        confidence=0.88,
        said=f"The way in on port {_port(observed, row)} is there, and switched off.",
        evidence=(
            seen(snapshot, path, "It is switched off."),
            seen(snapshot, row + "InternalClient", "It leads to a device at home.", guard=True),
            seen(snapshot, row + "ExternalPort", "It is for this port.", guard=True),
        ),
    )
    change = wanted(snapshot, path, "true")
    return claim.mended_by([change], f"Switch the way in on port {_port(observed, row)} on.")


def _leads_nowhere(observed: Observed, row: str) -> Candidate:
    """Where to lead it: to the only address it can be, else to whom the agent names."""
    snapshot, path = observed.snapshot, row + "InternalClient"
    port = _port(observed, row)
    claim = Claim(
        cause=Cause.PORT_MAPPING_MISSING,
        confidence=0.85,
        said=f"The way in on port {port} leads to an address that nobody at home has.",
        evidence=(seen(snapshot, path, "Nobody at home has this address."),),
        key="astray",
    )
    named = observed.facts.address
    if named and named in {each.address for each in hosts(snapshot)}:
        return claim.mended_by([wanted(snapshot, path, named)], f"Lead port {port} to {named}.")
    return claim.asking(
        f"The way in on port {port} leads to an address that nobody at home has. To which device, "
        "by its address at home, is it to lead?"
    )


def _which() -> Candidate:
    claim = Claim(
        cause=Cause.PORT_MAPPING_MISSING,
        confidence=0.7,
        said="No way in from outside leads to a device at home.",
        key="which",
    )
    return claim.asking(
        "Which device at home has to be reached from outside, by its address at home, and on which "
        "port?"
    )
