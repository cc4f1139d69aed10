"""For each rule, one question that makes it speak: two bundles are compared by them, and a corpus
of questions grows from them.

The base question is the one of ``question_test.rego``: a support agent asks something of one known
device. A seed alters it. ``NUMBERS`` lies over the shipped numbers, so that rules about lists that
are shipped empty can speak, too.
"""

from copy import deepcopy
from typing import Any

Document = dict[str, Any]

QUIET = {"last_hour": 0, "under_way": 0}
BASE: Document = {
    "asker": {"groups": [], "id": "ann", "kind": "person", "roles": ["support"]},
    "author": "rules",
    "autonomy": None,
    "break_glass": None,
    "can_roll_back": True,
    "cause": "agent.requested",
    "controller": {"atomic_set": True, "events": True, "kind": "acs", "parameter_key": True},
    "device": {
        "country": "DE",
        "firmware": "1.0",
        "hardware": None,
        "id": "00D09E-G1-1",
        "manufacturer": "Acme",
        "model": "G1",
        "protocol": "cwmp",
        "ring": "general",
        "seen_seconds_ago": 10,
    },
    "halted": False,
    "images": {},
    "lans": {},
    "now": {
        "epoch": 1767225600,
        "local": {"minute": 60, "weekday": 3},
        "minute": 0,
        "weekday": 3,
    },
    "openings": {},
    "point": "submit",
    "pools": {},
    "radios": {},
    "service_plan": "basic",
    "shapers": {},
    "shared_by": 0,
    "tenant": "default",
    "track_record": None,
    "unreviewed": 0,
    "usage": dict.fromkeys(("device", "model", "olt", "port", "site", "tenant", "unplaced"), QUIET),
}
NUMBERS: Document = {
    "features": {
        "tea": {
            "templates": ["Device.CaptivePortal.Enable"],
            "plans": ["gold"],
            "certified": {"Acme": {"G1": ["2.0"]}},
            "countries": ["FR"],
            "roles": ["operator"],
        }
    },
    "firmware": {
        "models": {
            "Acme": {
                "G1": {
                    "versions": ["0.9", "1.0", "1.1"],
                    "rings": {"general": ["0.9", "1.0"], "pilot": ["1.1"]},
                    "images": {"https://firmware.example/g1-1.1.bin": "1.1"},
                }
            }
        }
    },
    "matrix": {
        "unknown": {"machine": "deny", "person": "review"},
        "models": {"Acme": {"G1": {each: {"*": each} for each in ("green", "red", "yellow")}}},
    },
    "schedule": {
        "freezes": {
            "xmas": {
                "from": "2026-01-01T00:00:00Z",
                "until": "2026-01-02T00:00:00Z",
                "tenants": ["south"],
            }
        }
    },
    "suspension": {"resolvers": ["192.0.2.66"], "pages": ["https://pay.example/"]},
}
GLASS: Document = {
    "by": "olga",
    "expires_in_seconds": 60,
    "kind": "person",
    "lasts_seconds": 600,
    "roles": ["operator"],
    "ticket": "INC-7",
    "ticket_length": 5,
}

CONTROLLER = "Device.X_GATEWRIGHT_Controller.Name"
TAGS = "Device.X_GATEWRIGHT_GenieACS.Tags"
RESOLVER = "Device.DNS.Client.Server.{i}.DNSServer"
CHANNEL = "Device.WiFi.Radio.{i}.Channel"
SWITCH = "Device.WiFi.Radio.{i}.Enable"
POWER = "Device.WiFi.Radio.{i}.TransmitPower"
KEY = "Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase"
MODE = "Device.WiFi.AccessPoint.{i}.Security.ModeEnabled"
PORT = "Device.NAT.PortMapping.{i}.ExternalPort"
POOL = "Device.DHCPv4.Server.Pool.{i}."
ADDRESS = "Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress"
SHAPER = "Device.QoS.Shaper.{i}.ShapingRate"
LINE = "Device.IP.Interface.{i}.Enable"
VOICE = "Device.Services.VoiceService.{i}."
COMFORT = VOICE + "CallControl.CallingFeatures.Set.{i}.CallWaitingEnable"
IMAGE = "Device.DeviceInfo.FirmwareImage.{i}."
ACTIVATE = IMAGE + "Activate()"
PORTAL = "Device.CaptivePortal.Enable"
MACHINE: Document = {"kind": "machine", "roles": ["automation"]}


