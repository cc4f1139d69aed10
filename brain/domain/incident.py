"""What hurts, and what we opened for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brain.domain.canonical import Json
from brain.domain.identity import CaseId, DeviceId, PrincipalId, TenantId


class Symptom(StrEnum):
    """What the subscriber feels, as intake understands their words."""

    SLOW_WIFI = "slow_wifi"
    NO_INTERNET = "no_internet"
    SITES_DO_NOT_OPEN = "sites_do_not_open"
    UNSTABLE_LINE = "unstable_line"
    DELAY = "delay"
    """Games, calls and meetings lag, while the speed is well."""
    CANNOT_JOIN = "cannot_join"
    """Something cannot get on to the Wi-Fi, or the network is not to be seen."""
    DEVICES_APART = "devices_apart"
    """Things at home do not find each other: a printer, a television to cast to."""
    BLOCKED = "blocked"
    """One game, app or VPN does not get through."""
    NOT_REACHED_FROM_OUTSIDE = "not_reached_from_outside"
    """A camera or a server at home cannot be reached from elsewhere."""
    NO_TELEVISION = "no_television"
    NO_TELEPHONE = "no_telephone"
    WRONG_CLOCK = "wrong_clock"
    NO_IPV6 = "no_ipv6"
    NOT_REPORTING = "not_reporting"
    """The box hardly calls its controller; people at home notice nothing."""
    FORGOT_WIFI_PASSPHRASE = "forgot_wifi_passphrase"  # noqa: S105 - a symptom, not a credential
    EXPLICIT_REQUEST = "explicit_request"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One conversation or one incident about one device."""

    id: CaseId
    tenant: TenantId
    device: DeviceId
    opened_by: PrincipalId
    opened_at: datetime
    symptom: Symptom = Symptom.UNCLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that was said in a case. The text may hold a subscriber's data."""

    case: CaseId
    role: str
    """Who said it: ``user``, ``assistant`` or ``system``."""
    text: str
    at: datetime
    payload: Json = None
