"""The RPCs about when a device calls: notifications of parameters, scheduled Informs, and kicks.

With them are vouchers and options, which CWMP deprecates and old devices still know.
"""

from dataclasses import dataclass
from enum import IntEnum

from executors.acs.layout import named


class Notification(IntEnum):
    """Whether a device tells of a change by itself (A.3.2.4); 3 to 6 are lightweight, of 1.4."""

    OFF = 0
    PASSIVE = 1
    """In the next Inform."""
    ACTIVE = 2
    """At once, with ``4 VALUE CHANGE``."""
    PASSIVE_LIGHTWEIGHT = 3
    PASSIVE_BOTH = 4
    ACTIVE_LIGHTWEIGHT = 5
    PASSIVE_AND_ACTIVE_LIGHTWEIGHT = 6


SUBSCRIBER = "Subscriber"
"""The one name an AccessList may hold: people in the home may write it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParameterAttribute:
    """SetParameterAttributesStruct; what is not to change is ignored by the device."""

    name: str
    notification_change: bool = False
    notification: int = Notification.OFF.value
    access_list_change: bool = False
    access_list: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetParameterAttributes:
    """Set all of these or none; 9009 when one may not be notified (A.3.2.4)."""

    parameters: tuple[SetParameterAttribute, ...] = named(
        "ParameterList", item="SetParameterAttributesStruct"
    )


@dataclass(frozen=True, slots=True)
class SetParameterAttributesResponse:
    """They are set."""


@dataclass(frozen=True, slots=True)
class GetParameterAttributes:
    """The attributes of parameters, or of all below a path that ends in a dot (A.3.2.5)."""

    names: tuple[str, ...] = named("ParameterNames")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterAttribute:
    """ParameterAttributeStruct."""

    name: str
    notification: int = Notification.OFF.value
    access_list: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GetParameterAttributesResponse:
    """The attributes asked for."""

    parameters: tuple[ParameterAttribute, ...] = named("ParameterList")


@dataclass(frozen=True, slots=True)
class ScheduleInform:
    """Call with ``3 SCHEDULED`` so many seconds from now (A.4.1.2)."""

    delay_seconds: int
    command_key: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleInformResponse:
    """The device will call."""


@dataclass(frozen=True, slots=True)
class Kicked:
    """Somebody followed a link on the device's own pages. Deprecated (A.4.2.1)."""

    command: str = ""
    referer: str = ""
    arg: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class KickedResponse:
    """Where the browser goes; empty: nowhere, since what a browser sent is not to be believed."""

    next_url: str = ""


@dataclass(frozen=True, slots=True)
class SetVouchers:
    """Options to enable or disable, each a base64 text. Deprecated (A.4.1.3)."""

    vouchers: tuple[str, ...] = named("VoucherList", item="base64")


@dataclass(frozen=True, slots=True)
class SetVouchersResponse:
    """They are set."""


@dataclass(frozen=True, slots=True)
class GetOptions:
    """The state of one option, or of all when the name is empty. Deprecated (A.4.1.4)."""

    option_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """OptionStruct, its numbers as the standard has them."""

    option_name: str
    voucher_sn: int = 0
    state: int = 0
    mode: int = 0
    start_date: str = ""
    expiration_date: str = ""
    is_transferable: int = 0


@dataclass(frozen=True, slots=True)
class GetOptionsResponse:
    """The options asked for."""

    options: tuple[Option, ...] = named("OptionList")
