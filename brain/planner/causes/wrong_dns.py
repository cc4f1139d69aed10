"""A resolver that does not answer, or one that nobody here runs: names lead nowhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.proposal import Cause, Evidence, Finding
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.causes.way_out import outside_addresses, outside_told_empty

_SERVER = re.compile(r"Device\.DNS\.Client\.Server\.(\d+)\.DNSServer")
_POOL = re.compile(r"Device\.DHCPv4\.Server\.Pool\.(\d+)\.DNSServers")
_OWN = re.compile(
    r"Device\.(?:IP\.Interface\.\d+\.IPv4Address\.\d+\.IPAddress"
    r"|DHCPv4\.Server\.Pool\.\d+\.IPRouters)"
)
_NAMES_FAIL = frozenset({Symptom.SITES_DO_NOT_OPEN, Symptom.NO_INTERNET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """One row of ``Device.DNS.Client.Server.``."""

    index: int
    address: str
    failing: bool
    silent: bool
    """The device does not say whether it answers."""
    given: bool
    """The network gave it (DHCP, PPP, router advertisement), so it is not ours to set."""

    @property
    def path(self) -> str:
        """Where its address is set."""
        return f"Device.DNS.Client.Server.{self.index}.DNSServer"


def resolvers(snapshot: Snapshot) -> tuple[Resolver, ...]:
    """The enabled resolvers of the device, in order."""
    indexes = sorted(int(found[1]) for found in map(_SERVER.fullmatch, snapshot.values) if found)
    return tuple(
        _resolver(snapshot, index)
        for index in indexes
        if snapshot.get(f"Device.DNS.Client.Server.{index}.Enable") != "false"
    )


def wrong_dns(observed: Observed) -> list[Candidate]:
    """New resolvers for those that are wrong; a hand-over when the network gave them.

    Where the device has no address outside, no resolver can answer, and none is to blame.
    """
    wrong = [each for each in resolvers(observed.snapshot) if _is_wrong(observed, each)]
    ours = [each for each in wrong if not each.given]
    pool = _pool_changes(observed)
    if not wrong and not pool:
        return []
    evidence = tuple(_told(observed.snapshot, each) for each in wrong)
    if wrong and not ours and not pool and not outside_told_empty(observed):
        return [_hand_over(wrong, evidence)]
    return _repair(observed, ours, pool, evidence)


def _repair(
    observed: Observed,
    wrong: list[Resolver],
    pool: dict[str, str],
    evidence: tuple[Evidence, ...],
) -> list[Candidate]:
    fresh = _unused(observed)
    settings = {each.path: address for each, address in zip(wrong, fresh, strict=False)} | pool
    if not settings:
        return []
    snapshot = observed.snapshot
    failing = any(each.failing for each in wrong)
    rows = tuple(path.rpartition(".")[0] + ".Enable" for path in settings)
    return [
        Candidate(
            id="dns",
            finding=Finding(
                cause=Cause.WRONG_DNS,
                confidence=0.85 if failing else 0.6,
                summary="The device asks a resolver that does not answer."
                if failing
                else "The device asks a resolver that is not one of ours.",
                evidence=(*evidence, *guards(snapshot, *rows)),
            ),
            summary=f"Set the resolver to {', '.join(dict.fromkeys(settings.values()))}.",
            changes=tuple(wanted(snapshot, path, value) for path, value in settings.items()),
        )
    ]


def _hand_over(wrong: list[Resolver], evidence: tuple[Evidence, ...]) -> Candidate:
    listed = ", ".join(each.address for each in wrong)
    return Candidate(
        id="dns-given",
        finding=Finding(
            cause=Cause.WRONG_DNS,
            confidence=0.7,
            summary="The network gives the device a resolver that does not answer.",
            evidence=evidence,
        ),
        summary="Change nothing here: the resolver comes from the network.",
        hand_over=f"For the network team: check the resolver that is given to homes: {listed}.",
    )


def _resolver(snapshot: Snapshot, index: int) -> Resolver:
    at = f"Device.DNS.Client.Server.{index}."
    return Resolver(
        index=index,
        address=snapshot.get(at + "DNSServer") or "",
        failing=snapshot.get(at + "Status") == "Error",
        silent=snapshot.get(at + "Status") is None,
        given=snapshot.get(at + "Type") not in (None, "", "Static")
        or snapshot.writable.get(ParameterPath(at + "DNSServer")) is False,
    )


def _is_wrong(observed: Observed, resolver: Resolver) -> bool:
    """Failing, or foreign while names do not resolve. A resolver of one's own is no fault.

    Where the device does not say whether it answers, no internet at all may be names as well.
    """
    foreign = bool(observed.deps.resolvers) and resolver.address not in observed.deps.resolvers
    nothing = observed.symptom is Symptom.NO_INTERNET and resolver.silent
    names_fail = observed.symptom is Symptom.SITES_DO_NOT_OPEN or (
        nothing and bool(outside_addresses(observed))
    )
    return resolver.failing or (foreign and names_fail and not resolver.given)


def _unused(observed: Observed) -> list[str]:
    used = {each.address for each in resolvers(observed.snapshot)}
    return [address for address in observed.deps.resolvers if address not in used]


def _pool_changes(observed: Observed) -> dict[str, str]:
    """What hosts at home are told to ask, when that is none of ours and not the device itself."""
    if observed.symptom not in _NAMES_FAIL or not observed.deps.resolvers:
        return {}
    snapshot = observed.snapshot
    own = {value for path, value in snapshot.values.items() if _OWN.fullmatch(path)}
    fine = own | set(observed.deps.resolvers)
    return {
        path: ",".join(observed.deps.resolvers[:2])
        for path, told in _pools(snapshot)
        if told and not set(told.replace(" ", "").split(",")) & fine
    }


def _pools(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for path, value in sorted(snapshot.values.items()):
        if _POOL.fullmatch(path) and snapshot.writable.get(path) is not False:
            yield str(path), value


def _told(snapshot: Snapshot, resolver: Resolver) -> Evidence:
    how = "does not answer" if resolver.failing else "is not one of the operator's"
    return seen(snapshot, resolver.path, f"Resolver {resolver.address} {how}.")
