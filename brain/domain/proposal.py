"""What the planner claims would help. It is a claim: untrusted until grounded and judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from brain.domain.change import Change
from brain.domain.identity import CaseId, DeviceId, PrincipalId, ProposalId, TenantId
from brain.domain.parameter import ParameterPath, Value, whole_number


class Cause(StrEnum):
    """The reasons the planner can find. ``UNKNOWN`` is an honest answer."""

    CONGESTED_CHANNEL = "wifi.congested_channel"
    WRONG_WIDTH = "wifi.wrong_width"
    LOW_POWER = "wifi.low_power"
    WEAK_COVERAGE = "wifi.weak_coverage"
    BAND_STEERING_OFF = "wifi.band_steering_off"
    RADIO_OFF = "wifi.radio_off"
    NETWORK_OFF = "wifi.network_off"
    GUEST_ISOLATION = "wifi.guest_isolation"
    OLD_CLIENT = "wifi.old_client"
    RADAR = "wifi.radar"
    MESH_BACKHAUL = "wifi.mesh_backhaul"
    FORGOTTEN_PASSPHRASE = "wifi.forgotten_passphrase"  # noqa: S105 - a cause, not a credential
    WRONG_DNS = "wan.wrong_dns"
    LOGIN_REFUSED = "wan.login_refused"
    WRONG_VLAN = "wan.wrong_vlan"
    WRONG_MTU = "wan.wrong_mtu"
    NO_IPV6_PREFIX = "wan.no_ipv6_prefix"
    DOUBLE_NAT = "wan.double_nat"
    SUSPENDED = "wan.suspended"
    POOL_EXHAUSTED = "lan.pool_exhausted"
    ADDRESS_CLASH = "lan.address_clash"
    FIREWALL_BLOCKS = "lan.firewall_blocks"
    PORT_MAPPING_MISSING = "lan.port_mapping_missing"
    BUFFER_BLOAT = "service.buffer_bloat"
    IGMP_OFF = "service.igmp_off"
    VOICE_NOT_REGISTERED = "service.voice_not_registered"
    VOICE_CODEC = "service.voice_codec"
    WRONG_TIME = "service.wrong_time"
    MEMORY_LEAK = "device.memory_leak"
    KNOWN_BUG = "device.known_bug"
    LOG_FLOOD = "device.log_flood"
    WEAK_OPTICAL_SIGNAL = "access.weak_optical_signal"
    DSL_NOISE = "access.dsl_noise"
    CABLE_NOISE = "access.cable_noise"
    WEAK_CELL = "access.weak_cell"
    SHARED_UPSTREAM = "access.shared_upstream"
    OUTAGE = "access.outage"
    CLIENTS_OWN_TROUBLE = "home.clients_own_trouble"
    WRONG_INFORM = "management.wrong_inform"
    HEALED = "none.healed"
    NOTHING_WRONG = "none.nothing_wrong"
    REQUESTED = "agent.requested"
    UNKNOWN = "unknown"

    @property
    def kind(self) -> str:
        """What part of a home it is of: ``wifi``, ``wan``, ``lan``, ``service``, ``access``, ..."""
        return self.value.partition(".")[0]


class Author(StrEnum):
    """Which planner composed the proposal; policy treats free composition as riskier."""

    RULES = "rules"
    LLM_CHOSEN = "llm_chosen"
    LLM_COMPOSED = "llm_composed"
    PERSON = "person"


class Direction(StrEnum):
    """Which way a metric has to move."""

    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was seen, in the words of a person, with where it was seen."""

    text: str
    path: ParameterPath | None = None
    value: Value | None = None
    guard: bool = False
    """The proposal stands or falls with it: if it moves before the write, plan anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the change promises: after ``within``, ``metric`` has moved by at least ``by``."""

    metric: ParameterPath
    direction: Direction
    before: Value
    by: int
    within: timedelta

    def kept(self, after: Value | None) -> bool | None:
        """Whether the promise was kept; None when the metric cannot be read."""
        gain = self.gain(after)
        return None if gain is None else gain >= self.by

    def worse(self, after: Value | None) -> bool | None:
        """Whether things are worse than before; None when the metric cannot be read."""
        gain = self.gain(after)
        return None if gain is None else gain < 0

    def shown(self, value: Value | None) -> str:
        """A value of the metric for a person; TR-181 counts utilisation from 0 to 255."""
        share = whole_number(value) if self.metric.endswith(".Utilization") else None
        if share is not None:
            return f"{share * 100 / 255:.0f} %"
        return value or "unreadable"

    @property
    def promise(self) -> str:
        """What is promised, in a sentence for a person."""
        sense = "falls" if self.direction is Direction.DOWN else "rises"
        return (
            f"{self.name} {sense} from {self.shown(self.before)} by at least "
            f"{self.shown(str(self.by))} within {self.within.total_seconds():.0f} s."
        )

    @property
    def name(self) -> str:
        """The metric's own name, without the objects it is in."""
        return self.metric.rpartition(".")[2]

    def gain(self, after: Value | None) -> int | None:
        """How far it moved the way it was to move; None when either reading is no number."""
        try:
            moved = int(after or "") - int(self.before)
        except ValueError:
            return None
        return moved if self.direction is Direction.UP else -moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason, how sure the planner is of it (0 to 1), and what it rests on."""

    cause: Cause
    confidence: float
    summary: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Changes to one device that the planner claims would help.

    An empty ``changes`` is a proposal too: *no change here*, with the evidence for somebody else.
    """

    id: ProposalId
    tenant: TenantId
    case: CaseId
    device: DeviceId
    author: Author
    asked_by: PrincipalId
    """Who asked: the support agent, or the job."""
    on_behalf_of: str = ""
    """The subscriber it is for, by id."""
    finding: Finding
    changes: tuple[Change, ...] = ()
    effect: Effect | None = None
    hand_over: str = ""
    """When nothing should change here: what somebody else needs to know, and who."""
    made_at: datetime
