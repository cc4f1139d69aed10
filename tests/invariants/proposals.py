"""Who lives in the world of the machine, and what they may come to propose."""

from collections.abc import Callable, Sequence

from brain.domain.change import Change, Command, SetParameter
from brain.domain.device import Device
from brain.domain.identity import (
    CaseId,
    Principal,
    PrincipalId,
    PrincipalKind,
    ProposalId,
    Role,
    TenantId,
)
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause, Evidence, Finding, Proposal
from evals.workbench import CHANNEL, RADIO, TENANT, ordered_id, promise, to_channel
from tests.invariants.journal import Journal

POWER = ParameterPath(RADIO + "TransmitPower")
PASSPHRASE = ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")
RESOLVER = ParameterPath("Device.DNS.Client.Server.1.DNSServer")
SECRET = "kanarie-geheim-1"


def _set(path: ParameterPath, kind: ParameterType, after: str, *, secret: bool = False) -> Change:
    return SetParameter(path=path, type=kind, before="0", after=after, secret=secret)


_POWER = _set(POWER, ParameterType.INT, "50")
PLANS: dict[str, Sequence[Change]] = {
    "channel 11": [to_channel("11")],
    "channel 1": [to_channel("1")],
    "channel and power": [to_channel("11"), _POWER],
    "power": [_POWER],
    "more power": [_set(POWER, ParameterType.INT, "75")],
    "passphrase": [_set(PASSPHRASE, ParameterType.STRING, SECRET, secret=True)],
    "restart": [Command(path=ParameterPath("Device.Reboot()"))],
    "factory reset": [Command(path=ParameterPath("Device.FactoryReset()"))],
    "resolver": [_set(RESOLVER, ParameterType.STRING, "9.9.9.9")],
}
VALUES = {CHANNEL: ("6", "11", "1", "3"), POWER: ("100", "50", "75", "10")}
"""What a stranger may write."""


def person(
    name: str, *roles: Role, groups: Sequence[str] = (), tenant: TenantId = TENANT
) -> Principal:
    return Principal(
        id=PrincipalId(name),
        tenant=tenant,
        kind=PrincipalKind.MACHINE if name.startswith("job") else PrincipalKind.PERSON,
        roles=frozenset(roles),
        groups=frozenset(groups),
    )


PEOPLE = {
    each.id: each
    for each in (
        person("sam", Role.SUPPORT),
        person("olga", Role.OPERATOR, groups=["approvers", "noc"]),
        person("job", Role.AUTOMATION, groups=["approvers", "noc"]),
        person("alex", Role.APPROVER, groups=["approvers"]),
        person("ben", Role.APPROVER, groups=["approvers", "noc"]),
        person("kim", Role.APPROVER, groups=["field"]),
        person("eve", Role.APPROVER, groups=["approvers"], tenant=TenantId("elsewhere")),
    )
}
ASKERS = ("sam", "olga", "job")
REVIEWERS = ("alex", "ben", "olga", "kim", "job", "sam", "eve")


def proposal(  # one argument for each thing that a proposal may differ in
    journal: Journal,
    device: Device,
    *,
    plan: str,
    by: str,
    author: Author,
    behalf: str,
    promised: bool,
    case: str,
    now: Callable[[], object],
) -> Proposal:
    """A proposal whose words name a subscriber, since planners do write such words."""
    seen = Evidence(text="Kanarie's radio is on a crowded channel", path=CHANNEL)
    return Proposal(
        id=ProposalId(ordered_id("prp")),
        tenant=device.tenant,
        case=CaseId(case),
        device=device.id,
        author=author,
        asked_by=PEOPLE[PrincipalId(by)].id,
        on_behalf_of=behalf,
        finding=Finding(
            cause=Cause.CONGESTED_CHANNEL,
            confidence=0.9,
            summary="Kanarie says that it is slow",
            evidence=(seen,),
        ),
        changes=tuple(PLANS[plan]),
        effect=promise() if promised else None,
        made_at=now(),  # type: ignore[arg-type]
    )
