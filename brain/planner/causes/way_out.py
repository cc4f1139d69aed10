"""The way out of the home: packet size, prefixes, a second router, a suspended service."""

from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network

from brain.domain.incident import Symptom
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.past import neighbours_value
from brain.planner.playbook import Claim
from brain.planner.reading import address, is_on, number, numbers, paths_like, rows

_WAN_ADDRESS = r"Device\.IP\.Interface\.\d+\.IPv4Address\.\d+\.IPAddress"
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918. Carriers' own range (RFC 6598) is no evidence: many give it and map it one to one."""
_POOLS = "Device.DHCPv4.Server.Pool."
_OUTSIDE = ("DHCP", "IPCP")
"""AddressingType of what the network gave."""


def wrong_mtu(observed: Observed) -> Iterator[Candidate]:
    """What the session below carries, or what the neighbours send, where packets are larger."""
    snapshot = observed.snapshot
    for row in rows(snapshot, "Device.IP.Interface."):
        path = row + "MaxMTUSize"
        now, fits = number(snapshot, path), _carried(observed, row)
        if now is None or fits is None or fits >= now:
            continue
        below, sure = (snapshot.get(row + "LowerLayers") or ""), _below(observed, row) == fits
        claim = Claim(
            cause=Cause.WRONG_MTU,
            confidence=0.9 if sure else 0.6,
            said=f"The device sends packets of {now} bytes, and {fits} is what gets through.",
            evidence=(
                seen(snapshot, path, f"It sends {now} bytes at most."),
                *guards(snapshot, row + "LowerLayers", below.rstrip(".") + ".CurrentMRUSize"),
            ),
            key="below" if sure else "alike",
        )
        change = wanted(snapshot, path, str(fits))
        yield claim.mended_by([change], f"Send packets of {fits} bytes at most.")


def no_ipv6_prefix(observed: Observed) -> Iterator[Candidate]:
    """Ask for a prefix where nobody does; where one is asked for and none comes, the network's."""
    snapshot = observed.snapshot
    for row in rows(snapshot, "Device.DHCPv6.Client."):
        off = [
            row + leaf
            for leaf in ("Enable", "RequestPrefixes")
            if is_on(snapshot, row + leaf) is False
        ]
        if off:
            claim = Claim(
                cause=Cause.NO_IPV6_PREFIX,
                confidence=0.9,
                said="The device does not ask the network for an IPv6 prefix.",
                evidence=tuple(seen(snapshot, path, "It is off.") for path in off),
            )
            changes = [wanted(snapshot, path, "true") for path in off]
            yield claim.mended_by(changes, "Ask the network for an IPv6 prefix.")
        elif _no_prefix_came(observed) and outside_addresses(observed):
            claim = Claim(
                cause=Cause.NO_IPV6_PREFIX,
                confidence=0.85,
                said="The device asks for an IPv6 prefix, and the network gives none.",
                evidence=(seen(snapshot, row + "RequestPrefixes", "It asks for prefixes."),),
            )
            yield claim.for_others("the network team", "Check the delegation for this line.")


def double_nat(observed: Observed) -> Iterator[Candidate]:
    """A private address outside: somebody else's router stands between."""
    for path, outside in outside_addresses(observed):
        if any(outside in network for network in _PRIVATE):
            said = "The device has a private address outside: another router stands before it."
            claim = Claim(
                cause=Cause.DOUBLE_NAT,
                confidence=0.95,
                said=said,
                evidence=(seen(observed.snapshot, path, said),),
            )
            yield claim.for_others(
                "the subscriber",
                "Nothing from outside gets past that router whatever is mapped here. Put it into "
                "bridge mode, or connect this device to the line directly.",
            )


def suspended(observed: Observed) -> Iterator[Candidate]:
    """The books say that the service is held back."""
    if "suspend" in observed.plan.casefold():
        claim = Claim(
            cause=Cause.SUSPENDED,
            confidence=0.96,
            said="The books say that this service is suspended.",
        )
        yield claim.for_others(
            "billing", "The service comes back once the account is settled; no setting brings it."
        )


def outside_addresses(observed: Observed) -> tuple[tuple[str, IPv4Address], ...]:
    """The addresses that the network gave, with their paths."""
    told = ((path, address(observed.snapshot, path)) for path in _outside(observed.snapshot))
    return tuple((path, value) for path, value in told if value is not None)


def outside_told_empty(observed: Observed) -> bool:
    """Whether the device says that the network gave it no address; unknown is not that."""
    told = [observed.snapshot.get(path) for path in _outside(observed.snapshot)]
    return bool(told) and not any(told)


def at_home(snapshot: Snapshot) -> tuple[str, ...]:
    """The interfaces at which the box gives addresses away, without a dot at the end."""
    links = {snapshot.get(row + "Interface") or "" for row in rows(snapshot, _POOLS)}
    return tuple(sorted(link.rstrip(".") for link in links if link))


def _outside(snapshot: Snapshot) -> list[str]:
    """The paths of the addresses that the network gives.

    Some boxes say DHCP of their own address at home as well, where they are the server.
    """
    home = at_home(snapshot)
    return [
        path
        for path in paths_like(snapshot, _WAN_ADDRESS)
        if snapshot.get(path.removesuffix("IPAddress") + "AddressingType") in _OUTSIDE
        and path.partition(".IPv4Address.")[0] not in home
    ]


def _carried(observed: Observed, row: str) -> int | None:
    """The least that is known to get through; what neighbours send says it where pages hang."""
    below = _below(observed, row)
    known = [] if below is None else [below]
    if observed.symptom is Symptom.SITES_DO_NOT_OPEN:
        known += numbers([neighbours_value(observed, row + "MaxMTUSize") or ""])
    return min(known, default=None)


def _below(observed: Observed, row: str) -> int | None:
    """What the PPP session below an interface carries."""
    layer = (observed.snapshot.get(row + "LowerLayers") or "").rstrip(".")
    if not layer.startswith("Device.PPP."):
        return None
    return number(observed.snapshot, layer + ".CurrentMRUSize")


def _no_prefix_came(observed: Observed) -> bool:
    snapshot = observed.snapshot
    told = paths_like(snapshot, r"Device\.IP\.Interface\.\d+\.IPv6Prefix\.\d+\.Prefix")
    return bool(told) and not any(snapshot.get(path) for path in told)
