# METADATA
# title: All topics
# description: |
#   Every topic by name, each behind the families of objects that it is about, so that a topic that a
#   plan does not touch costs nothing. A topic that is missing here, or that is about an object outside
#   of the families that it stands behind, is refused when the bundle is loaded. What a plan touches
#   and no topic that was asked covers is denied, so a family that nobody named lets nothing through.
package gatewright.topics

import rego.v1

import data.gatewright.change.controllers
import data.gatewright.change.credentials
import data.gatewright.change.dhcp
import data.gatewright.change.diagnostics
import data.gatewright.change.encryption
import data.gatewright.change.features
import data.gatewright.change.firmware
import data.gatewright.change.lan
import data.gatewright.change.management
import data.gatewright.change.prefixes
import data.gatewright.change.queues
import data.gatewright.change.radio
import data.gatewright.change.regulation
import data.gatewright.change.resets
import data.gatewright.change.security
import data.gatewright.change.suspension
import data.gatewright.change.upkeep
import data.gatewright.change.voice
import data.gatewright.change.wan
import data.gatewright.change.wifi

denials contains finding if some finding in controllers.deny

denials contains finding if {
	_wifi
	some finding in credentials.deny
}

denials contains finding if {
	_home
	some finding in dhcp.deny
}

denials contains finding if {
	_wifi
	some finding in encryption.deny
}

denials contains finding if some finding in features.deny

denials contains finding if {
	_images
	some finding in firmware.deny
}

denials contains finding if {
	_home
	some finding in lan.deny
}

denials contains finding if {
	_management
	some finding in management.deny
}

denials contains finding if {
	_six
	some finding in prefixes.deny
}

denials contains finding if {
	_queues
	some finding in queues.deny
}

denials contains finding if {
	_wifi
	some finding in radio.deny
}

denials contains finding if {
	_wifi
	some finding in regulation.deny
}

denials contains finding if {
	_resets
	some finding in resets.deny
}

denials contains finding if {
	_inbound
	some finding in security.deny
}

denials contains finding if {
	_service
	some finding in suspension.deny
}

denials contains finding if {
	_upkeep
	some finding in upkeep.deny
}

denials contains finding if {
	_voice
	some finding in voice.deny
}

denials contains finding if {
	_line
	some finding in wan.deny
}

denials contains finding if {
	_wifi
	some finding in wifi.deny
}

reviews contains finding if some finding in controllers.review

reviews contains finding if {
	_wifi
	some finding in credentials.review
}

reviews contains finding if {
	_home
	some finding in dhcp.review
}

reviews contains finding if {
	_wifi
	some finding in encryption.review
}

reviews contains finding if {
	_images
	some finding in firmware.review
}

reviews contains finding if {
	_home
	some finding in lan.review
}

reviews contains finding if {
	_six
	some finding in prefixes.review
}

reviews contains finding if {
	_wifi
	some finding in radio.review
}

reviews contains finding if {
	_wifi
	some finding in regulation.review
}

reviews contains finding if some finding in diagnostics.review

reviews contains finding if {
	_resets
	some finding in resets.review
}

reviews contains finding if {
	_inbound
	some finding in security.review
}

reviews contains finding if {
	_service
	some finding in suspension.review
}

reviews contains finding if {
	_upkeep
	some finding in upkeep.review
}

reviews contains finding if {
	_voice
	some finding in voice.review
}

reviews contains finding if {
	_line
	some finding in wan.review
}

reviews contains finding if {
	_wifi
	some finding in wifi.review
}

# The templates that the plan touches and no topic covers.
uncovered contains template if {
	changes := input.plan.changes
	some template, _ in changes
	not _covered(template)
}

_covered(template) if controllers.covers[template]

_covered(template) if {
	_wifi
	credentials.covers[template]
}

_covered(template) if {
	_home
	dhcp.covers[template]
}

_covered(template) if {
	_wifi
	encryption.covers[template]
}

_covered(template) if {
	_images
	firmware.covers[template]
}

_covered(template) if {
	_home
	lan.covers[template]
}

_covered(template) if {
	_six
	prefixes.covers[template]
}

_covered(template) if {
	_queues
	queues.covers[template]
}

_covered(template) if {
	_wifi
	radio.covers[template]
}

_covered(template) if diagnostics.covers[template]

_covered(template) if {
	_resets
	resets.covers[template]
}

_covered(template) if {
	_inbound
	security.covers[template]
}

_covered(template) if {
	_service
	suspension.covers[template]
}

_covered(template) if {
	_upkeep
	upkeep.covers[template]
}

_covered(template) if {
	_line
	wan.covers[template]
}

_covered(template) if {
	_wifi
	wifi.covers[template]
}

_touched := input.plan.families

# Each with a default, so that the embedded engine keeps that it does not hold.

default _home := false

_home if _touched["Device.DHCPv4."]

_home if _touched["Device.IP."]

default _images := false

_images if _touched["Device.DeviceInfo."]

_images if _touched["Device.SoftwareModules."]

default _inbound := false

_inbound if _touched["Device.Firewall."]

_inbound if _touched["Device.NAT."]

_inbound if _touched["Device.UPnP."]

default _line := false

_line if _touched["Device.DNS."]

_line if _touched["Device.Ethernet."]

_line if _touched["Device.IP."]

_line if _touched["Device.PPP."]

_line if _touched["Device.Routing."]

default _management := false

_management if _touched["Device.BulkData."]

_management if _touched["Device.CWMPManagementServer."]

_management if _touched["Device.DeviceInfo."]

_management if _touched["Device.LANConfigSecurity."]

_management if _touched["Device.LocalAgent."]

_management if _touched["Device.ManagementServer."]

_management if _touched["Device.MQTT."]

_management if _touched["Device.RadSecProxy."]

_management if _touched["Device.SSH."]

_management if _touched["Device.STOMP."]

_management if _touched["Device.Security."]

_management if _touched["Device.USPServices."]

_management if _touched["Device.UnixDomainSockets."]

_management if _touched["Device.UPnP."]

_management if _touched["Device.UserInterface."]

_management if _touched["Device.Users."]

_management if _touched["Device.WebSocket."]

_management if _touched["Device.XMPP."]

default _queues := false

_queues if _touched["Device.QoS."]

default _resets := false

_resets if _touched["Device.FactoryReset()"]

_resets if _touched["Device.Reboot()"]

default _service := false

_service if _touched["Device.CaptivePortal."]

_service if _touched["Device.DHCPv4."]

_service if _touched["Device.DNS."]

_service if _touched["Device.Ethernet."]

_service if _touched["Device.IP."]

_service if _touched["Device.PPP."]

_service if _touched["Device.Services."]

default _six := false

_six if _touched["Device.DHCPv6."]

default _upkeep := false

_upkeep if _touched["Device.Syslog."]

_upkeep if _touched["Device.Time."]

default _voice := false

_voice if _touched["Device.Firewall."]

_voice if _touched["Device.Services."]

default _wifi := false

_wifi if _touched["Device.WiFi."]
