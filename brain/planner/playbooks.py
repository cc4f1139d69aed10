"""Every playbook of a trouble. The commonest come first."""

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.causes import (
    box,
    buffer_bloat,
    doors,
    home_addresses,
    lines,
    login,
    management,
    nothing,
    reach,
    services,
    switched_off,
    way_out,
    wifi_settings,
)
from brain.planner.causes.congested_channel import congested_channel
from brain.planner.causes.mesh_backhaul import mesh_backhaul
from brain.planner.causes.radar import radar
from brain.planner.causes.weak_optical import weak_optical
from brain.planner.causes.wrong_dns import wrong_dns
from brain.planner.causes.wrong_width import wrong_width
from brain.planner.groups import Group
from brain.planner.playbook import MAY_FOLLOW, PERHAPS_WANTED, Playbook

_SLOW = frozenset({Symptom.SLOW_WIFI, Symptom.UNSTABLE_LINE})
_LATE = _SLOW | {Symptom.DELAY}
_GONE = frozenset({Symptom.NO_INTERNET, Symptom.SITES_DO_NOT_OPEN})
_OUT = frozenset({Symptom.CANNOT_JOIN})
_LINE = _LATE | _GONE | {Symptom.NO_TELEVISION, Symptom.NO_TELEPHONE}
_BELOW = 0.55
"""What a fault of the line is worth where something above it hurts: people name what they see."""

_AIR = (Group.RADIOS, Group.NEIGHBOURING_WIFI, Group.UTILISATION, Group.ACCESS_POINTS)
_JOINED = (Group.RADIOS, Group.ACCESS_POINTS, Group.HOSTS)
_WAN = (Group.SESSION, Group.ADDRESSES)
_LAN = (Group.DNS, Group.HOSTS, Group.ADDRESSES)