def setting(template: str, after: object, before: object = None, **said: object) -> Document:
    """The base question on one parameter, with what else is said instead."""
    return asked("set", template, {"after": after, "before": before}, **said)


def asked(op: str, template: str, values: Document, **said: object) -> Document:
    """The base question on one change of this kind; mappings are laid over those of the base."""
    names = template.split(".")
    path = concrete(template)
    change = {"object": path.rpartition(".")[0] + ".", "path": path, **values}
    document = deepcopy(BASE)
    document["plan"] = {
        "changes": {template: [change]},
        "count": 1,
        "digest": "d",
        "families": {template if len(names) <= 2 else ".".join(names[:2]) + ".": True},
        "objects": [".".join(names[:end]) + "." for end in range(2, len(names))],
        "op": op,
        "part": 1,
    }
    for name, value in said.items():
        over = name in ("asker", "device", "plan") and isinstance(value, dict)
        document[name] = document[name] | value if over else value
    return document


def concrete(template: str) -> str:
    """The template in the first row of every table."""
    return template.replace("{i}", "1")


def on_radio(template: str, after: object, *, person: bool = True, **about: object) -> Document:
    """A radio parameter, with what the radio would be after the plan."""
    radio = {"band": "2.4GHz", "channel": 6, "country": "DE", "indoors": None, "width": "20MHz"}
    who = {} if person else {"asker": MACHINE, "track_record": proven(), "autonomy": alone()}
    return setting(template, after, radios={"Device.WiFi.Radio.1.": radio | about}, **who)


def proven() -> Document:
    """A record that lets a job act."""
    return {"lower_bound": 0.954, "succeeded": 80, "tried": 80}


def alone(**but: object) -> Document:
    """A level, with the evidence, that lets a job act alone."""
    earned = {"in_a_row": 80, "level": "act_alone", "lower_bound": 0.954}
    return {**earned, "succeeded": 80, "tried": 80, **but}


def on_port(**about: object) -> Document:
    """A port mapping, with the row as the plan would leave it."""
    row = {
        "enabled": True,
        "first": 8080,
        "internal": 80,
        "last": 8080,
        "private": True,
        "protocol": "TCP",
    }
    return setting(PORT, 8080, openings={concrete(PORT): row | about})


def on_pool(name: str, after: object, **about: object) -> Document:
    """A DHCP pool, with its addresses as the plan would leave them."""
    pool: Document = {"first": 110, "high": 354, "last": 300, "lease": None, "low": 101}
    pool |= {
        "kept": {"count": 0, "least": None, "left": 191, "most": None},
        "own": None,
        "router": 101,
    }
    return setting(POOL + name, after, pools={concrete(POOL + name): pool | about})


def on_lan(**about: object) -> Document:
    """A home network that moves, with its pool or without."""
    who = {"asker": about.pop("asker")} if "asker" in about else {}
    moved = {"own": True, "followed": True}
    return setting(ADDRESS, "10.77.0.1", lans={concrete(ADDRESS): moved | about}, **who)


def on_image(version: str | None, **said: object) -> Document:
    """A firmware image that would be started."""
    images = {concrete(ACTIVATE): {"url": None, "version": version}}
    return asked("command", ACTIVATE, {"arguments": {}}, images=images, **said)


def counted(count: Document) -> Document:
    """A write among so many others in the tenant."""
    usage = {**BASE["usage"], "tenant": count}
    return setting(RESOLVER, "9.9.9.9", point="execute", usage=usage)


def secret(length: int) -> Document:
    """A secret as policy is told of it: by its length alone."""
    return {"length": length, "secret": True}


