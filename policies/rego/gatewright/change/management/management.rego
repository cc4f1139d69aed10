# METADATA
# title: Who manages the device
# description: Whoever can change these takes the device away from its operator
package gatewright.change.management

import rego.v1

_families := {
	"Device.BulkData.",
	"Device.CWMPManagementServer.",
	"Device.DeviceInfo.VendorConfigFile.",
	"Device.LANConfigSecurity.",
	"Device.LocalAgent.",
	"Device.ManagementServer.",
	"Device.MQTT.",
	"Device.RadSecProxy.",
	"Device.SSH.",
	"Device.STOMP.",
	"Device.Security.",
	"Device.USPServices.",
	"Device.UnixDomainSockets.",
	"Device.UserInterface.",
	"Device.Users.",
	"Device.WebSocket.",
	"Device.XMPP.",
}

# UPnP lets whatever is in the home manage the device, where it is told to.
_switches := {
	"Device.UPnP.Device.UPnPDMBasicMgmt",
	"Device.UPnP.Device.UPnPDMConfigurationMgmt",
	"Device.UPnP.Device.UPnPDMSoftwareMgmt",
}

# METADATA
# title: Out of reach of machines and language models
# description: No job and no language model may touch what manages the device, whoever approves.
# custom:
#   code: management.out_of_reach
#   severity: deny
#   remedy: A person can change it in the provisioning system.
deny contains {"code": "management.out_of_reach", "path": path} if {
	not _by_hand
	some path in _touched
}

# METADATA
# title: Not changed from here
# description: What manages the device is not changed from here, so that it is not lost by mistake.
# custom:
#   code: management.locked
#   severity: deny
#   remedy: Change it in the provisioning system.
deny contains {"code": "management.locked", "path": path} if some path in _touched

_by_hand if {
	input.asker.kind == "person"
	input.author in {"rules", "person"}
}

_touched contains change.path if {
	some template in _switches
	some change in input.plan.changes[template]
}

_touched contains change.path if {
	some family in (_families & {touched | some touched in input.plan.objects})
	some template in object.keys(input.plan.changes)
	startswith(template, family)
	some change in input.plan.changes[template]
}
