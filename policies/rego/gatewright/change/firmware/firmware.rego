# METADATA
# title: Firmware and software
# description: What runs on a device is rolled out by its own process, not changed home by home
package gatewright.change.firmware

import rego.v1

_families := {"Device.DeviceInfo.FirmwareImage.", "Device.SoftwareModules."}

# METADATA
# title: Firmware is not changed from here
# description: Firmware and software are not changed from here.
# custom:
#   code: firmware.not_from_here
#   severity: deny
#   remedy: Use the firmware rollout of the operator.
deny contains {"code": "firmware.not_from_here", "path": path} if some path in _touched

_touched contains change.path if {
	some change in input.plan.changes["Device.DeviceInfo.BootFirmwareImage"]
}

_touched contains change.path if {
	some family in (_families & {touched | some touched in input.plan.objects})
	some template in object.keys(input.plan.changes)
	startswith(template, family)
	some change in input.plan.changes[template]
}