def broken(**crack: object) -> Document:
    """A glass broken at the write."""
    unreviewed = crack.pop("unreviewed", 0)
    author = crack.pop("author", "rules")
    return setting(
        RESOLVER,
        "9.9.9.9",
        point="execute",
        break_glass=GLASS | crack,
        unreviewed=unreviewed,
        author=author,
    )


def in_parts(template: str, after: object) -> Document:
    """Two parameters, through a controller that nobody knows."""
    document = setting(template, after, controller=None)
    document["plan"]["count"] = 2
    return document


SEEDS: dict[str, Document] = {
    "asker.kind_unknown": setting(RESOLVER, "9.9.9.9", asker={"kind": None}),
    "asker.not_entitled": setting(RESOLVER, "9.9.9.9", asker={"roles": []}),
    "asker.machine_cannot_undo": setting(RESOLVER, "9.9.9.9", asker=MACHINE, can_roll_back=False),
    "asker.second_person": setting(RESOLVER, "9.9.9.9"),
    "asker.cannot_undo": setting(RESOLVER, "9.9.9.9", can_roll_back=False),
    "asker.machine_unproven": setting(RESOLVER, "9.9.9.9", asker=MACHINE),
    "asker.machine_reach_unknown": setting(RESOLVER, "9.9.9.9", asker=MACHINE, shared_by=None),
    "break_glass.not_a_person": broken(kind="machine"),
    "break_glass.not_entitled": broken(roles=["support"]),
    "break_glass.no_ticket": broken(ticket="", ticket_length=0),
    "break_glass.over": broken(expires_in_seconds=-1),
    "break_glass.too_long": broken(lasts_seconds=86400),
    "break_glass.unreviewed": broken(unreviewed=1000),
    "break_glass.composed_freely": broken(author="llm_composed"),
    "controller.half_would_harm": in_parts("Device.IP.Interface.{i}.MaxMTUSize", 1492),
    "controller.cannot_prove": setting(KEY, secret(12), controller=None),
    "controller.not_atomic": in_parts(RESOLVER, "9.9.9.9"),
    "calendar.frozen": setting(RESOLVER, "9.9.9.9", point="execute", tenant="south"),
    "calendar.outside_window": on_image("1.0", point="execute"),
    "calendar.unreadable": setting(RESOLVER, "9.9.9.9", point="execute", now=None),
    "compatibility.not_pilot": setting(RESOLVER, "9.9.9.9", device={"firmware": "yellow"}),
    "compatibility.pilot": setting(
        RESOLVER, "9.9.9.9", device={"firmware": "yellow", "ring": "pilot"}
    ),
    "compatibility.red": setting(RESOLVER, "9.9.9.9", device={"firmware": "red"}),
    "compatibility.unknown": setting(RESOLVER, "9.9.9.9", asker=MACHINE),
    "compatibility.unreadable": setting(RESOLVER, "9.9.9.9"),
    "compatibility.untried": setting(RESOLVER, "9.9.9.9"),
    "composed.not_composable": setting(LINE, True, author="llm_composed"),
    "composed.takes_away": setting(SWITCH, False, author="llm_composed"),
    "composed.too_many": setting(SWITCH, True, author="llm_composed", plan={"count": 5}),
    "core.not_understood": setting(RESOLVER, "9.9.9.9", point="later"),
    "core.plan_too_large": setting(RESOLVER, "9.9.9.9", plan={"count": 1000}),
    "core.not_covered": setting("Device.Bridging.Bridge.{i}.Enable", True),
    "core.halted": setting(RESOLVER, "9.9.9.9", halted=True),
    "core.device_absent": setting(
        RESOLVER, "9.9.9.9", point="execute", device={"seen_seconds_ago": 86400}
    ),
    "core.reaches_others": setting(RESOLVER, "9.9.9.9", shared_by=40),
    "core.composed_freely": setting(RESOLVER, "9.9.9.9", author="llm_composed"),
    "credentials.machine": setting(KEY, secret(12), asker=MACHINE),
    "credentials.read_by_model": setting(KEY, secret(12), author="llm_chosen"),
    "credentials.length": setting(KEY, secret(7)),
    "credentials.in_the_open": setting(KEY, "correct horse"),
    "credentials.not_from_here": setting("Device.WiFi.AccessPoint.{i}.Security.WEPKey", secret(10)),
    "credentials.no_way_back": setting(KEY, secret(12)),
    "dhcp.machine": setting("Device.DHCPv4.Server.Enable", True, asker=MACHINE),
    "dhcp.pool_outside": on_pool("MaxAddress", "10.0.9.9", last=999),
    "dhcp.lease_outside": on_pool("StaticAddress.{i}.Yiaddr", "10.0.9.9", lease=999),
    "dhcp.lease_time": setting(POOL + "LeaseTime", -1),
    "dhcp.off": setting("Device.DHCPv4.Server.Enable", False),
    "encryption.machine": setting(MODE, "WPA3-Personal", "WPA2-Personal", asker=MACHINE),
    "encryption.too_weak": setting(MODE, "None", "None"),
    "encryption.weaker": setting(MODE, "WPA2-Personal", "WPA3-Personal"),
    "encryption.drops_devices": setting(MODE, "WPA3-Personal", "WPA2-Personal"),
    "features.list_missing": setting(RESOLVER, "9.9.9.9"),
    "features.not_in_plan": setting(PORTAL, False),
    "features.not_certified": setting(PORTAL, False),
    "features.not_in_country": setting(PORTAL, False),
    "features.not_for_role": setting(PORTAL, False),
    "firmware.not_from_here": setting("Device.SoftwareModules.ExecEnv.{i}.Enable", True),
    "firmware.machine": on_image("1.0", asker=MACHINE),
    "firmware.unknown": on_image(None),
    "firmware.not_for_ring": on_image("1.1"),
    "firmware.downgrade": on_image("0.9", point="execute"),
    "firmware.older_version": on_image("0.9"),
    "firmware.network_team": on_image("1.0"),
    "lan.left_behind": on_lan(own=True, followed=False),
    "lan.machine": on_lan(asker=MACHINE),
    "lan.moves": on_lan(),
    "lan.not_of_a_home": on_lan(own=False),
    "lan.reserved_unfit": on_pool(
        "ReservedAddresses", "10.0.9.9", kept={"count": 1, "least": 999, "left": 190, "most": 999}
    ),
    "lan.router_elsewhere": on_pool("IPRouters", "10.0.9.9", own="10.0.0.1"),
    "lan.resolver_not_listed": setting(POOL + "DNSServers", "6.6.6.6"),
    "management.out_of_reach": setting("Device.ManagementServer.URL", "x", asker=MACHINE),
    "management.locked": setting("Device.ManagementServer.URL", "x"),
    "prefixes.machine": setting("Device.DHCPv6.Client.{i}.Enable", False, asker=MACHINE),
    "prefixes.off": setting("Device.DHCPv6.Client.{i}.Enable", False),
    "queues.drop_not_listed": setting("Device.QoS.Queue.{i}.DropAlgorithm", "DT"),
    "queues.rate_unfit": setting(
        SHAPER, 1, shapers={concrete(SHAPER): {"enabled": True, "rate": 1}}
    ),
    "radio.country_unknown": on_radio(CHANNEL, 6, country="XX"),
    "radio.country_mismatch": on_radio(CHANNEL, 6, country="US"),
    "radio.channel_not_allowed": on_radio(CHANNEL, 14, channel=14),
    "radio.power_out_of_range": on_radio(POWER, 101),
    "radio.channel_shared_with_radar": on_radio(CHANNEL, 100, band="5GHz", channel=100),
    "rates.not_counted": setting(RESOLVER, "9.9.9.9", point="execute", usage=None),
    "rates.too_many_an_hour": counted({"last_hour": 10_000, "under_way": 0}),
    "rates.too_many_at_once": counted({"last_hour": 0, "under_way": 10_000}),
    "regulation.locked": setting("Device.WiFi.Radio.{i}.RegulatoryDomain", "US "),
    "regulation.indoors_only": on_radio(CHANNEL, 36, person=False, band="5GHz", channel=36),
    "regulation.place_not_known": on_radio(CHANNEL, 36, band="5GHz", channel=36),
    "diagnostics.fills_the_line": asked(
        "command", "Device.IP.Diagnostics.DownloadDiagnostics()", {"arguments": {}}
    ),
    "diagnostics.leaves_the_channel": asked(
        "command", "Device.WiFi.NeighboringWiFiDiagnostic()", {"arguments": {}}
    ),
    "resets.factory_reset": asked("command", "Device.FactoryReset()", {"arguments": {}}),
    "resets.reboot": asked("command", "Device.Reboot()", {"arguments": {}}),
    "security.machine": setting("Device.UPnP.Device.UPnPIGD", False, asker=MACHINE),
    "security.not_in_the_home": on_port(private=False),
    "security.mapping_unclear": on_port(protocol=None),
    "security.port_closed": on_port(first=7547, last=7547),
    "security.firewall_lower": setting("Device.Firewall.Enable", False),
    "security.opens": on_port(),
    "security.exposes_host": setting("Device.Firewall.DMZ.{i}.Enable", True),
    "suspension.machine": setting(LINE, True, asker=MACHINE),
    "suspension.not_entitled": setting(LINE, False),
    "suspension.no_way_back": setting(LINE, False, asker={"groups": ["billing"]}),
    "suspension.page_not_listed": setting("Device.CaptivePortal.URL", "https://elsewhere.example/"),
    "suspension.four_eyes": setting(LINE, True),
    "unattended.not_alone": setting(RESOLVER, "9.9.9.9", asker=MACHINE),
    "unattended.thin": setting(RESOLVER, "9.9.9.9", asker=MACHINE, autonomy=alone(tried=1)),
    "upkeep.clock_off": setting("Device.Time.Enable", False),
    "upkeep.server_not_listed": setting("Device.Time.NTPServer1", "time.example"),
    "upkeep.value_unfit": setting("Device.Syslog.Enable", "x"),
    "voice.helper": setting("Device.Firewall.ConnectionTracking.SIP.Enable", False),
    "voice.machine": setting(VOICE + "SIP.Client.{i}.Enable", True, asker=MACHINE),
    "voice.locked": setting(VOICE + "SIP.Client.{i}.RegisterURI", "x"),
    "voice.value_unfit": setting(VOICE + "SIP.Client.{i}.Enable", "on"),
    "voice.line": setting(VOICE + "SIP.Client.{i}.Enable", True),
    "voice.comfort": setting(COMFORT, True),
    "controllers.machine": setting(CONTROLLER, "usp", asker=MACHINE),
    "controllers.unknown": setting(CONTROLLER, "snmp"),
    "controllers.move": setting(CONTROLLER, "usp"),
    "controllers.tagged_by_machine": setting(TAGS, "pilot", asker=MACHINE),
    "controllers.tags": setting(TAGS, "pilot"),
    "wan.resolver_not_listed": setting(RESOLVER, "6.6.6.6"),
    "wan.machine": setting("Device.PPP.Interface.{i}.Username", "x", asker=MACHINE),
    "wan.only_values": asked("delete", "Device.IP.Interface.{i}.", {}),
    "wan.network_team": setting("Device.PPP.Interface.{i}.Username", "x"),
    "wifi.machine": setting("Device.WiFi.SSID.{i}.Enable", True, asker=MACHINE),
    "wifi.value_unfit": setting("Device.WiFi.SSID.{i}.SSID", ""),
    "wifi.name_reserved": setting("Device.WiFi.SSID.{i}.SSID", "eduroam"),
    "wifi.goes_dark": setting("Device.WiFi.SSID.{i}.Enable", False),
    "wifi.isolation_off": setting("Device.WiFi.AccessPoint.{i}.IsolationEnable", False),
    "wifi.devices_rejoin": setting("Device.WiFi.SSID.{i}.SSID", "Moreau"),
}
WITHOUT = {"compatibility.unreadable": "matrix", "features.list_missing": "features"}
"""The numbers that have to be missing for a rule to speak; no bundle without them is loaded."""