PLAYBOOKS: tuple[Playbook, ...] = (
    Playbook(
        cause=Cause.CONGESTED_CHANNEL,
        explains=_SLOW,
        otherwise=0.6,
        reads=_AIR,
        find=congested_channel,
    ),
    Playbook(cause=Cause.RADAR, explains=_SLOW, otherwise=0.6, reads=_AIR, find=radar),
    Playbook(cause=Cause.WRONG_WIDTH, explains=_SLOW, otherwise=0.6, reads=_AIR, find=wrong_width),
    Playbook(
        cause=Cause.BAND_STEERING_OFF,
        explains=_SLOW,
        reads=_AIR,
        find=wifi_settings.band_steering_off,
    ),
    Playbook(
        cause=Cause.LOW_POWER,
        explains=_SLOW | _OUT,
        otherwise=0.5,
        reads=_JOINED,
        find=reach.low_power,
    ),
    Playbook(
        cause=Cause.WEAK_COVERAGE, explains=_SLOW | _OUT, reads=_JOINED, find=reach.weak_coverage
    ),
    Playbook(
        cause=Cause.CLIENTS_OWN_TROUBLE,
        explains=_LATE | _OUT,
        otherwise=0.6,
        reads=_JOINED,
        find=reach.clients_own_trouble,
    ),
    Playbook(
        cause=Cause.RADIO_OFF,
        explains=_SLOW | _OUT | _GONE,
        reads=_JOINED,
        find=switched_off.radio_off,
    ),
    Playbook(
        cause=Cause.NETWORK_OFF,
        explains=_SLOW | _OUT | _GONE,
        reads=_JOINED,
        find=switched_off.network_off,
    ),
    Playbook(
        cause=Cause.OLD_CLIENT,
        explains=_OUT,
        alone=PERHAPS_WANTED,
        reads=_JOINED,
        find=wifi_settings.old_client,
    ),
    Playbook(
        cause=Cause.GUEST_ISOLATION,
        explains=frozenset({Symptom.DEVICES_APART}),
        alone=PERHAPS_WANTED,
        reads=(Group.RADIOS, Group.ACCESS_POINTS),
        find=wifi_settings.guest_isolation,
    ),
    Playbook(
        cause=Cause.MESH_BACKHAUL,
        explains=_SLOW,
        otherwise=0.6,
        reads=(Group.EXTENDER,),
        find=mesh_backhaul,
    ),
    Playbook(
        cause=Cause.WRONG_DNS,
        explains=_GONE,
        otherwise=0.7,
        reads=(Group.DNS, Group.ADDRESSES),
        find=wrong_dns,
    ),
    Playbook(
        cause=Cause.LOGIN_REFUSED,
        explains=_LINE,
        otherwise=_BELOW,
        reads=_WAN,
        find=login.login_refused,
    ),
    Playbook(
        cause=Cause.WRONG_VLAN, explains=_LINE, otherwise=_BELOW, reads=_WAN, find=login.wrong_vlan
    ),
    Playbook(
        cause=Cause.WRONG_MTU,
        explains=_GONE,
        otherwise=0.7,
        reads=_WAN,
        find=way_out.wrong_mtu,
    ),
    Playbook(
        cause=Cause.NO_IPV6_PREFIX,
        explains=frozenset({Symptom.NO_IPV6}),
        alone=PERHAPS_WANTED,
        reads=_WAN,
        find=way_out.no_ipv6_prefix,
    ),
    Playbook(
        cause=Cause.DOUBLE_NAT,
        explains=frozenset({Symptom.NOT_REACHED_FROM_OUTSIDE}),
        alone=PERHAPS_WANTED,
        reads=(Group.ADDRESSES, Group.DNS),
        find=way_out.double_nat,
    ),
    Playbook(
        cause=Cause.SUSPENDED, explains=_LINE, otherwise=_BELOW, reads=(), find=way_out.suspended
    ),
    Playbook(
        cause=Cause.POOL_EXHAUSTED,
        explains=_GONE | _OUT,
        otherwise=0.5,
        reads=_LAN,
        find=home_addresses.pool_exhausted,
    ),
    Playbook(
        cause=Cause.ADDRESS_CLASH,
        explains=_GONE | _OUT | {Symptom.DEVICES_APART},
        otherwise=0.7,
        reads=_LAN,
        find=home_addresses.address_clash,
    ),
    Playbook(
        cause=Cause.FIREWALL_BLOCKS,
        explains=frozenset({Symptom.BLOCKED}),
        alone=PERHAPS_WANTED,
        reads=(Group.FIREWALL,),
        find=doors.firewall_blocks,
    ),
    Playbook(
        cause=Cause.PORT_MAPPING_MISSING,
        explains=frozenset({Symptom.NOT_REACHED_FROM_OUTSIDE}),
        alone=PERHAPS_WANTED,
        reads=(Group.MAPPINGS, *_LAN),
        find=doors.port_mapping_missing,
    ),
    Playbook(
        cause=Cause.BUFFER_BLOAT,
        explains=_LATE,
        reads=(Group.QUEUES, Group.LOOKS),
        find=buffer_bloat.buffer_bloat,
    ),
    Playbook(
        cause=Cause.IGMP_OFF,
        explains=frozenset({Symptom.NO_TELEVISION}),
        alone=PERHAPS_WANTED,
        reads=(Group.VENDOR,),
        find=services.igmp_off,
    ),
    Playbook(
        cause=Cause.VOICE_NOT_REGISTERED,
        explains=frozenset({Symptom.NO_TELEPHONE}),
        alone=MAY_FOLLOW,
        reads=(Group.VENDOR, Group.FIREWALL, Group.ADDRESSES),
        find=services.voice_not_registered,
    ),
    Playbook(
        cause=Cause.VOICE_CODEC,
        explains=frozenset({Symptom.NO_TELEPHONE}),
        alone=PERHAPS_WANTED,
        reads=(Group.VENDOR,),
        find=services.voice_codec,
    ),
    Playbook(
        cause=Cause.WRONG_TIME,
        explains=frozenset({Symptom.WRONG_CLOCK}),
        alone=MAY_FOLLOW,
        reads=(Group.TIME, Group.ADDRESSES),
        find=services.wrong_time,
    ),
    Playbook(
        cause=Cause.MEMORY_LEAK,
        explains=_LATE,
        otherwise=0.6,
        reads=(Group.IDENTITY,),
        find=box.memory_leak,
    ),
    Playbook(
        cause=Cause.LOG_FLOOD,
        explains=_LATE,
        otherwise=0.55,
        reads=(Group.IDENTITY, Group.LOG),
        find=box.log_flood,
    ),
    Playbook(
        cause=Cause.KNOWN_BUG,
        explains=_LINE,
        otherwise=1.0,
        reads=(Group.IDENTITY, Group.ACCESS_POINTS),
        find=box.known_bug,
    ),
    Playbook(
        cause=Cause.WEAK_OPTICAL_SIGNAL,
        explains=_LINE,
        otherwise=_BELOW,
        reads=(Group.OPTICAL,),
        find=weak_optical,
    ),
    Playbook(
        cause=Cause.DSL_NOISE,
        explains=_LINE,
        otherwise=_BELOW,
        reads=(Group.LINE,),
        find=lines.dsl_noise,
    ),
    Playbook(
        cause=Cause.CABLE_NOISE,
        explains=_LINE,
        otherwise=_BELOW,
        reads=(Group.LINE,),
        find=lines.cable_noise,
    ),
    Playbook(
        cause=Cause.WEAK_CELL,
        explains=_LINE,
        otherwise=_BELOW,
        reads=(Group.LINE,),
        find=lines.weak_cell,
    ),
    Playbook(
        cause=Cause.OUTAGE,
        explains=_LINE,
        otherwise=_BELOW,
        reads=(Group.OPTICAL, Group.LINE),
        find=lines.line_down,
    ),
    Playbook(
        cause=Cause.WRONG_INFORM,
        explains=frozenset({Symptom.NOT_REPORTING}),
        alone=PERHAPS_WANTED,
        reads=(Group.CALLING,),
        find=management.wrong_inform,
    ),
    Playbook(
        cause=Cause.HEALED,
        explains=_LINE,
        alone=PERHAPS_WANTED,
        reads=(Group.IDENTITY, Group.OPTICAL, Group.LINE),
        find=nothing.healed,
    ),
)
"""In the order in which they are looked for; of two that are equally sure the first is offered."""
