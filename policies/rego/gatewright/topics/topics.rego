# METADATA
# title: All topics
# description: |
#   Every topic by name, each behind the families of objects that it is about, so that a topic that a
#   plan does not touch costs nothing. A topic that is missing here, or that is about an object outside
#   of the families that it stands behind, is refused when the bundle is loaded. What a plan touches
#   and no topic that was asked covers is denied, so a family that nobody named lets nothing through.
package gatewright.topics

import rego.v1

import data.gatewright.change.credentials
import data.gatewright.change.firmware
import data.gatewright.change.lan
import data.gatewright.change.management
import data.gatewright.change.radio
import data.gatewright.change.resets
import data.gatewright.change.wan

denials contains finding if {
	_wifi
	some finding in credentials.deny
}

denials contains finding if {
	_images
	some finding in firmware.deny
}

denials contains finding if {
	_pools
	some finding in lan.deny
}

denials contains finding if {
	_management
	some finding in management.deny
}

denials contains finding if {
	_wifi
	some finding in radio.deny
}

denials contains finding if {
	_resets
	some finding in resets.deny
}

denials contains finding if {
	_line
	some finding in wan.deny
}

reviews contains finding if {
	_wifi
	some finding in credentials.review
}

reviews contains finding if {
	_wifi
	some finding in radio.review
}

reviews contains finding if {
	_resets
	some finding in resets.review
}

reviews contains finding if {
	_line
	some finding in wan.review
}

# The templates that the plan touches and no topic covers.
uncovered contains template if {
	changes := input.plan.changes
	some template, _ in changes
	not _covered(template)
}

_covered(template) if {
	_wifi
	credentials.covers[template]
}

_covered(template) if {
	_wifi
	radio.covers[template]
}

_covered(template) if {
	_pools
	lan.covers[template]
}

_covered(template) if {
	_resets
	resets.covers[template]
}

_covered(template) if {
	_line
	wan.covers[template]
}

_touched := input.plan.families

# Each with a default, so that the embedded engine keeps that it does not hold.

default _images := false

_images if _touched["Device.DeviceInfo."]

_images if _touched["Device.SoftwareModules."]

default _line := false

_line if _touched["Device.DNS."]

_line if _touched["Device.Ethernet."]

_line if _touched["Device.IP."]

_line if _touched["Device.PPP."]

_line if _touched["Device.Routing."]

default _management := false

_management if _touched["Device.CWMPManagementServer."]

_management if _touched["Device.LocalAgent."]

_management if _touched["Device.ManagementServer."]

_management if _touched["Device.MQTT."]

_management if _touched["Device.STOMP."]

_management if _touched["Device.UserInterface."]

_management if _touched["Device.Users."]

_management if _touched["Device.WebSocket."]

default _pools := false

_pools if _touched["Device.DHCPv4."]

default _resets := false

_resets if _touched["Device.FactoryReset()"]

_resets if _touched["Device.Reboot()"]

default _wifi := false

_wifi if _touched["Device.WiFi."]
