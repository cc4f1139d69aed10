"""Addresses at home: a pool that is used up, two with one address, two networks with the same."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from brain.domain.change import SetParameter
from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.causes.way_out import at_home, outside_addresses
from brain.planner.playbook import Claim
from brain.planner.reading import address, listed, network, number, rows
from brain.planner.stations import Host, hosts

_POOLS = "Device.DHCPv4.Server.Pool."
_LONG = 86_400
"""A lease of a day: visitors' addresses come back by the next evening."""
_AT_THE_EDGE = 0.25
"""What share of a pool may be given up at its beginning."""
_SPARE = 2
"""How many times its size a pool is made."""
_ELSEWHERE = tuple(map(IPv4Network, ("192.168.77.0/24", "192.168.178.0/24", "10.77.0.0/24")))


def pool_exhausted(observed: Observed) -> Iterator[Candidate]:
    """A larger pool where the network has room, else shorter leases."""
    snapshot = observed.snapshot
    for row in rows(snapshot, _POOLS):
        first, last = address(snapshot, row + "MinAddress"), address(snapshot, row + "MaxAddress")
        used = number(snapshot, row + "ClientNumberOfEntries")
        if first is None or last is None or used is None:
            continue
        size = int(last) - int(first) + 1
        if used >= size > 0:
            claim = _exhausted(observed, row, used, size)
            yield from _larger(observed, row, claim, (first, last))
            yield from _shorter(observed, row, claim)


def address_clash(observed: Observed) -> Iterator[Candidate]:
    """A reservation for an address that somebody typed in; another network where both are alike."""
    yield from _same_network(observed)
    holders: dict[str, list[Host]] = defaultdict(list)
    for host in hosts(observed.snapshot):
        if host.active and host.address:
            holders[host.address].append(host)
    for shared, both in holders.items():
        typed_in = [each for each in both if each.source == "Static"]
        if len(both) > 1 and typed_in and len(typed_in) < len(both):
            yield from _reserved(observed, shared, both)


def _exhausted(observed: Observed, row: str, used: int, size: int) -> Claim:
    snapshot = observed.snapshot
    without = sum(bool(each.active and not each.address) for each in hosts(snapshot))
    return Claim(
        cause=Cause.POOL_EXHAUSTED,
        confidence=0.93,
        said=f"All {size} addresses for devices at home are given away.",
        evidence=(
            seen(snapshot, row + "ClientNumberOfEntries", f"{used} addresses are given away."),
            Evidence(text=f"{without} devices that are there now have none."),
            *guards(snapshot, row + "MinAddress", row + "SubnetMask"),
        ),
    )


def _larger(
    observed: Observed, row: str, claim: Claim, ends: tuple[IPv4Address, IPv4Address]
) -> Iterator[Candidate]:
    first, last = ends
    whole = network(observed.snapshot, row + "MinAddress")
    if whole is None or last not in whole:
        return
    taken = [each for each in _fixed(observed) if last < each]
    limit = min([*taken, whole.broadcast_address]) - 1
    wish = min(int(first) + _SPARE * (int(last) - int(first) + 1) - 1, int(limit))
    if wish > int(last):
        to = IPv4Address(wish)
        change = wanted(observed.snapshot, row + "MaxAddress", str(to))
        room = wish - int(first) + 1
        yield claim.mended_by([change], f"Make room for {room} addresses at home.")


def _shorter(observed: Observed, row: str, claim: Claim) -> Iterator[Candidate]:
    path = row + "LeaseTime"
    lease = number(observed.snapshot, path)
    if lease is not None and lease > _LONG:
        shorter = Claim(
            cause=claim.cause,
            confidence=claim.confidence - 0.05,
            said=claim.said,
            evidence=(*claim.evidence, seen(observed.snapshot, path, f"Kept for {lease} s.")),
            key="lease",
        )
        change = wanted(observed.snapshot, path, str(_LONG))
        yield shorter.mended_by([change], "Keep addresses for a day, so that visitors' come back.")


def _fixed(observed: Observed) -> list[IPv4Address]:
    """The addresses at home that nobody gave: typed in, and the box's own."""
    snapshot = observed.snapshot
    typed = [each.address for each in hosts(snapshot) if each.source == "Static" and each.address]
    return [IPv4Address(each) for each in typed]


def _reserved(observed: Observed, shared: str, both: list[Host]) -> Iterator[Candidate]:
    snapshot = observed.snapshot
    for row in rows(snapshot, _POOLS):
        first, last = address(snapshot, row + "MinAddress"), address(snapshot, row + "MaxAddress")
        kept = listed(snapshot, row + "ReservedAddresses")
        if first is None or last is None or not first <= IPv4Address(shared) <= last:
            continue
        if shared in kept:
            continue
        claim = Claim(
            cause=Cause.ADDRESS_CLASH,
            confidence=0.93,
            said="Two devices at home have one address: one typed it in, the other was given it.",
            evidence=(
                *(seen(snapshot, each.row + "IPAddress", "It has this address.") for each in both),
                *guards(snapshot, row + "MinAddress", row + "MaxAddress"),
            ),
        )
        if int(IPv4Address(shared)) - int(first) < _AT_THE_EDGE * (int(last) - int(first) + 1):
            change = wanted(snapshot, row + "MinAddress", str(IPv4Address(shared) + 1))
            yield claim.mended_by([change], "Give away addresses above the typed-in one only.")
        change = wanted(snapshot, row + "ReservedAddresses", ",".join((*kept, shared)))
        keeping = replace(claim, key="kept", confidence=claim.confidence - 0.02)
        yield keeping.mended_by([change], "Keep the typed-in address out of what is given away.")


def _same_network(observed: Observed) -> Iterator[Candidate]:
    snapshot = observed.snapshot
    for own in _own(observed):
        inside = network(snapshot, own)
        for path, outside in outside_addresses(observed):
            if inside is not None and outside in inside:
                claim = Claim(
                    cause=Cause.ADDRESS_CLASH,
                    confidence=0.97,
                    said="The network outside has the same addresses as the one at home.",
                    evidence=(
                        seen(snapshot, path, "The address outside."),
                        seen(snapshot, own, "The address at home.", guard=True),
                    ),
                    key="network",
                )
                changes = _moved(observed, own, inside)
                does = "Give the home network other addresses; its devices ask for new ones."
                yield claim.mended_by(changes, does)


def _own(observed: Observed) -> list[str]:
    """The paths of the addresses that the box has at home: those its pools lead to."""
    snapshot = observed.snapshot
    return [
        each + "IPAddress"
        for link in at_home(snapshot)
        for each in rows(snapshot, f"{link}.IPv4Address.")
        if address(snapshot, each + "IPAddress")
    ]


def _moved(observed: Observed, own: str, inside: IPv4Network) -> list[SetParameter]:
    """Every address of the home network, at the same place in another network."""
    snapshot = observed.snapshot
    outside = [each for _, each in outside_addresses(observed)]
    fresh = next(each for each in _ELSEWHERE if not any(other in each for other in outside))
    leaves = ("MinAddress", "MaxAddress", "IPRouters", "DNSServers")
    paths = [own, *(row + leaf for row in rows(snapshot, _POOLS) for leaf in leaves)]
    changes = []
    for path in paths:
        now = address(snapshot, path)
        if now is not None and now in inside:
            place = int(now) - int(inside.network_address)
            changes.append(wanted(snapshot, path, str(fresh.network_address + place % 256)))
    return changes
