# METADATA
# title: Wi-Fi networks
# description: What people see of their Wi-Fi; whether it is there, and what it is called
package gatewright.change.wifi

import rego.v1

import data.gatewright.wifi

_name := "Device.WiFi.SSID.{i}.SSID"

_standards := "Device.WiFi.Radio.{i}.OperatingStandards"

_lights := {
	"Device.WiFi.AccessPoint.{i}.Enable",
	"Device.WiFi.AccessPoint.{i}.SSIDAdvertisementEnabled",
	"Device.WiFi.EndPoint.{i}.Enable",
	"Device.WiFi.Radio.{i}.Enable",
	"Device.WiFi.SSID.{i}.Enable",
}

covers := {
	"Device.WiFi.AccessPoint.{i}.Enable",
	"Device.WiFi.AccessPoint.{i}.IsolationEnable",
	"Device.WiFi.AccessPoint.{i}.SSIDAdvertisementEnabled",
	"Device.WiFi.AccessPoint.{i}.UAPSDEnable",
	"Device.WiFi.DataElements.Network.Device.{i}.Radio.{i}.SteeringPolicy",
	"Device.WiFi.EndPoint.{i}.Enable",
	"Device.WiFi.Radio.{i}.Enable",
	"Device.WiFi.Radio.{i}.OperatingStandards",
	"Device.WiFi.SSID.{i}.Enable",
	"Device.WiFi.SSID.{i}.SSID",
}

# METADATA
# title: Machines leave people's networks alone
# description: A network that is off, hidden or renamed may be so because somebody in the home wants it.
# custom:
#   code: wifi.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "wifi.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some template in _touched
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: A value that the setting cannot have
# description: A switch is on or off, a name has no blank at either end, and the rest is as listed.
# custom:
#   code: wifi.value_unfit
#   severity: deny
#   remedy: Correct the value.
deny contains {"code": "wifi.value_unfit", "path": change.path} if {
	some change in _unfit
}

# METADATA
# title: A name that is not the subscriber's
# description: The old or the new name is one that the operator keeps for networks of its own.
# custom:
#   code: wifi.name_reserved
#   severity: deny
#   remedy: Choose another name; the operator's own networks are not renamed from here.
deny contains {"code": "wifi.name_reserved", "path": change.path} if {
	some template in _touched
	template == _name
	changes := input.plan.changes[template]
	some change in changes
	not _own_name(change)
}

# METADATA
# title: Wi-Fi goes off
# description: Everybody who uses this network is cut off, or can no longer find it.
# custom:
#   code: wifi.goes_dark
#   severity: review
#   remedy: Make sure that the subscriber asked for it and has another way to reach you.
review contains {"code": "wifi.goes_dark", "path": change.path, "group": "approvers"} if {
	some template in _touched
	_lights[template]
	changes := input.plan.changes[template]
	some change in changes
	not change.after == true
}

# METADATA
# title: Guests could reach the home
# description: Without isolation, whoever is on this network can reach the other devices on it.
# custom:
#   code: wifi.isolation_off
#   severity: review
#   remedy: Leave a guest network isolated.
review contains {"code": "wifi.isolation_off", "path": change.path, "group": "approvers"} if {
	some template in _touched
	template == "Device.WiFi.AccessPoint.{i}.IsolationEnable"
	changes := input.plan.changes[template]
	some change in changes
	not change.after == true
}

# METADATA
# title: Devices have to join anew
# description: Under a new name no device comes back by itself, and without its standard an old one never.
# custom:
#   code: wifi.devices_rejoin
#   severity: review
#   remedy: Make sure that the subscriber is ready to set up each device again.
review contains {"code": "wifi.devices_rejoin", "path": change.path, "group": "approvers"} if {
	some template in _touched
	_rejoining[template]
	changes := input.plan.changes[template]
	some change in changes
}

# What the plan touches of it, which is mostly nothing: looked up once.
_touched := [template |
	some template in covers
	input.plan.changes[template]
]

_switches := _lights | {
	"Device.WiFi.AccessPoint.{i}.IsolationEnable",
	"Device.WiFi.AccessPoint.{i}.UAPSDEnable",
}

_rejoining := {_name, _standards}

_unfit contains change if {
	some template in _touched
	_switches[template]
	changes := input.plan.changes[template]
	some change in changes
	not _switched(change)
}

_unfit contains change if {
	some template in _touched
	_rejoining[template]
	changes := input.plan.changes[template]
	some change in changes
	not _written(change)
}

_unfit contains change if {
	some template in _touched
	template == "Device.WiFi.DataElements.Network.Device.{i}.Radio.{i}.SteeringPolicy"
	changes := input.plan.changes[template]
	some change in changes
	not _steered(change)
}

_switched(change) if change.after in {true, false}

_written(change) if {
	is_string(change.after)
	change.after != ""
	not _blank_at_an_end(change)
}

_blank_at_an_end(change) if startswith(change.after, " ")

_blank_at_an_end(change) if endswith(change.after, " ")

_steered(change) if change.after in wifi.steering

_kept := {name | some name in wifi.operator_names}

_own_name(change) if {
	count(wifi.operator_names) >= 0
	count(_kept & {change.after, change.before}) == 0
}
