"""A way in that is not there: a new row, of what the words say and of what the device tells."""

from brain.domain.change import AddObject
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, rows
from brain.planner.stations import hosts

_NAT = "Device.NAT."
_TABLE = _NAT + "PortMapping."


def new_mapping(observed: Observed) -> Candidate:
    """The mapping for the port and the address that the message names, which is at home.

    For the subscriber to make where the device does not tell what a new row needs.
    """
    port, to = observed.facts.port, observed.facts.address
    way = _way_out(observed)
    claim = Claim(
        cause=Cause.PORT_MAPPING_MISSING,
        confidence=0.88,
        said=f"No way in on port {port} leads to a device at home.",
        evidence=(
            *(seen(observed.snapshot, path, f"{to} is at home.") for path in _at(observed, to)),
            *(guards(observed.snapshot, f"{way}Interface") if way else ()),
        ),
        key="new",
    )
    if way is None or not _takes_rows(observed):
        return claim.for_others(
            "the subscriber", f"Open port {port} to {to} in the pages of the device itself."
        )
    change = _row(observed, observed.snapshot.values[ParameterPath(f"{way}Interface")])
    kind = observed.facts.transport
    return claim.mended_by([change], f"Lead port {port} ({kind}) from outside to {to} at home.")


def _row(observed: Observed, interface: str) -> AddObject:
    facts = observed.facts
    return AddObject(
        path=ParameterPath(_TABLE),
        values=(
            ("Enable", "true"),
            ("Interface", interface),
            ("ExternalPort", str(facts.port)),
            ("InternalPort", str(facts.port)),
            ("Protocol", facts.transport),
            ("InternalClient", facts.address),
        ),
    )


def _way_out(observed: Observed) -> str | None:
    """The one interface that hides the home behind its address, by its row; None of several."""
    snapshot = observed.snapshot
    ways = [
        row
        for row in rows(snapshot, _NAT + "InterfaceSetting.")
        if is_on(snapshot, row + "Enable") and snapshot.get(row + "Interface")
    ]
    return ways[0] if len(ways) == 1 else None


def _takes_rows(observed: Observed) -> bool:
    """Whether rows can be added: the table has to be there, if only by the count of its rows."""
    snapshot = observed.snapshot
    counted = snapshot.get(_NAT + "PortMappingNumberOfEntries") is not None
    return counted or bool(rows(snapshot, _TABLE))


def _at(observed: Observed, address: str) -> list[str]:
    there = (each for each in hosts(observed.snapshot) if each.address == address)
    return [each.row + "IPAddress" for each in there]
